"""Inside the web process too, channels ask no database: these tests have none."""

import asyncio
from collections.abc import Iterator
from copy import copy
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from django.contrib.auth import get_user_model

from benchmarks.origin import made_publication
from cms import asgi
from cms.core.door import Door
from media_pipeline.model.keys import publication_file, rundown_file
from media_pipeline.model.publication import encode_publication
from media_pipeline.model.rundown import Rundown, encode_value
from media_pipeline.model.ticks import ticks_of
from media_pipeline.origin import create_origin
from media_pipeline.playout import Item, Reel, append
from media_pipeline.stores import LocalStore


@pytest.fixture
def door(tmp_path) -> Iterator[Door]:
    """The web process as it is, with a channel on air in a store of this test."""
    store, now = LocalStore(tmp_path), datetime.now(UTC)
    made = made_publication(10, 400)
    store.write(publication_file(made.id), encode_publication(made))
    item = Item("a", Reel.of(made), "programme", "Contoh")
    empty = Rundown("contoh", "Contoh", "Asia/Jakarta", 1, now, (), slate=made.id)
    rundown = append(empty, item, start=ticks_of(now - timedelta(seconds=90)))
    store.write(rundown_file("contoh"), encode_value(rundown))
    origin = create_origin(store, media_url="/media/", clock=lambda: datetime.now(UTC))
    served = copy(asgi.application)
    served._origin = origin
    served._folders = tuple(
        (prefix, origin if prefix == "/media/" else app) for prefix, app in served._folders
    )
    yield served
    origin.stop()


def test_the_database_is_out_of_reach_here() -> None:
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        get_user_model().objects.count()


@pytest.mark.parametrize(
    "path",
    [
        "/live/contoh/master.m3u8",
        "/live/contoh/v144.m3u8",
        "/live/contoh/manifest.mpd",
        "/live/contoh/dvr/v144.m3u8",
        "/live/clock.txt",
        f"/vod/{10:032x}/v144.m3u8",
        f"/media/publications/{10:032x}/publication.json",
    ],
)
def test_what_viewers_of_a_channel_ask_for_comes_without_a_database(door, path) -> None:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=door)
        async with httpx.AsyncClient(transport=transport, base_url="http://siar") as client:
            return await client.get(path)

    assert asyncio.run(ask()).status_code == 200
