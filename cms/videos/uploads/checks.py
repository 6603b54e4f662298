"""`manage.py check --deploy`: whether browsers may send videos to the bucket of originals."""

import json
from fnmatch import fnmatchcase
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from cms.videos.uploads import arrivals, direct


@register(deploy=True)
def check_bucket_takes_uploads(**_: Any) -> list[CheckMessage]:
    """Say what the bucket's CORS rules lack, and give the rules that are right."""
    if not direct.is_offered():
        return []
    from cms.videos.uploads.bucket import BucketUnavailable

    pages = [f"https://{host}" for host in settings.ALLOWED_HOSTS]
    try:
        rules = arrivals.bucket().cors()
    except BucketUnavailable as wrong:
        return [
            Warning(
                f"The CORS rules of the bucket of originals cannot be read: {wrong}",
                hint=_hint(pages),
                id="siar.W020",
            )
        ]
    shut = [page for page in pages if not any(_lets(rule, page) for rule in rules)]
    if not shut:
        return []
    return [
        Error(
            f"The bucket of originals takes no uploads from {', '.join(shut)}.",
            hint=_hint(pages),
            id="siar.E020",
        )
    ]


def _lets(rule: dict[str, Any], page: str) -> bool:
    """Return whether a CORS rule lets `page` PUT."""
    origins = rule.get("AllowedOrigins", [])
    return "PUT" in rule.get("AllowedMethods", []) and any(
        fnmatchcase(page, pattern) for pattern in origins
    )


def _hint(pages: list[str]) -> str:
    rules = {
        "CORSRules": [{"AllowedOrigins": pages, "AllowedMethods": ["PUT"], "MaxAgeSeconds": 3600}]
    }
    return (
        "Run: aws s3api put-bucket-cors --bucket BUCKET --cors-configuration "
        f"'{json.dumps(rules)}' (or set SIAR_DIRECT_UPLOADS=false to send through the site)."
    )
