"""What every published store does, on a local folder and on S3."""

import errno
import os
import threading
from pathlib import Path

import pytest

from media_pipeline.errors import StoreUnavailable
from media_pipeline.stores import LocalStore, Store, open_store


def test_what_is_written_is_read(store: Store) -> None:
    store.write("publications/a/publication.json", b"{}")
    assert store.read("publications/a/publication.json") == b"{}"


def test_an_absent_key_is_none(store: Store) -> None:
    store.write("a/b", b"x")
    assert store.read("a/c") is None
    assert store.read("a") is None
    assert store.read("a/b/c") is None
    assert store.version("a/c") is None


def test_a_version_changes_when_the_bytes_do_and_not_otherwise(store: Store) -> None:
    store.write("a/b", b"one")
    first = store.version("a/b")
    assert store.version("a/b") == first
    store.write("a/b", b"two")
    assert store.version("a/b") != first


def test_versions_of_a_folder_agree_with_those_of_its_keys(store: Store) -> None:
    for key in ("channels/b/rundown.json", "channels/a/rundown.json", "channelsx/c"):
        store.write(key, key.encode())
    assert list(store.versions("channels")) == [
        (key, store.version(key)) for key in ("channels/a/rundown.json", "channels/b/rundown.json")
    ]


def test_keys_come_in_one_order_whatever_the_store(store: Store) -> None:
    for key in ("p/b/2", "p/b/1", "p/b-c/1", "p/b.c", "q/1"):
        store.write(key, b"")
    assert list(store.keys("p")) == ["p/b-c/1", "p/b.c", "p/b/1", "p/b/2"]
    assert list(store.keys("")) == ["p/b-c/1", "p/b.c", "p/b/1", "p/b/2", "q/1"]
    assert list(store.keys("nothing")) == []


def test_a_file_is_put_whole_even_when_large(store: Store, tmp_path: Path) -> None:
    source = tmp_path / "large.m4s"
    source.write_bytes(bytes(range(256)) * 40_000)  # over S3's 8 MiB part
    store.put_file("publications/a/v144/00001.m4s", source)
    assert store.read("publications/a/v144/00001.m4s") == source.read_bytes()
    assert source.exists()


def test_what_is_copied_stays_when_the_first_goes(store: Store) -> None:
    store.write("p/a/1", b"picture")
    assert store.copy("p/a/1", "p/b/c/1")
    assert store.copy("p/a/1", "p/b/c/1")
    assert not store.copy("p/a/2", "p/b/c/2")
    store.delete("p/a/1")
    assert store.read("p/b/c/1") == b"picture"
    assert store.read("p/b/c/2") is None


