"""What a visitor asks for in an address, read so that no text can do harm."""

from urllib.parse import urlencode

from django.http import HttpRequest

from cms.cooperatives.models import Region
from cms.videos.models import Category

LONGEST = 80
"""Characters of a search; more is no question."""


def text_of(request: HttpRequest, name: str) -> str:
    """Return a parameter without control characters: PostgreSQL refuses a null byte."""
    text = request.GET.get(name, "")
    return "".join(c for c in text if c.isprintable()).strip()[:LONGEST]


def chosen_category(request: HttpRequest) -> Category | None:
    """Return the rubrik of `?rubrik=`; None for none and for one that is not there."""
    return Category.objects.filter(slug=text_of(request, "rubrik")).first()


def chosen_region(request: HttpRequest) -> Region | None:
    """Return the wilayah of `?wilayah=`, as above."""
    return Region.objects.filter(slug=text_of(request, "wilayah")).first()


def with_query(**chosen: Category | Region | str | None) -> str:
    """Return what stands before `halaman=` in links to other pages: "rubrik=dapur&"."""
    pairs = {k: v if isinstance(v, str) else v.slug for k, v in chosen.items() if v}
    return f"{urlencode(pairs)}&" if pairs else ""
