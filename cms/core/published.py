"""The published store: what viewers fetch. Which store it is, settings say."""

from functools import cache
from typing import Any
from urllib.parse import quote

from django.conf import settings

from media_pipeline.stores import LocalStore, Store, open_store


def store() -> Store:
    """Return the store that `settings.PUBLISHED` names, opened once in a process.

    A new install's folder is made; one that vanishes later is StoreUnavailable.
    """
    return _opened(tuple(sorted(settings.PUBLISHED.items())))


@cache
def _opened(items: tuple[tuple[str, Any], ...]) -> Store:
    opened = open_store(dict(items))
    if isinstance(opened, LocalStore):
        opened.create()
    return opened


def url(key: str) -> str:
    """Return the address where viewers fetch `key`."""
    return settings.PUBLISHED_URL + quote(key)
