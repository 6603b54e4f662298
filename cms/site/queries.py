"""What a visitor asks for in an address, read so that no text can do harm."""

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from urllib.parse import urlencode

from django.db.models import Case, Model, Q, QuerySet, Value, When
from django.http import HttpRequest

from cms.cooperatives.models import Region
from cms.videos.models import Category

LONGEST = 80
"""Characters of a search; more is no question."""
WORDS = 6


def text_of(request: HttpRequest, name: str) -> str:
    """Return a parameter without control characters: PostgreSQL refuses a null byte."""
    text = request.GET.get(name, "")
    return "".join(c for c in text if c.isprintable()).strip()[:LONGEST]


def terms_of(question: str) -> list[str]:
    """Return the words of a question, a few of them."""
    return question.split()[:WORDS]


def any_of(fields: Iterable[str], word: str) -> Q:
    """One of `fields` has `word` in it, in capitals or not."""
    return reduce(or_, (Q(**{f"{field}__icontains": word}) for field in fields))


def matching[Row: Model](
    rows: QuerySet[Row], fields: Sequence[str], question: str
) -> QuerySet[Row]:
    """Return the rows in which each word of `question` stands in one of `fields`.

    Fields of other tables must lead to one row at most, or a row is found twice.
    """
    for word in terms_of(question):
        rows = rows.filter(any_of(fields, word))
    return rows


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


def region_first[Row: Model](
    rows: QuerySet[Row], region: Region | None, path: str
) -> QuerySet[Row]:
    """Return `rows` with those of the visitor's wilayah in front, else in the same order.

    `path` leads from a row to its region: "cooperative__region".
    """
    if region is None:
        return rows
    order = tuple(rows.query.order_by or rows.model._meta.ordering or ())
    own = Case(When(**{path: region}, then=Value(0)), default=Value(1))
    return rows.order_by(own, *order)
