"""`manage.py check --deploy`: whether browsers may send videos to the bucket of originals."""

import json
from fnmatch import fnmatchcase
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from cms.videos.uploads.direct import arrivals, protocol, rights
from cms.videos.uploads.direct.faults import BucketRefuses, BucketUnavailable


@register(deploy=True)
def check_bucket_takes_uploads(**_: Any) -> list[CheckMessage]:
    """Say what the bucket's CORS rules lack, and give the rules that are right."""
    if not protocol.is_offered():
        return []
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


@register(deploy=True)
def check_bucket_grants_rights(**_: Any) -> list[CheckMessage]:
    """Say which rights on the bucket the site's keys lack, by trying each."""
    if not protocol.is_offered():
        return []
    refused = rights.lacking(arrivals.bucket())
    return [
        Error(
            f"The bucket of originals does not grant {right}: {said}",
            hint="docs/operator.md has the policy that uploads need.",
            id="siar.E021",
        )
        if isinstance(said, BucketRefuses)
        else Warning(f"{right} on the bucket of originals cannot be tried: {said}", id="siar.W021")
        for right, said in refused.items()
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
