"""The published store: what viewers fetch. Which store it is, settings say."""

from functools import cache
from typing import Any
from urllib.parse import quote

from django.conf import settings

from media_pipeline.stores import Store, open_store


def store() -> Store:
    """Return the store that `settings.PUBLISHED` names, opened once in a process."""
    return _opened(tuple(sorted(settings.PUBLISHED.items())))


@cache
def _opened(items: tuple[tuple[str, Any], ...]) -> Store:
    return open_store(dict(items))


def url(key: str) -> str:
    """Return the address where viewers fetch `key`."""
    return settings.PUBLISHED_URL + quote(key)
