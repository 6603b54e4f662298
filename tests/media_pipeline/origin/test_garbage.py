"""An origin that strangers shout at."""

import asyncio
import random
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from media_pipeline.playout import append

from .test_serve import PROGRAM, fetch, free_port, wait_for

pytestmark = pytest.mark.real_clock
LINES, AT_ONCE = 8, 25
MOST_MIB = 16
"""What tables of bounded size may still grow by; a hundredth of a kB a request would be 1 MiB."""


def resident(process: subprocess.Popen) -> float:
    """MiB that are the process's own."""
    text = Path(f"/proc/{process.pid}/status").read_text()
    found = re.search(r"RssAnon:\s+(\d+) kB", text)
    assert found is not None
    return int(found[1]) / 1024


class Strangers:
    """Requests that have no sense, from a seed."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)

    def request(self) -> bytes:
        method = self._chance.choice(["GET"] * 8 + ["HEAD", "OPTIONS", "POST", "PURGE"])
        junk = "".join(f"X-{self._word(6)}: {self._word(20)}\r\n" for _ in range(3))
        return f"{method} {self._path()} HTTP/1.1\r\nHost: {self._word(8)}\r\n{junk}\r\n".encode()

    def _path(self) -> str:
        word, number = self._word, self._chance.randrange(10**9)
        return self._chance.choice(
            [
                f"/live/{word(12)}/v{number % 3000}.m3u8",
                f"/live/contoh/v{number % 3000}.m3u8",
                f"/live/contoh/{word(9)}.m3u8?{word(5)}={word(5)}",
                f"/live/contoh/{number}-{number + 60}/v144.m3u8",
                f"/live/contoh/v144.m3u8?start={number}&end={word(3)}",
                f"/live/contoh/{'../' * (number % 9)}etc/passwd",
                f"/vod/{number:032x}/master.m3u8",
                f"/media/{word(5)}/%2e%2e/{word(8)}%00",
                f"/{word(3)}%ff%fe{word(3000)}",
                f"/{word(20)}.php?{word(40)}",
            ]
        )

    def _word(self, length: int) -> str:
        return "".join(self._chance.choices("abcdefghijklmnopqrstuvwxyz0123456789-_.~", k=length))

    def noise(self) -> bytes:
        return self._chance.randbytes(200) + b"\r\n\r\n"


async def shout(port: int, requests: int, seed: int) -> int:
    """Send `requests` over LINES connections; return how many were answered."""

    async def one(number: int) -> int:
        strangers, answered = Strangers(seed * 100 + number), 0
        for _ in range(requests // LINES // AT_ONCE // 10):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            for _ in range(10):
                sent = [strangers.request() for _ in range(AT_ONCE)]
                writer.write(b"".join(sent))
                missing, rest = AT_ONCE, b""
                while missing:
                    data = await asyncio.wait_for(reader.read(1 << 16), 60)
                    assert data
                    missing -= (rest + data).count(b"HTTP/1.1 ")
                    rest = data[-8:]
                answered += AT_ONCE
            writer.write(strangers.noise())
            await asyncio.wait_for(reader.read(), 60)
            writer.close()
        return answered

    return sum(await asyncio.gather(*(one(number) for number in range(LINES))))


@pytest.mark.parametrize("requests", [10_000, pytest.param(100_000, marks=pytest.mark.deep)])
def test_thousands_of_them_cost_neither_memory_nor_log(studio, tmp_path, requests) -> None:
    studio.publish("a", *[4] * 300)
    start = round((datetime.now(UTC) - timedelta(seconds=90)).timestamp() * 90_000)
    studio.air(append(studio.rundown(), *studio.items("a"), start=start))
    port, told = free_port(), tmp_path / "told.log"
    with told.open("wb") as log:
        command = [sys.executable, "-c", PROGRAM, str(studio.store.folder), str(port)]
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            wait_for(port, process)
            asyncio.run(shout(port, requests // 5, seed=1))
            before = resident(process)
            answered = asyncio.run(shout(port, requests, seed=2))
            grown = resident(process) - before
            assert "#EXTINF" in fetch(port, "/live/contoh/v144.m3u8")
        finally:
            process.terminate()
            process.wait(20)
    assert answered == requests
    assert grown < MOST_MIB
    assert told.stat().st_size < 2_000, told.read_text()[:2_000]
