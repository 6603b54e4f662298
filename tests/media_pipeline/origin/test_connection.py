"""What goes over the wire of an origin alone: the short way says what the long one does."""

import asyncio
import contextlib
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest
from uvicorn.server import ServerState

from media_pipeline.model.keys import takedown_mark
from media_pipeline.model.ticks import ticks_of
from media_pipeline.origin import live
from media_pipeline.origin.connection import HEAD_MOST, SWEEPS, WORDINGS, Connection, Wordings
from media_pipeline.origin.live import Live
from media_pipeline.origin.replies import Asks
from media_pipeline.origin.serve import config_of

type Talk = Callable[["Line"], Awaitable[None]]

PLAYER = b"Host: contoh\r\nAccept-Encoding: gzip, br\r\nConnection: keep-alive\r\n"


class Line:
    """A connection of a client, and the origin's side of it."""

    def __init__(self, reader, writer, state: ServerState) -> None:
        self._reader, self._writer, self._state = reader, writer, state

    @property
    def served(self) -> Connection:
        (connection,) = self._state.connections
        assert isinstance(connection, Connection)
        return connection

    def send(self, data: bytes) -> None:
        self._writer.write(data)

    async def read(self, *, head: bool = False) -> tuple[int, dict[str, str], bytes]:
        """The next answer: its status, its headers but for the date, its body."""
        raw = await asyncio.wait_for(self._reader.readuntil(b"\r\n\r\n"), 10)
        first, *lines = raw.decode().split("\r\n")[:-2]
        headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in lines)}
        assert headers.pop("date").endswith(" GMT")
        length = 0 if head else int(headers.get("content-length", 0))
        return int(first.split()[1]), headers, await self._reader.readexactly(length)

    async def ask(self, path: str, more: bytes = PLAYER, method: str = "GET"):
        self.send(f"{method} {path} HTTP/1.1\r\n".encode() + more + b"\r\n")
        return await self.read(head=method == "HEAD")

    async def ends(self) -> bytes:
        """What comes until the origin closes the line."""
        with contextlib.suppress(ConnectionResetError):
            return await asyncio.wait_for(self._reader.read(), 10)
        return b""

    async def begun(self) -> None:
        """Wait until the origin has a part of a head."""
        while not self.served._open:
            await asyncio.sleep(0.001)


@pytest.fixture
def on_air(studio):
    studio.publish("a", *[4] * 30)
    studio.air(studio.rundown("a", "a"))
    studio.at(70)
    # The thread would look at the store by itself; here the test says when.
    studio.origin._thread = object()
    return studio


def talk(studio, with_origin: Talk) -> None:
    """Have `with_origin` talk to the studio's origin over a connection."""

    @contextlib.asynccontextmanager
    async def line() -> AsyncIterator[Line]:
        config, state = config_of(studio.origin), ServerState()
        config.load()
        # As the server's own tick keeps it.
        state.default_headers = [(b"date", b"Tue, 24 Nov 2026 05:00:00 GMT")]
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: config.http_protocol_class(config, state, {}), "127.0.0.1", 0
        )
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        try:
            yield Line(reader, writer, state)
        finally:
            writer.close()
            server.close()

    async def run() -> None:
        async with line() as opened:
            await with_origin(opened)

    asyncio.run(run())


@pytest.fixture
def long_way(studio, monkeypatch) -> list[str]:
    """The paths that went through the app, as they come."""
    found: list[str] = []
    answer = type(studio.origin).answer

    async def counted(self, scope):
        found.append(scope["path"])
        return await answer(self, scope)

    monkeypatch.setattr(type(studio.origin), "answer", counted)
    return found


@pytest.mark.parametrize("file", ["v144.m3u8", "a48.m3u8", "master.m3u8", "manifest.mpd"])
@pytest.mark.parametrize("packs", [b"", b"Accept-Encoding: gzip\r\n"])
def test_what_is_ready_is_what_the_app_answers(on_air, long_way, file, packs) -> None:
    async def with_origin(line: Line) -> None:
        path, more = f"/live/contoh/{file}", b"Host: contoh\r\n" + packs
        first = await line.ask(path, more)
        assert first[0] == 200
        assert await line.ask(path, more) == first
        assert long_way == [path]
        known = more + b"If-None-Match: %s\r\n" % first[1]["etag"].encode()
        short = await line.ask(path, known)
        assert (short[0], short[2]) == (304, b"")
        assert long_way == [path]
        # In pieces it goes the long way.
        asked = f"GET {path} HTTP/1.1\r\n".encode() + known + b"\r\n"
        line.send(asked[:20])
        await line.begun()
        line.send(asked[20:])
        assert await line.read() == short
        assert long_way == [path, path]

    talk(on_air, with_origin)


