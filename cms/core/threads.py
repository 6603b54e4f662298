"""Django's blocking work beside an event loop."""

import asyncio
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import close_old_connections
from django.utils import translation


async def in_thread[T](work: Callable[..., T], *arguments: Any) -> T:
    """Run `work`, which may use the database, beside the event loop."""
    language = translation.get_language() or settings.LANGUAGE_CODE

    def guarded() -> T:
        close_old_connections()
        try:
            # Django's active language does not come along into the thread.
            with translation.override(language):
                return work(*arguments)
        finally:
            close_old_connections()

    return await asyncio.to_thread(guarded)
