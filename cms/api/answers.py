"""What every answer of the API has: a language, an ETag, who may read it, how long it keeps."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_cache_control, patch_vary_headers

LANGUAGES = dict(settings.LANGUAGES)
KEEPS = 60
"""Seconds for which a public answer may be shown again without asking."""

Run = Callable[..., HttpResponse]


def finished(run: Run) -> Run:
    """Wrap an operation, its checks and its errors included."""

    @wraps(run)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        language = language_of(request)
        with translation.override(language):
            answer = run(request, *args, **kwargs)
        answer["Content-Language"] = language
        return _own(answer) if getattr(request, "is_own", False) else _public(request, answer)

    return wrapped


def language_of(request: HttpRequest) -> str:
    """`?lang=` decides, never a cookie: one address is one answer."""
    asked = request.GET.get("lang", "")
    return asked if asked in LANGUAGES else settings.LANGUAGE_CODE


def mark_own(request: HttpRequest) -> None:
    """Say that the answer is for this person alone: whoever asks a row's scope by user says it.

    Read from the address it would depend on how a boolean may be spelt there.
    """
    request.is_own = True  # type: ignore[attr-defined]


def _own(answer: HttpResponse) -> HttpResponse:
    """No other site's script and no shared cache gets what only one person may see."""
    patch_cache_control(answer, private=True, no_store=True)
    patch_vary_headers(answer, ["Cookie"])
    return answer


def _public(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Access-Control-Expose-Headers"] = "ETag, Retry-After"
    # Pages are closed to others by the site's policy; data is there to be used elsewhere.
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    if answer.status_code != 200:
        patch_cache_control(answer, no_store=True)
        return answer
    if "Cache-Control" not in answer:
        patch_cache_control(answer, public=True, max_age=KEEPS)
    answer["ETag"] = _etag(answer.content)
    return _unchanged(answer) if _has(request, answer["ETag"]) else answer


def _etag(content: bytes) -> str:
    return f'W/"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'


def _has(request: HttpRequest, etag: str) -> bool:
    """Compare weakly (RFC 9110, 13.1.2): a proxy that compresses may have dropped the W/."""
    known = [tag.strip().removeprefix("W/") for tag in _tags(request)]
    return "*" in known or etag.removeprefix("W/") in known


def _tags(request: HttpRequest) -> list[str]:
    return request.headers.get("If-None-Match", "").split(",")


def _unchanged(answer: HttpResponse) -> HttpResponse:
    empty = HttpResponse(status=304)
    del empty["Content-Type"]
    for name, value in answer.items():
        if name not in ("Content-Type", "Content-Length"):
            empty[name] = value
    return empty