def test_a_ready_answer_holds_for_a_segment_and_no_longer(on_air, long_way) -> None:
    async def with_origin(line: Line) -> None:
        path = "/live/contoh/v144.m3u8"
        _, headers, body = await line.ask(path)
        on_air.now += timedelta(seconds=3)
        _, later, same = await line.ask(path)
        assert same == body
        assert (headers["cache-control"], later["cache-control"]) == (
            "public, max-age=4",
            "public, max-age=1",
        )
        on_air.now += timedelta(seconds=1)
        _, changed, other = await line.ask(path)
        assert changed["etag"] != headers["etag"]
        assert gzip.decompress(other) != gzip.decompress(body)
        assert long_way == [path]

    talk(on_air, with_origin)


def test_a_takedown_is_seen_with_the_next_look_at_the_store(on_air) -> None:
    async def with_origin(line: Line) -> None:
        path = "/live/contoh/v144.m3u8"
        await line.ask(path)
        on_air.store.write(takedown_mark("a" * 32), b"")
        on_air.origin.refresh()
        _, _, body = await line.ask(path)
        assert b"#EXT-X-GAP" in gzip.decompress(body)
        on_air.store.delete("channels/contoh/rundown.json")
        on_air.origin.refresh()
        assert (await line.ask(path))[0] == 404

    talk(on_air, with_origin)


@pytest.mark.parametrize(
    "path",
    [
        "/live/contoh/dvr/v144.m3u8",
        "/live/contoh/v144.m3u8?start=1795496424",
        "/live/tidak-ada/v144.m3u8",
        "/live/contoh/v144.mpd",
        "/healthz",
        "/tidak/ada",
    ],
)
def test_all_else_goes_through_the_app_each_time(on_air, long_way, path) -> None:
    async def with_origin(line: Line) -> None:
        await line.ask("/live/contoh/a48.m3u8")
        one = await line.ask(path)
        assert await line.ask(path) == one
        assert long_way == ["/live/contoh/a48.m3u8", *[path.partition("?")[0]] * 2]

    talk(on_air, with_origin)


def test_head_and_options_are_never_taken_for_get(on_air) -> None:
    async def with_origin(line: Line) -> None:
        path = "/live/contoh/v144.m3u8"
        status, headers, body = await line.ask(path)
        for _ in range(2):
            assert await line.ask(path, method="HEAD") == (status, headers, b"")
            assert (await line.ask(path, method="OPTIONS"))[0] == 204
        assert await line.ask(path) == (status, headers, body)

    talk(on_air, with_origin)


def test_requests_that_come_together_are_answered_one_by_one(on_air) -> None:
    async def with_origin(line: Line) -> None:
        one = b"GET /live/contoh/v144.m3u8 HTTP/1.1\r\n" + PLAYER + b"\r\n"
        two = b"GET /live/contoh/a48.m3u8 HTTP/1.1\r\n" + PLAYER + b"\r\n"
        line.send(one)
        first = await line.read()
        line.send(one + two + one)
        assert await line.read() == first
        assert (await line.read())[1]["etag"] != first[1]["etag"]
        assert await line.read() == first
        line.send(two)
        line.send(one)
        assert (await line.read())[1]["etag"] != first[1]["etag"]
        assert await line.read() == first

    talk(on_air, with_origin)


@pytest.mark.parametrize(
    "more",
    [
        b"Content-Length: 3\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"Connection: close\r\n",
        b"Connection: Upgrade\r\nUpgrade: websocket\r\n",
        b"Expect: 100-continue\r\n",
    ],
)
def test_a_head_that_says_more_is_never_learnt(on_air, more) -> None:
    words = Wordings()
    headers = [tuple(line.lower().split(b": ")) for line in more.split(b"\r\n") if line]
    words.learn(b" HTTP/1.1\r\n" + more + b"\r\n", headers)
    assert len(words) == 0


def test_wordings_are_bounded() -> None:
    words = Wordings()
    for number in range(WORDINGS + 10):
        words.learn(b" HTTP/1.1\r\nX: %d\r\n\r\n" % number, [(b"x", b"1")])
    words.learn(b" HTTP/1.1\r\nX: %s\r\n\r\n" % (b"x" * 4096), [(b"x", b"1")])
    assert len(words) == 10
    assert words.asks(b" HTTP/1.1\r\nX: 1\r\n\r\n") is None
    last = b" HTTP/1.1\r\nX: %d\r\n\r\n" % (WORDINGS + 9)
    assert words.asks(last) == Asks()
    assert words.asks(last[:-2] + b'If-None-Match: W/"1"\r\n\r\n') == Asks(b'W/"1"')


