"""The files of the store over HTTP."""

import pytest

from media_pipeline.model.keys import takedown_mark

A = "a" * 32
SEGMENT = f"publications/{A}/v144/00001.m4s"


@pytest.fixture
def media(studio):
    studio.at(0)
    studio.store.write(SEGMENT, bytes(range(100)))
    return studio


def test_a_segment_comes_with_type_and_lifetime(media) -> None:
    answer = media.get(f"/media/{SEGMENT}")
    assert answer.content == bytes(range(100))
    assert answer.headers["content-type"] == "video/iso.segment"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("name", "kind", "lifetime"),
    [
        ("master.m3u8", "application/vnd.apple.mpegurl", "no-cache"),
        ("manifest.mpd", "application/dash+xml", "no-cache"),
        ("v144/init.mp4", "video/mp4", "public, max-age=31536000, immutable"),
        ("storyboard.vtt", "text/vtt; charset=utf-8", "public, max-age=31536000, immutable"),
        ("poster.jpg", "image/jpeg", "public, max-age=31536000, immutable"),
    ],
)
def test_types_and_lifetimes(media, name, kind, lifetime) -> None:
    media.store.write(f"publications/{A}/{name}", b"x")
    answer = media.get(f"/media/publications/{A}/{name}")
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == (kind, lifetime)


def test_a_range_is_a_part(media) -> None:
    part = media.get(f"/media/{SEGMENT}", range="bytes=10-19")
    assert (part.status_code, part.content) == (206, bytes(range(10, 20)))
    assert part.headers["content-range"] == "bytes 10-19/100"
    assert media.get(f"/media/{SEGMENT}", range="bytes=200-").status_code == 416


def test_who_has_the_file_is_told_so(media) -> None:
    etag = media.get(f"/media/{SEGMENT}").headers["etag"]
    assert media.get(f"/media/{SEGMENT}", if_none_match=etag).status_code == 304


def test_head_and_preflight(media) -> None:
    head = media.get(f"/media/{SEGMENT}", "HEAD")
    assert (head.headers["content-length"], head.content) == ("100", b"")
    preflight = media.get(f"/media/{SEGMENT}", "OPTIONS")
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-headers"] == "range, if-none-match"
    assert media.get(f"/media/{SEGMENT}", "DELETE").status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "",
        "publications",
        "publications/",
        f"publications/{A}/",
        "channels/contoh/rundown.json",
        "publications/../channels/contoh/rundown.json",
        "publications/%2e%2e/channels/contoh/rundown.json",
        "journal/uji/20261124T0500Z.jsonl",
        f"presentations/{A}.json",
        "history/contoh/0000000001.json",
        f"takedowns/{A}",
        "publications/.half",
        "../outside",
        "%2e%2e/outside",
        "..%2foutside",
        "/etc/passwd",
        "publications/%00",
    ],
)
def test_what_is_between_programs_or_outside_is_not_there(media, path) -> None:
    for key in (
        "channels/contoh/rundown.json",
        "journal/uji/20261124T0500Z.jsonl",
        f"presentations/{A}.json",
        "history/contoh/0000000001.json",
        f"takedowns/{'b' * 32}",
    ):
        media.store.write(key, b"secret")
    (media.store.folder / "publications" / ".half").write_bytes(b"secret")
    (media.store.folder.parent / "outside").write_bytes(b"secret")
    answer = media.get(f"/media/{path}")
    assert answer.status_code == 404
    assert b"secret" not in answer.content


def test_after_a_takedown_segments_are_gone(media) -> None:
    media.store.write(takedown_mark(A), b"")
    answer = media.get(f"/media/{SEGMENT}")
    assert answer.status_code == 410
    assert answer.headers["cache-control"] == "no-store"
    media.store.delete(takedown_mark(A))
    assert media.get(f"/media/{SEGMENT}").status_code == 200
