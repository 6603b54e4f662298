"""Addresses made of names."""

from django.db.models import QuerySet
from django.utils.text import slugify

COUNTED = 8
"""Characters kept for the number behind a name that is taken."""


def free_slug(taken: QuerySet, name: str, otherwise: str) -> str:
    """Return a slug of `name` that no row of `taken` has: bawang, bawang-2, bawang-3 …

    `otherwise` is for names of which nothing is left in an address. It fits the
    model's field.
    """
    longest = taken.model._meta.get_field("slug").max_length
    stem = slugify(name)[: longest - COUNTED] or otherwise
    used = set(taken.filter(slug__startswith=stem).values_list("slug", flat=True))
    number, slug = 1, stem
    while slug in used:
        number += 1
        slug = f"{stem}-{number}"
    return slug
