"""How exports are answered: for all alike, kept by caches, and not sent to who has them."""

import hashlib
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date

from cms.channels.models import Channel, RundownRecord
from cms.videos.models import Category, Video

STALE = 86_400
"""Seconds for which a cache may show what it has while it asks for another."""


class Kind(NamedTuple):
    """What an export is: its type, for how many seconds it is kept, and its name as a file."""

    content_type: str
    seconds: int
    name: str = ""


def answer(
    request: HttpRequest,
    channels: list[Channel],
    now: datetime,
    kind: Kind,
    make: Callable[[], HttpResponseBase],
) -> HttpResponseBase:
    """Return what `make` gives for `channels` as what `kind` says; 304 for who has it.

    It is made only if it must be: what decides is asked of the database in five queries,
    however many channels there are.
    """
    hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    state, changed = _state(channels)
    etag = _etag(request.build_absolute_uri(), hour, state)
    last = int(max(hour, changed or hour).timestamp())
    known = get_conditional_response(request, etag, last)
    if known is not None and known.status_code == 304:
        return _with_headers(known, etag, last, kind.seconds)
    # As a stream nobody says that it is nothing long (RFC 9110, 8.6).
    made = StreamingHttpResponse(_nothing()) if request.method == "HEAD" else make()
    made["Content-Type"] = kind.content_type
    if kind.name:
        made["Content-Disposition"] = f'attachment; filename="{kind.name}"'
    return _with_headers(made, etag, last, kind.seconds)


async def _nothing() -> AsyncIterator[bytes]:
    for piece in tuple[bytes, ...]():
        yield piece


def _state(channels: list[Channel]) -> tuple[list[Any], datetime | None]:
    """Return what an export is made of, in short, and when a rundown was written last.

    Of all channels, since one that follows another changes with that one.
    """
    newest = RundownRecord.objects.order_by("-pk").values_list("pk", "written").first()
    public = Video.objects.public()
    videos = public.aggregate(shown=Count("pk"), published=Max("last_published_at"))
    rows = [
        (c.slug, c.name, c.logo_id, c.cooperative.zone, str(c.cooperative.region)) for c in channels
    ]
    categories = list(Category.objects.values_list("pk", "name"))
    return [newest, videos, categories, rows], newest[1] if newest else None


def _etag(*parts: object) -> str:
    # Weak: packed and plain bytes share it.
    return f'W/"{hashlib.blake2b(repr(parts).encode(), digest_size=12).hexdigest()}"'


def _with_headers[Answer: HttpResponseBase](
    response: Answer, etag: str, last: int, seconds: int
) -> Answer:
    response["ETag"], response["Last-Modified"] = etag, http_date(last)
    response["Access-Control-Allow-Origin"] = "*"
    # Pages are closed to others by the site's policy; this is there to be used elsewhere.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    patch_cache_control(response, public=True, max_age=seconds, stale_while_revalidate=STALE)
    return response