def test_a_disk_without_second_names_copies(tmp_path: Path, monkeypatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    store = LocalStore(tmp_path)
    store.write("p/a/1", b"picture")
    monkeypatch.setattr(os, "link", refuse)
    assert store.copy("p/a/1", "p/b/1")
    assert store.read("p/b/1") == b"picture"
    assert store.path("p/b/1").stat().st_ino != store.path("p/a/1").stat().st_ino


def test_deleting_takes_one_key_or_a_folder_and_absence_is_no_error(store: Store) -> None:
    for key in ("p/a/1", "p/a/2", "p/ab/1"):
        store.write(key, b"")
    store.delete("p/a/1")
    store.delete("p/a/1")
    assert list(store.keys("p")) == ["p/a/2", "p/ab/1"]
    store.delete_folder("p/a")
    store.delete_folder("p/a")
    assert list(store.keys("p")) == ["p/ab/1"]


def test_what_a_killed_writer_left_is_in_no_publication_and_goes_in_time(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    store = LocalStore(folder)
    store.create()
    store.write("publications/a/v144/00001.m4s", b"x")
    old, new = (folder / "publications" / ".writing" / name for name in ("old", "new"))
    for left in (old, new):
        left.write_bytes(b"half")
    os.utime(old, (0, 0))
    again = LocalStore(folder)
    again.write("publications/a/v144/00002.m4s", b"y")
    assert (old.exists(), new.exists()) == (False, True)
    assert list(again.keys("")) == [
        "publications/a/v144/00001.m4s",
        "publications/a/v144/00002.m4s",
    ]
    assert sorted(path.name for path in (folder / "publications").iterdir()) == [".writing", "a"]


@pytest.mark.parametrize(
    "key", ["", "/etc/passwd", "../x", "a/../../x", "a//b", "a/.", ".hidden", "a\\b", "a\0b", "a/"]
)
def test_a_key_that_leaves_the_store_is_refused(store: Store, key: str) -> None:
    for operation in (store.read, store.version, store.delete, store.delete_folder):
        if operation == store.delete_folder and key == "a/":
            continue
        with pytest.raises(ValueError, match="is not a key"):
            operation(key)
    with pytest.raises(ValueError, match="is not a key"):
        store.write(key, b"x")


def test_a_reader_sees_old_or_new_bytes_and_never_a_mixture(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    bodies = {bytes([n]) * 200_000 for n in range(4)}
    store.write("k", min(bodies))
    done = threading.Event()

    def write() -> None:
        for body in sorted(bodies) * 5:
            store.write("k", body)
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    seen = set()
    while not done.is_set():
        seen.add(store.read("k"))
    writer.join()
    assert seen <= bodies
    assert sorted(tmp_path.rglob("*")) == [tmp_path / ".writing", tmp_path / "k"]


def test_a_local_store_that_cannot_be_used_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreUnavailable, match="cannot be used"):
        LocalStore(tmp_path / "file").write("a/b", b"x")


def test_a_bucket_that_is_not_there_says_so(s3_settings: dict[str, str]) -> None:
    store = open_store(s3_settings | {"bucket": "tidak-ada"})
    with pytest.raises(StoreUnavailable, match="tidak-ada"):
        store.write("a/b", b"x")
    with pytest.raises(StoreUnavailable, match="tidak-ada"):
        list(store.keys("a"))
    with pytest.raises(StoreUnavailable, match="tidak-ada"):
        store.read("a/b")
    with pytest.raises(StoreUnavailable, match="tidak-ada"):
        store.version("a/b")


def test_an_object_carries_its_type_and_how_long_it_holds(s3_settings: dict[str, str]) -> None:
    store = open_store(s3_settings)
    store.write("publications/a/v144/00001.m4s", b"x")
    store.write("publications/a/publication.json", b"x")
    client = store._client  # type: ignore[attr-defined]
    heads = [
        client.head_object(Bucket=s3_settings["bucket"], Key=f"siaran/publications/a/{name}")
        for name in ("v144/00001.m4s", "publication.json")
    ]
    assert [(h["ContentType"], h["CacheControl"]) for h in heads] == [
        ("video/iso.segment", "public, max-age=31536000, immutable"),
        ("application/json", "no-cache"),
    ]


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({}, "must be local or s3"),
        ({"kind": "ftp"}, "must be local or s3"),
        ({"kind": "local"}, "settings of the local store are wrong"),
        ({"kind": "s3", "bucket": "a", "colour": "red"}, "settings of the s3 store are wrong"),
    ],
)
def test_wrong_settings_give_one_sentence(settings: dict[str, str], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        open_store(settings)


def test_a_local_store_whose_folder_went_away_never_looks_empty(tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "published")
    store.create()
    assert list(store.keys("channels")) == []
    store.write("channels/a/rundown.json", b"{}")
    (tmp_path / "published").rename(tmp_path / "elsewhere")
    for ask in (
        lambda: list(store.keys("channels")),
        lambda: list(store.versions("channels")),
        lambda: store.read("channels/a/rundown.json"),
        lambda: store.version("channels/a/rundown.json"),
        lambda: store.write("channels/b/rundown.json", b"{}"),
        lambda: store.delete("channels/a/rundown.json"),
        lambda: store.delete_folder("channels"),
    ):
        with pytest.raises(StoreUnavailable, match="cannot be used"):
            ask()
    (tmp_path / "published").mkdir()  # the point where its disk was mounted
    with pytest.raises(StoreUnavailable, match="empty now"):
        list(store.keys("channels"))
    (tmp_path / "published").rmdir()
    (tmp_path / "elsewhere").rename(tmp_path / "published")
    assert list(store.keys("channels")) == ["channels/a/rundown.json"]


def test_a_part_of_a_local_store_that_cannot_be_listed_is_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = LocalStore(tmp_path)
    store.write("channels/a/rundown.json", b"{}")
    scandir = os.scandir

    def fail_below(path):
        if str(path).endswith("channels/a"):
            raise PermissionError(errno.EACCES, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", fail_below)
    with pytest.raises(StoreUnavailable, match="Permission denied"):
        list(store.keys("channels"))


def test_what_is_written_on_a_condition_replaces_only_what_was_seen(store: Store) -> None:
    assert store.write_if_unchanged("a/b", b"one", None)
    assert not store.write_if_unchanged("a/b", b"two", None)
    seen = store.version("a/b")
    assert store.write_if_unchanged("a/b", b"three", seen)
    assert not store.write_if_unchanged("a/b", b"four", seen)
    assert store.read("a/b") == b"three"
    store.delete("a/b")
    assert not store.write_if_unchanged("a/b", b"five", seen)
    assert store.read("a/b") is None
    assert list(store.keys("")) == []


@pytest.mark.parametrize("absent", [True, False], ids=["absent", "there"])
def test_of_many_who_write_on_one_condition_one_succeeds(fair: Store, absent: bool) -> None:
    """In a bucket it is its server that promises so, if the client asks for it."""
    for turn in range(20):
        key, store = f"a/{turn}", fair
        if not absent:
            store.write(key, b"before")
        seen, together = store.version(key), threading.Barrier(4)
        written: list[bytes] = []

        def write(number, key=key, store=store, seen=seen, together=together, written=written):
            together.wait()
            if store.write_if_unchanged(key, data := b"%d" % number, seen):
                written.append(data)

        threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [store.read(key)] == written
