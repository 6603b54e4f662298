"""Stores that fail in the middle: tried again, named, and never half a file to be seen."""

import errno
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from media_pipeline.errors import StoreUnavailable
from media_pipeline.stores import LocalStore, open_store, s3
from tests.s3_stand_in import StandIn, serving

LARGE = bytes(range(256)) * 80_000
"""20 MB: three parts."""


@pytest.fixture(scope="module")
def server() -> Iterator[StandIn]:
    with serving() as stand_in:
        yield stand_in


@pytest.fixture
def line(server: StandIn, s3_settings, monkeypatch) -> StandIn:
    """The server in good order, with a client that does not wait long."""
    server.fault = lambda _method, _path: ""
    server.now = lambda: datetime.now(UTC)
    server.forget()
    monkeypatch.setattr(s3, "_ATTEMPTS", 2)
    return server


@pytest.fixture
def store(line: StandIn, s3_settings):
    return open_store(s3_settings | {"endpoint": line.endpoint})


def once(*faults: str, method: str):
    """The first requests of `method` meet `faults`, one each."""
    left = list(faults)

    def fault(asked: str, _path: str) -> str:
        return left.pop(0) if asked == method and left else ""

    return fault


def parts(store) -> list[str]:
    found = store._client.list_multipart_uploads(Bucket=store.bucket)
    return sorted(upload["Key"] for upload in found.get("Uploads", ()))


@pytest.mark.parametrize("fault", ["away", "slow down", "half"])
def test_a_request_that_fails_once_is_not_noticed(store, line, fault):
    store.write("a/b", LARGE)
    line.fault = once(fault, method="GET")
    assert store.read("a/b") == LARGE
    line.fault = once("half sent" if fault == "half" else fault, method="PUT")
    store.write("a/c", b"new")
    assert store.read("a/c") == b"new"


def test_a_bucket_that_is_away_says_so_and_works_again_when_it_is_back(store, line):
    store.write("a/b", b"x")
    line.fault = lambda _method, _path: "away"
    for ask in (
        lambda: store.read("a/b"),
        lambda: store.version("a/b"),
        lambda: store.write("a/b", b"y"),
        lambda: list(store.keys("a")),
        lambda: store.delete_folder("a"),
    ):
        with pytest.raises(StoreUnavailable, match="cannot be used") as told:
            ask()
        assert told.value.retryable
    line.fault = lambda _method, _path: ""
    assert store.read("a/b") == b"x"


def test_a_body_that_always_ends_early_is_never_taken_for_the_whole(store, line):
    store.write("a/b", LARGE)
    line.fault = lambda method, _path: "half" if method == "GET" else ""
    with pytest.raises(StoreUnavailable):
        store.read("a/b")


def test_a_large_file_that_cannot_be_sent_leaves_neither_object_nor_part(store, line, tmp_path):
    film = tmp_path / "film.mp4"
    film.write_bytes(LARGE)
    line.fault = lambda method, path: "away" if "partNumber=2" in path else ""
    with pytest.raises(StoreUnavailable):
        store.put_file("a/film.mp4", film)
    assert store.read("a/film.mp4") is None
    assert parts(store) == []


def begin(store, *keys: str) -> None:
    """Send the first words of a file in parts, as a worker that then is killed, or is slow."""
    for key in keys:
        store._client.create_multipart_upload(Bucket=store.bucket, Key=f"siaran/{key}")


def test_parts_of_a_killed_worker_go_with_the_next_one_an_hour_later(store, line, tmp_path):
    film = tmp_path / "film.mp4"
    film.write_bytes(LARGE)
    # Not the clock of this machine: the server's is two days ahead.
    ahead = datetime.now(UTC) + timedelta(days=2)
    line.now = lambda: ahead - timedelta(minutes=61)
    begin(store, "a/film.mp4", "a/film.mp4.txt", "b/film.mp4")
    line.now = lambda: ahead - timedelta(minutes=59)
    begin(store, "a/film.mp4")
    line.now = lambda: ahead
    store.put_file("a/film.mp4", film)
    assert parts(store) == ["siaran/a/film.mp4", "siaran/a/film.mp4.txt", "siaran/b/film.mp4"]
    assert store.read("a/film.mp4") == LARGE


def test_two_workers_that_send_the_same_file_leave_each_other_alone(store, line, tmp_path):
    film = tmp_path / "film.mp4"
    film.write_bytes(LARGE)
    faster: list[None] = []

    def meanwhile(_method: str, path: str) -> str:
        if "partNumber=2" in path and not faster:
            faster.append(None)
            store.put_file("a/film.mp4", film)
        return ""

    line.fault = meanwhile
    store.put_file("a/film.mp4", film)
    assert faster
    assert store.read("a/film.mp4") == LARGE
    assert parts(store) == []


