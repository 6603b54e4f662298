"""Work on a title that is killed, stopped or left alone by its store: in a folder and in a bucket.

What is tried on a local store and on S3 (marked `both_stores`, or with a store of either kind):

| scenario | test |
| --- | --- |
| the same bytes in both, the file to keep among them | test_distant_store |
| kill -9 and going on, cancel, a store that goes away | here |
| growing titles, on demand, takedown, a store that is away while it plays | origin/test_growing, test_vod |
| journal of what was on air | origin/test_journal |
| encoding again, cleaning up, cancel, takedown, deletion, captions of the CMS | videos/test_worker |
| a bucket that is away for a minute: store, originals | videos/test_store_away |
| originals elsewhere, by ranges | test_distant_original, videos/test_fetching |
| reads and writes, half bodies, throttling, full disk, no part left | stores/test_stores, test_faults |
"""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from media_pipeline import pipeline
from media_pipeline.errors import Cancelled, StoreUnavailable
from media_pipeline.model import keys
from media_pipeline.stores import Store, open_store, s3
from tests.s3_stand_in import serving

from .conftest import ID

# Some tests start a worker in another process, which encodes with the real presets.
pytestmark = [pytest.mark.both_stores, pytest.mark.usefixtures("real_presets")]
NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)

WORKER = """
import datetime, json, pathlib, sys
from media_pipeline import pipeline
from media_pipeline.stores import open_store
film, scratch, settings, name = sys.argv[1:]
pipeline.publish(pathlib.Path(film), open_store(json.loads(settings)), name,
    on_progress=lambda p: None, cancelled=lambda: False, scratch=pathlib.Path(scratch),
    now=lambda: datetime.datetime(2026, 11, 24, 6, tzinfo=datetime.UTC))
"""


@pytest.fixture(scope="module")
def long_film(film) -> Path:
    return film("both.mp4", size="128x96", seconds=21)


@pytest.fixture
def settings(store_kind: str, tmp_path: Path, request) -> dict[str, str]:
    if store_kind == "s3":
        return request.getfixturevalue("s3_settings")
    (tmp_path / "published").mkdir()
    return {"kind": "local", "folder": str(tmp_path / "published")}


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    (tmp_path / "scratch").mkdir()
    return tmp_path / "scratch"


def publish(path: Path, store: Store, scratch: Path, **given):
    quiet = {"on_progress": lambda _progress: None, "cancelled": lambda: False, "now": lambda: NOW}
    return pipeline.publish(path, store, ID, scratch=scratch, **quiet | given)


def everything(store: Store) -> dict[str, bytes]:
    return {key: store.read(key) for key in store.keys("")}


def test_a_worker_that_is_killed_is_followed_by_one_that_changes_no_byte(
    long_film, settings, scratch, tmp_path
):
    store = open_store(settings)
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(long_film), str(scratch), json.dumps(settings), ID],
        cwd=Path(__file__).parents[3],
    )
    deadline = time.monotonic() + 120
    while not any(key.endswith("/opening.json") for key in store.keys(keys.publication_folder(ID))):
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    publish(long_film, store, scratch)
    (tmp_path / "whole").mkdir()
    whole = open_store({"kind": "local", "folder": tmp_path / "whole"})
    publish(long_film, whole, scratch)
    assert everything(store) == everything(whole)
    assert list(scratch.iterdir()) == []


def test_a_title_that_is_cancelled_leaves_nothing(long_film, settings, scratch):
    store, asked = open_store(settings), []

    def look(progress: pipeline.Progress) -> None:
        if progress.publication is not None:
            asked.append(progress)

    with pytest.raises(Cancelled):
        publish(long_film, store, scratch, on_progress=look, cancelled=lambda: bool(asked))
    assert everything(store) == {}
    assert list(scratch.iterdir()) == []


def test_a_store_that_goes_away_in_the_middle_is_gone_on_with(
    long_film, settings, scratch, store_kind, monkeypatch
):
    monkeypatch.setattr(s3, "_ATTEMPTS", 1)
    with serving() as line:
        given = settings | ({"endpoint": line.endpoint} if store_kind == "s3" else {})
        store = open_store(given)

        def look(progress: pipeline.Progress) -> None:
            if progress.publication is None:
                return
            line.fault = lambda _method, _path: "away"
            if store_kind == "local" and store.folder.is_dir():
                store.folder.rename(store.folder.with_name("away"))

        with pytest.raises(StoreUnavailable) as away:
            publish(long_film, store, scratch, on_progress=look)
        assert away.value.retryable
        assert list(scratch.iterdir()) == []
    if store_kind == "local":
        store.folder.with_name("away").rename(store.folder)
    store = open_store(settings)
    assert store.version(keys.job_file(ID))
    assert publish(long_film, store, scratch).state == "whole"
