"""An origin on a folder of values, whose clock a test moves."""

import asyncio
import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import msgspec
import pytest

from media_pipeline.model.keys import (
    day_file,
    presentation_file,
    publication_file,
    rundown_file,
)
from media_pipeline.model.publication import Publication, encode_publication
from media_pipeline.model.rundown import Presentation, Rundown, encode_value
from media_pipeline.model.stored import encode_index, split
from media_pipeline.model.ticks import ticks_of
from media_pipeline.origin import Origin, create_origin
from media_pipeline.playout import Item, Reel, append
from media_pipeline.stores import LocalStore, Store, open_store

LAUNCH = datetime(2026, 11, 24, 5, tzinfo=UTC)


class Studio:
    """A store, what is in it, and an origin that serves it."""

    def __init__(self, store: Store, make: Callable[..., Publication]) -> None:
        self.store = store
        self.make = make
        self.now = LAUNCH
        self.reels: dict[str, Reel] = {}
        self.publish("s", 4, 4)
        self.origin = self.start()

    def start(self, name: str = "uji") -> Origin:
        """A fresh origin on the same store."""
        return create_origin(self.store, media_url="/media/", clock=lambda: self.now, name=name)

    def publish(self, name: str, *seconds: float, **more) -> Publication:
        made = self.make(name, tuple(round(s * 90_000) for s in seconds), **more)
        self.store.write(publication_file(made.id), encode_publication(made))
        self.reels[made.id] = Reel.of(made)
        return made

    def items(self, *names: str, **more) -> list[Item]:
        return [
            Item(f"{name}-{n}", self.reels[name * 32], "programme", name.upper(), **more)
            for n, name in enumerate(names)
        ]

    def rundown(self, *names: str, version: int = 1, channel: str = "contoh") -> Rundown:
        empty = Rundown(
            channel, "Saluran Contoh", "Asia/Jakarta", version, LAUNCH, (), slate="s" * 32
        )
        return append(empty, *self.items(*names), start=ticks_of(LAUNCH))

    def air(self, rundown: Rundown, *, whole: bool = False) -> Rundown:
        """Put `rundown` in force; `whole` as it was written before there were day files."""
        index, days = split(rundown)
        for name, data in () if whole else days.items():
            self.store.write(day_file(rundown.channel, name), data)
        written = encode_value(rundown) if whole else encode_index(index)
        self.store.write(rundown_file(rundown.channel), written)
        return rundown

    def present(self, presentation: Presentation) -> None:
        self.store.write(presentation_file(presentation.publication), encode_value(presentation))

    def lose_store(self) -> None:
        """Take the disk, or the bucket, away."""
        if isinstance(self.store, LocalStore):
            self.store.folder.rename(self.store.folder.with_name("away"))
        else:
            self.store.bucket = "away"  # type: ignore[attr-defined]
            self.store._seen = -math.inf  # type: ignore[attr-defined]

    def at(self, seconds: float) -> None:
        """Move the clock, and let the origin look at the store."""
        self.now = LAUNCH + timedelta(seconds=seconds)
        self.origin.refresh()

    def get(self, path: str, method: str = "GET", **headers: str) -> httpx.Response:
        return self._asked([path], method, headers)[0]

    def get_at_once(self, *paths: str) -> list[httpx.Response]:
        return self._asked(paths, "GET", {})

    def _asked(
        self, paths: Sequence[str], method: str, headers: dict[str, str]
    ) -> list[httpx.Response]:
        async def ask() -> list[httpx.Response]:
            # The thread would look at the store by itself; here the test says when.
            self.origin._thread = self.origin._thread or object()  # type: ignore[assignment]
            transport = httpx.ASGITransport(app=self.origin)
            async with httpx.AsyncClient(transport=transport, base_url="http://contoh") as client:
                sent = {k.replace("_", "-"): v for k, v in headers.items()}
                asked = [client.request(method, path, headers=sent) for path in paths]
                return await asyncio.gather(*asked)

        return asyncio.run(ask())


@pytest.fixture
def studio(tmp_path: Path, publication, store_kind: str, request) -> Studio:
    if store_kind == "s3":
        return Studio(open_store(request.getfixturevalue("s3_settings")), publication)
    (tmp_path / "published").mkdir()
    return Studio(LocalStore(tmp_path / "published"), publication)


@pytest.fixture
def edited():
    def edit(rundown: Rundown, **changes) -> Rundown:
        return msgspec.structs.replace(rundown, version=rundown.version + 1, **changes)

    return edit
