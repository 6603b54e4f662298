"""Which videos, products, channels and pictures an article may show.

An article may use what belongs to its own co-operative or to one below it, and
what the public may see of those above it (they are its parents: their programmes
are also its own). Nothing of the co-operatives beside it. The form asks with the
person who writes; rendering asks without one, and for public things only.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from wagtail.blocks import StreamValue
from wagtail.images import get_image_model

from cms.channels.models import Channel
from cms.cooperatives.access import Person
from cms.cooperatives.models import Cooperative, paths_up
from cms.cooperatives.visibility import choosable_rows
from cms.traders.models import Product
from cms.videos.models import Video

PATHS: dict[str, tuple[type[Model], str]] = {
    "video": (Video, "cooperative"),
    "product": (Product, "stall__cooperative"),
    "channel": (Channel, "cooperative"),
}
"""Kinds of block that hold an id, and the way from the row to its co-operative."""


def shown(kind: str, ids: Iterable[int], cooperative: Cooperative | None) -> QuerySet[Any]:
    """Return the rows of `kind` among `ids` that readers of `cooperative`'s article may see."""
    model, path = PATHS[kind]
    public = model.objects.public()  # type: ignore[attr-defined]
    return public.filter(_in_line(path, cooperative), pk__in=list(ids))


def choosable(kind: str, user: Person, cooperative: Cooperative | None) -> QuerySet[Any]:
    """Return the rows of `kind` that `user` may put into an article of `cooperative`."""
    model, path = PATHS[kind]
    rows = model.objects.filter(_in_line(path, cooperative))  # type: ignore[attr-defined]
    own = model.objects.visible_to(user).values("pk")  # type: ignore[attr-defined]
    public = model.objects.public().values("pk")  # type: ignore[attr-defined]
    return rows.filter(Q(pk__in=own) | Q(pk__in=public))


def refusals(
    body: StreamValue, user: Person, cooperative: Cooperative | None, held: StreamValue | None
) -> dict[int, str]:
    """Return, by place in `body`, a sentence for each block that holds what it may not.

    Pictures that the article held already may stay: they may come from the editors above.
    """
    found: dict[int, str] = {}
    for kind in PATHS:
        places = {
            i: block.value.pk
            for i, block in enumerate(body)
            if block.block_type == kind and block.value is not None
        }
        if places:
            rows = choosable(kind, user, cooperative).filter(pk__in=set(places.values()))
            allowed = set(rows.values_list("pk", flat=True))
            found |= {i: _sentence(kind) for i, pk in places.items() if pk not in allowed}
    return found | _strange_pictures(body, user, held)


def _strange_pictures(body: StreamValue, user: Person, held: StreamValue | None) -> dict[int, str]:
    places = {i: found for i, block in enumerate(body) if (found := _pictures(block))}
    if not places:
        return {}
    wanted = set().union(*places.values())
    rows = choosable_rows(user, get_image_model()).filter(pk__in=wanted)
    allowed = set(rows.values_list("pk", flat=True)).union(*map(_pictures, held or ()))
    return {i: _sentence("picture") for i, found in places.items() if found - allowed}


def _pictures(block: StreamValue.StreamChild) -> set[int]:
    """Return the ids of the images in `block`, which is a picture, a gallery or something else."""
    if block.block_type not in ("picture", "gallery"):
        return set()
    pictures = block.value if block.block_type == "gallery" else [block.value]
    return {picture["image"].pk for picture in pictures if picture["image"] is not None}


def _sentence(kind: str) -> str:
    return {
        "video": _("Video ini milik koperasi lain. Pilih video dari koperasi Anda."),
        "product": _("Produk ini milik koperasi lain. Pilih produk dari koperasi Anda."),
        "channel": _("Saluran ini milik koperasi lain. Pilih saluran dari koperasi Anda."),
        "picture": _("Gambar ini milik koperasi lain. Pilih gambar dari koleksi Anda."),
    }[kind]


def _in_line(path: str, cooperative: Cooperative | None) -> Q:
    """Rows of `cooperative`, of those below it, and of those above it."""
    if cooperative is None:
        return Q(pk__in=())
    own, *above = paths_up(cooperative.path)
    return Q(**{f"{path}__path__startswith": own}) | Q(**{f"{path}__path__in": above})
