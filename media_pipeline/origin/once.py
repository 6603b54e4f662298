"""Work that is done once for all who wait for it."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable


class Once[K: Hashable, V]:
    """What is being made, by key. Who stops waiting leaves it to the others."""

    def __init__(self) -> None:
        self._making: dict[K, asyncio.Future[V]] = {}

    def is_full(self, key: K, most: int) -> bool:
        """Whether so many others are being made that `key` has no room beside them."""
        return key not in self._making and len(self._making) >= most

    async def made(self, key: K, begin: Callable[[], Awaitable[V]]) -> V:
        """Return what `begin` brings; it is called if nobody waits for `key` yet."""
        making = self._making.get(key)
        if making is None:
            self._making[key] = making = asyncio.ensure_future(begin())
            making.add_done_callback(lambda _: self._making.pop(key, None))
        return await asyncio.shield(making)