def test_a_body_is_not_taken_for_a_request(on_air) -> None:
    async def with_origin(line: Line) -> None:
        await line.ask("/live/contoh/v144.m3u8")
        inner = b"GET /live/contoh/v144.m3u8 HTTP/1.1\r\n" + PLAYER + b"\r\n"
        outer = b"GET /tidak-ada HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(inner)
        line.send(outer)
        assert (await line.read())[0] == 404
        line.send(inner)
        assert (await line.ask("/live/contoh/x.m3u8"))[0] == 404

    talk(on_air, with_origin)


def test_a_head_without_an_end_is_cut_off(on_air) -> None:
    async def with_origin(line: Line) -> None:
        line.send(b"GET /live/contoh/v144.m3u8 HTTP/1.1\r\n")
        line.send(b"X: y\r\n" * (HEAD_MOST // 6 + 100))
        await line.ends()

    talk(on_air, with_origin)


@pytest.mark.parametrize("sent", [b"", b"GET /live/contoh/v144.m3u8 HTTP/1.1\r\nHost:"])
def test_who_asks_nothing_for_long_is_let_go(on_air, sent) -> None:
    async def with_origin(line: Line) -> None:
        await line.ask("/live/contoh/v144.m3u8")
        line.send(sent)
        if sent:
            await line.begun()
        for _ in range(SWEEPS):
            line.served.sweep()
        if not sent:
            assert (await line.ask("/live/contoh/v144.m3u8"))[0] == 200
            for _ in range(SWEEPS):
                line.served.sweep()
        assert not line.served.transport.is_closing()
        line.served.sweep()
        assert await line.ends() == b""

    talk(on_air, with_origin)


def test_what_is_no_http_is_refused_and_told_to_no_log(on_air, capfd, caplog) -> None:
    async def with_origin(line: Line) -> None:
        line.send(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n")
        assert (await line.ends()).startswith(b"HTTP/1.1 400 ")

    talk(on_air, with_origin)
    assert capfd.readouterr().err == ""
    assert not caplog.records


def test_who_does_not_read_is_not_written_to_for_ever(on_air) -> None:
    async def with_origin(line: Line) -> None:
        asked = b"GET /live/contoh/v144.m3u8 HTTP/1.1\r\nHost: a\r\n\r\n"
        line.send(asked)
        await line.read()
        served = line.served
        served.transport.set_write_buffer_limits(high=1)
        for _ in range(20_000):
            served.data_received(asked)
        assert served.flow.write_paused
        assert served.transport.get_write_buffer_size() < 8 << 20
        for _ in range(SWEEPS + 1):
            served.sweep()
        await asyncio.wait_for(_gone(served), 10)

    talk(on_air, with_origin)


async def _gone(served: Connection) -> None:
    while served in served.connections:
        await asyncio.sleep(0.001)


def test_a_connection_that_is_only_answered_the_short_way_is_left_alone(on_air) -> None:
    async def with_origin(line: Line) -> None:
        assert (await line.ask("/healthz"))[0] == 200
        assert line.served.timeout_keep_alive_task is not None
        assert (await line.ask("/live/contoh/v144.m3u8"))[0] == 200
        assert (await line.ask("/live/contoh/v144.m3u8"))[0] == 200
        assert line.served.timeout_keep_alive_task is None

    talk(on_air, with_origin)


@pytest.mark.parametrize(
    "wish",
    [
        b'If-None-Match:W/"1"\r\n',
        b'If-None-Match: W/"1"\r\nIf-None-Match: W/"2"\r\n',
        b'If-None-Match: W/"1"' + b', W/"1"' * 60 + b"\r\n",
    ],
)
def test_a_wording_whose_marks_it_would_lose_is_not_learnt(on_air, wish) -> None:
    async def with_origin(line: Line) -> None:
        assert (await line.ask("/live/contoh/v144.m3u8", PLAYER + wish))[0] == 200
        assert not len(line.served.wordings)

    talk(on_air, with_origin)


@pytest.mark.parametrize(
    ("said", "packs"),
    [
        (b"gzip, br", True),
        (b"br;q=1.0, GZIP;q=0.5", True),
        (b"gzip;q=0", False),
        (b"br, gzip; q=0.000", False),
        (b"x-gzip2", False),
        (b"", False),
    ],
)
def test_gzip_is_for_who_wants_it(said, packs) -> None:
    assert Asks.of([(b"accept-encoding", said)]).packs == packs


def test_answers_of_one_second_have_a_bound(on_air, monkeypatch) -> None:
    monkeypatch.setattr(live, "HELD", 50)
    found, now = Live(on_air.origin.channels), ticks_of(on_air.now)
    for lines in range(1, 200):
        assert found.answer(b"/live/contoh/v%d.m3u8" % lines, now) is not None
        assert len(found._held) <= 50
