"""Illustrations as pictures of the CMS: covers of articles, photographs of products."""

import io

from django.core.files.images import ImageFile
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage
from wagtail.models import Collection

from cms.cooperatives.models import Cooperative
from cms.demo.films import art, kitchen, svg

WIDTH, HEIGHT = 1280, 720

PICTURES: dict[str, str] = {
    "cabai": art.sky("#f8d27a", "#f3ba50", "#eda12a") + art.TABLE + art.BASKET,
    "tempe": art.sky("#7b1e4e", "#973060", "#b8476f") + art.LEAF + art.TEMPE,
    "sambal": art.sky("#f0a94a", "#d97b2e", "#a5401c")
    + kitchen.SAUCE
    + art.WOK
    + kitchen.SAMBAL
    + "".join(
        f'<g transform="translate({x} {y}) rotate({turn})">{art.CUBE}</g>'
        for x, y, turn in ((128, 58, -18), (182, 84, 28), (118, 112, 14), (160, 128, -24))
    ),
    "buku": art.sky("#0b6a3c", "#1f7a4c", "#3f9a6a") + art.BOOK,
    "kemasan": art.sky("#ffdf9b", "#f8c478", "#f2a85a") + art.TABLE + art.jar(art.LABEL),
    "pasar": art.DAWN
    + art.HILLS
    + '<path d="M0 158h320v22H0z" fill="#1b0a14"/>'
    + f'<g transform="translate(14 66)">{art.stall("#fff", "#c21b17")}</g>'
    + f'<g transform="translate(164 66)">{art.stall("#f6b52b", "#0b6a3c")}</g>',
    "rempah": art.sky("#cfe6ef", "#a9d3e3", "#8fc0d6")
    + f'<g transform="translate(0 12)">{art.ISLANDS}</g>'
    + f'<g transform="translate(150 72)">{art.BOAT}</g>',
    "ikan": art.sky("#bfe0ea", "#8fc7d8", "#5a9fb8")
    + f'<g transform="translate(60 70) rotate(8)">{art.FISH}</g>'
    + f'<g transform="translate(116 116) rotate(-8)">{art.FISH}</g>',
    "timur": art.sky("#f7b267", "#f4845f", "#7b2d43")
    + '<circle cx="120" cy="96" r="34" fill="#ffe1a3"/><path d="M0 132h320v48H0z" fill="#1f5c6b"/>'
    + f'<g transform="translate(190 30)">{art.PALM}</g>',
    "harga": art.sky("#123f6e", "#1d5690", "#2a6fae")
    + '<g fill="#f6b52b"><path d="M40 104h26v38H40zM84 88h26v54H84zM128 96h26v46h-26z"/>'
    '<path d="M172 66h26v76h-26zM216 78h26v64h-26z"/><path d="M260 52h26v90h-26z" fill="#fff"/></g>'
    '<path d="M53 90l44-18 44 10 44-34 44 12 44-28" fill="none" stroke="#ff8d72" stroke-width="5"/>',
    "bawang": art.sky("#dbe8c9", "#bdd4aa", "#9dc08a")
    + '<path d="M0 130h320v50H0z" fill="#6d8f58"/>'
    + "".join(
        f'<g transform="translate({x} {y}) rotate({turn})">{art.ONION}</g>'
        for x, y, turn in (
            (126, 74, -12),
            (190, 70, 14),
            (92, 116, -20),
            (228, 116, 20),
            (160, 112, 0),
        )
    ),
    "beras": art.sky("#9cc3e8", "#bcd7ef", "#dbeaf6")
    + '<path d="M0 142h320v38H0z" fill="#7a5a3a"/>'
    + f'<g transform="translate(60 0)">{art.SACK}</g>',
    "telur": art.sky("#f2e3d5", "#ead3bd", "#d9b48f")
    + art.TABLE
    + f'<g transform="translate(100 62)">{art.EGGS}</g>',
}


def do_ensure_picture(name: str, cooperative: Cooperative) -> AbstractImage:
    """Return the picture `name` in the co-operative's collection, drawn if it is not there yet."""
    cooperative.refresh_from_db(fields=["collection"])
    collection = cooperative.collection or Collection.get_first_root_node()
    title = f"{name.capitalize()} (contoh)"
    held = get_image_model().objects.filter(title=title, collection=collection).first()
    if held:
        return held
    file = ImageFile(io.BytesIO(drawn(name)), name=f"contoh-{name}-{cooperative.slug}.png")
    return get_image_model().objects.create(title=title, file=file, collection=collection)


def drawn(name: str) -> bytes:
    """Return a picture as PNG, 1280 by 720."""
    picture = svg.draw(PICTURES[name], WIDTH, HEIGHT, art.WIDE).convert("RGB")
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()
