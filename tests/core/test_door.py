"""What stands in front of Django: owners of addresses, caps on bodies, packed files."""

import gzip
from pathlib import Path

import httpx
import pytest

from cms.core.door import Door, capped, public_files, static_files


def _named(name: str):
    async def app(scope, receive, send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": name.encode()})

    return app


async def _read_all(scope, receive, send) -> None:
    """Answer with the length of the body, as Django does after it has read it."""
    length, more = 0, True
    while more:
        message = await receive()
        length += len(message.get("body", b""))
        more = message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(length).encode()})


def _client(app) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://siar")


@pytest.fixture
def door(tmp_path: Path) -> Door:
    names = ("origin", "uploads", "seen", "static", "files", "django")
    return Door(**{name: _named(name) for name in names})


@pytest.mark.parametrize(
    ("path", "owner"),
    [
        ("/", "django"),
        ("/live/", "django"),
        ("/live/nasional/", "django"),
        ("/live/nasional/now.json", "django"),
        ("/live/nasional/master.m3u8", "origin"),
        ("/live/nasional/manifest.mpd", "origin"),
        ("/live/nasional/1795496424-/v240.m3u8", "origin"),
        ("/vod/0123/ts-0.ts", "origin"),
        ("/vod/0123/captions-id-0.vtt", "origin"),
        ("/live/clock.txt", "origin"),
        ("/vod/0123/v240.m3u8", "origin"),
        ("/media/publications/0123/v240/00001.m4s", "origin"),
        ("/uploads/", "uploads"),
        ("/seen/", "seen"),
        ("/static/siar.css", "static"),
        ("/files/images/a.jpg", "files"),
        ("/admin/", "django"),
        ("/healthz", "django"),
    ],
)
@pytest.mark.anyio
async def test_each_address_has_one_owner(door: Door, path: str, owner: str) -> None:
    async with _client(door) as client:
        assert (await client.get(path)).text == owner


@pytest.mark.parametrize("path", ["/", "/live/nasional/master.m3u8", "/admin/"])
@pytest.mark.anyio
async def test_trace_is_refused_everywhere(door: Door, path: str) -> None:
    async with _client(door) as client:
        assert (await client.request("TRACE", path)).status_code == 405


@pytest.mark.anyio
async def test_a_body_within_the_cap_arrives_whole() -> None:
    async with _client(capped(_read_all, 1000)) as client:
        assert (await client.post("/", content=b"x" * 1000)).text == "1000"


@pytest.mark.anyio
async def test_a_body_that_declares_too_much_is_refused_unread() -> None:
    async with _client(capped(_read_all, 1000)) as client:
        answer = await client.post("/", content=b"x" * 1001)
        assert answer.status_code == 413
        assert "terlalu besar" in answer.text


@pytest.mark.anyio
async def test_a_body_without_a_length_is_refused_where_it_passes_the_cap() -> None:
    async def endless():
        for _ in range(50):
            yield b"x" * 100

    async with _client(capped(_read_all, 1000)) as client:
        assert (await client.post("/", content=endless())).status_code == 413


@pytest.mark.anyio
async def test_a_length_that_is_no_number_is_refused() -> None:
    async with _client(capped(_read_all, 1000)) as client:
        answer = await client.post("/", content=b"x", headers={"content-length": "many"})
        assert answer.status_code == 413


@pytest.mark.anyio
async def test_static_files_are_packed_for_who_accepts_it(tmp_path: Path) -> None:
    (tmp_path / "siar.css").write_text("body{}")
    (tmp_path / "siar.css.gz").write_bytes(gzip.compress(b"body{}"))
    async with _client(static_files(tmp_path)) as client:
        packed = await client.get("/static/siar.css", headers={"accept-encoding": "gzip"})
        plain = await client.get("/static/siar.css", headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["content-type"] == plain.headers["content-type"]
    assert packed.text == plain.text == "body{}"
    assert "content-encoding" not in plain.headers
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert "immutable" in packed.headers["cache-control"]


@pytest.mark.parametrize(
    "path", ["original_images/a.jpg", "documents/a.pdf", "../secret", "images/../a", "images/"]
)
@pytest.mark.anyio
async def test_only_renditions_of_images_are_public(tmp_path: Path, path: str) -> None:
    for name in ("original_images/a.jpg", "documents/a.pdf", "images/b.jpg", "a"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("private")
    async with _client(public_files(tmp_path)) as client:
        assert (await client.get(f"/files/{path}")).status_code == 404
        shown = await client.get("/files/images/b.jpg")
    assert shown.status_code == 200
    assert "sandbox" in shown.headers["content-security-policy"]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
