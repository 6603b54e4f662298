"""A body, block by block, as it is shown now.

What an id names may have been withdrawn, deleted, unpublished or never have been
this co-operative's. Readers then see nothing in its place; the editor, in the
preview, a quiet note.
"""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from wagtail.blocks import StreamValue
from wagtail.blocks.list_block import ListValue
from wagtail.images import get_image_model
from wagtail.models import Page

from cms.articles import scope
from cms.channels import guide
from cms.cooperatives.models import Cooperative
from cms.core import clock
from cms.core.formats import lama
from cms.traders.tiles import product_card
from cms.videos.covers import cover_url
from cms.videos.models import Video

RELATED = {
    "video": ("media", "cover_image"),
    "product": ("stall__cooperative", "image"),
    "channel": ("cooperative",),
}
IN_GALLERY = ("fill-360x360|format-webp", "width-1280|format-webp")
"""What the template of a gallery shows of a picture, and what a tap on it opens."""


@dataclass(frozen=True)
class Part:
    """One block to be shown: a template of templates/articles/blocks and what it needs."""

    kind: str
    value: Any
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def template(self) -> str:
        """Path of the block's template."""
        return f"articles/blocks/{self.kind}.html"


def parts_of(
    body: StreamValue, cooperative: Cooperative | None, place: str, *, preview: bool = False
) -> list[Part]:
    """Return what is shown of the body of `cooperative`'s article.

    `place` is where taps on its product cards are made. In a preview there are
    notes to the editor where readers see nothing.
    """
    rows = _rows(body, cooperative)
    shown: list[Part] = []
    first = True
    for block in body:
        value = _value(block.block_type, block.value, rows)
        if value is None:
            shown += [Part("missing", _missing(block.block_type))] if preview else []
            continue
        shown.append(_part(block.block_type, value, place, player=first))
        first = first and block.block_type != "video"
    return shown


def _value(kind: str, value: Any, rows: dict[str, dict[int, Any]]) -> Any:
    """Return what a block shows, None for nothing."""
    if kind in scope.PATHS:
        return rows[kind].get(value.pk) if value is not None else None
    if kind == "links":
        return _open_links(value)
    if kind == "picture" and value["image"] is None:
        return None
    if kind == "gallery":
        return _gallery(value)
    return value


def _rows(body: StreamValue, cooperative: Cooperative | None) -> dict[str, dict[int, Any]]:
    """Fetch everything that the body names, one query a kind."""
    found: dict[str, dict[int, Any]] = {}
    for kind, related in RELATED.items():
        ids = {b.value.pk for b in body if b.block_type == kind and b.value is not None}
        rows = scope.shown(kind, ids, cooperative).select_related(*related) if ids else ()
        found[kind] = {row.pk: row for row in rows}
    return found


def _part(kind: str, value: Any, place: str, *, player: bool) -> Part:
    if kind == "video":
        return Part(kind, value, _video(value, player=player))
    if kind == "product":
        return Part(kind, value, {"card": product_card(value, place, promoted=True)})
    if kind == "channel":
        return Part(kind, value, {"now": guide.on_air(value, clock.now())})
    return Part(kind, value)


def _video(video: Video, *, player: bool) -> dict[str, Any]:
    """Give a player to the first video and a link to each other one: data is paid for."""
    length = lama(video.media.duration_ms / 1000)
    tile = {
        "url": video.page_url,
        "title": video.title,
        "cover": cover_url(video),
        "length": length,
        "note": video.category.name if video.category else "",
    }
    return {
        "player": player,
        "src": video.media.playlist_url,
        "tile": tile,
    }


def _gallery(pictures: ListValue) -> list[dict[str, Any]] | None:
    """Return the pictures whose images exist, None without any; two queries fetch their files."""
    present = [picture for picture in pictures if picture["image"] is not None]
    ids = [picture["image"].pk for picture in present]
    images = get_image_model().objects.prefetch_renditions(*IN_GALLERY).in_bulk(ids)
    return [{**each, "image": images[each["image"].pk]} for each in present] or None


def _open_links(links: Any) -> Any:
    """Return heading and links that lead somewhere, None when none is left."""
    found = []
    for link in links["links"]:
        page: Page | None = link["page"]
        open_ = page is not None and page.live and not page.get_view_restrictions().exists()
        address = page.get_url() if open_ and page is not None else link["url"]
        if address:
            found.append({"title": link["title"], "url": address, "outside": not open_})
    return {"heading": links["heading"], "links": found} if found else None


def _missing(kind: str) -> str:
    """Say to the editor what readers do not see."""
    return {
        "video": _("Video di sini tidak tampil: ditarik, dihapus, atau belum terbit."),
        "product": _("Produk di sini tidak tampil: dihapus atau tidak dijual lagi."),
        "channel": _("Siaran di sini tidak tampil: salurannya ditutup atau belum mengudara."),
        "picture": _("Gambar di sini tidak tampil: sudah dihapus."),
        "gallery": _("Galeri di sini tidak tampil: semua gambarnya sudah dihapus."),
        "links": _("Daftar tautan di sini tidak tampil: tidak ada halaman yang terbuka."),
    }[kind]