def test_what_was_sent_of_a_folder_goes_with_it(store, line):
    begin(store, "a/film.mp4", "b/film.mp4")
    store.delete_folder("b")
    assert parts(store) == ["siaran/a/film.mp4"]


def test_bytes_that_change_on_their_way_are_refused(store, line):
    line.fault = lambda method, _path: "damaged" if method == "PUT" else ""
    with pytest.raises(StoreUnavailable, match="BadDigest"):
        store.write("a/b", b"whole")
    assert store.read("a/b") is None


def test_objects_that_cannot_be_removed_are_not_taken_for_removed(store, monkeypatch):
    store.write("a/b", b"x")
    refused = {"Errors": [{"Key": "siaran/a/b", "Code": "AccessDenied", "Message": "no"}]}
    monkeypatch.setattr(store._client, "delete_objects", lambda **_given: refused)
    with pytest.raises(StoreUnavailable, match="AccessDenied"):
        store.delete_folder("a")


FILLS = """
import pathlib, resource, signal, sys
from media_pipeline.errors import StoreUnavailable
from media_pipeline.stores import LocalStore
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
store = LocalStore(pathlib.Path(sys.argv[1]))
for write in (
    lambda: store.write("a/b", bytes(300_000)),
    lambda: store.put_file("a/b", pathlib.Path(sys.argv[2])),
):
    try:
        write()
    except StoreUnavailable as told:
        assert told.retryable
        print(told)
"""
"""A process that may write no more than 100 kB into a file: as a disk that fills meanwhile."""


def test_a_local_store_that_fills_in_the_middle_keeps_the_old_bytes_and_no_half(tmp_path):
    store = LocalStore(tmp_path / "store")
    store.create()
    store.write("a/b", b"old")
    film = tmp_path / "film.mp4"
    film.write_bytes(LARGE)
    told = subprocess.run(
        [sys.executable, "-c", FILLS, str(store.folder), str(film)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    assert told.stdout.count("cannot be used: File too large") == 2
    assert [path.name for path in store.folder.rglob("*") if path.is_file()] == ["b"]
    assert store.read("a/b") == b"old"


def test_a_disk_that_is_full_only_when_it_is_asked_to_keep_leaves_nothing(tmp_path, monkeypatch):
    store = LocalStore(tmp_path)
    store.write("a/b", b"old")

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreUnavailable, match="No space left") as told:
        store.write("a/b", b"new")
    assert isinstance(told.value.__cause__, OSError)
    assert store.read("a/b") == b"old"
    assert list((tmp_path / "a" / ".writing").iterdir()) == []


def test_what_a_worker_writes_is_for_the_web_server_to_read_whatever_its_umask(tmp_path):
    before = os.umask(0o077)
    try:
        store = LocalStore(tmp_path / "new" / "store")
        store.create()
        store.write("publications/a/v144/00001.m4s", b"x")
    finally:
        os.umask(before)
    for path in (store.folder, *store.folder.rglob("*")):
        needed = 0o555 if path.is_dir() else 0o444
        assert stat.S_IMODE(path.stat().st_mode) & needed == needed, path


def test_a_server_that_knows_no_conditions_is_asked_before_it_is_written_to(store, monkeypatch):
    put = store._put

    def unconditional(key: str, data: bytes, **condition: str) -> None:
        if condition:
            raise ClientError({"Error": {"Code": "NotImplemented"}}, "PutObject")
        put(key, data)

    monkeypatch.setattr(store, "_put", unconditional)
    assert store.write_if_unchanged("a/b", b"first", None)
    assert not store.write_if_unchanged("a/b", b"late", None)
    seen = store.version("a/b")
    assert store.write_if_unchanged("a/b", b"second", seen)
    assert not store.write_if_unchanged("a/b", b"stale", seen)
    assert store.read("a/b") == b"second"


def test_all_of_a_large_folder_is_removed_a_thousand_at_a_time(store, monkeypatch):
    """More than a thousand in one request is refused by S3 ("DeleteObjects")."""
    names, batches = [f"a/{n}" for n in range(2500)], list[list[str]]()

    def delete_objects(*, Bucket: str, Delete: dict) -> dict:  # noqa: N803 - the client's names
        batches.append([each["Key"] for each in Delete["Objects"]])
        return {}

    monkeypatch.setattr(store, "keys", lambda _prefix: iter(names))
    monkeypatch.setattr(store._client, "delete_objects", delete_objects)
    store.delete_folder("a")
    assert [key for batch in batches for key in batch] == [store._object(name) for name in names]
    assert max(map(len, batches)) <= 1000
