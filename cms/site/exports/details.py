"""What an export tells of the videos behind programmes, asked for once for many channels."""

from collections.abc import Iterable
from dataclasses import dataclass

from cms.videos.covers import cover_url
from cms.videos.models import Video

_MOST = 5_000
"""Videos to remember while one document is written."""


@dataclass(frozen=True)
class Detail:
    """A video that the public may see; `cover` is an address or ""."""

    slug: str
    description: str
    category: str
    language: str
    cover: str


class Details:
    """The details of videos by key. Channels that follow another show the same ones."""

    def __init__(self) -> None:
        self._found: dict[str, Detail | None] = {}

    def of(self, keys: Iterable[str]) -> dict[str, Detail]:
        """Return what is known of `keys`; those that the public may not see are left out."""
        wanted = set(keys) - {""}
        if len(self._found) > _MOST:
            self._found.clear()
        missing = wanted - self._found.keys()
        if missing:
            self._found |= dict.fromkeys(missing) | _read(missing)
        return {key: found for key in wanted if (found := self._found[key]) is not None}


def _read(keys: set[str]) -> dict[str, Detail]:
    rows = Video.objects.public().filter(key__in=keys)
    rows = rows.select_related("media", "category", "cover_image")
    return {str(row.key): _detail(row) for row in rows.prefetch_related("cover_image__renditions")}


def _detail(row: Video) -> Detail:
    category = row.category.name if row.category else ""
    return Detail(row.slug, row.description, category, row.language, cover_url(row))
