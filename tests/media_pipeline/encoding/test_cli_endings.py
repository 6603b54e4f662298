"""How commands end: the documented code, one sentence, and nothing left, whatever happens."""

import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from media_pipeline.cli.parser import EXIT_CODES
from tests.examples import deep

ROOT = Path(__file__).parents[3]
STOPPED = "The work was stopped on request; nothing of it is left.\n"
COMMANDS = ("probe", "plan", "publish", "verify", "bench", "origin")


class Desk:
    """A folder with a film, a publication and a store, and commands that run beside it."""

    def __init__(self, folder: Path, film: Path) -> None:
        self.folder, self.film = folder, film
        self.scratch = folder / "tmp"
        self.scratch.mkdir()
        self.environment = {**os.environ, "TMPDIR": str(self.scratch)}

    def words(self, *typed: object) -> list[str]:
        known = {"FILM": self.film, "HERE": self.folder}
        words = [
            str(known.get(str(word), word)).replace("HERE", str(self.folder)) for word in typed
        ]
        return [sys.executable, "-m", "media_pipeline", *words]

    def start(self, *typed: object, **given) -> subprocess.Popen[str]:
        given = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **given}
        return subprocess.Popen(
            self.words(*typed), cwd=ROOT, env=self.environment, text=True, **given
        )

    def run(self, *typed: object, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.words(*typed),
            cwd=ROOT,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            timeout=120,
        )

    def left(self) -> list[str]:
        """What stands where nothing may be left: in scratch, and half-made beside the targets."""
        made = [p.name for p in self.folder.iterdir() if p.name not in self.kept]
        return sorted([*(p.name for p in self.scratch.iterdir()), *made])

    kept = frozenset({"tmp", "good", "damaged", "store", "bad.mp4", "folder.mp4", "file"})

    def running(self) -> list[str]:
        """The commands of this machine that work on the desk's files."""
        found = []
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                line = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            if str(self.folder) in line or str(self.film) in line:
                found.append(line)
        return found


@pytest.fixture(scope="module")
def desk(film, tmp_path_factory) -> Desk:
    folder = tmp_path_factory.mktemp("desk")
    made = Desk(folder, film("endings.mp4", size="256x144", seconds=4.5))
    assert made.run("publish", "--download", "FILM", "HERE/good").returncode == 0
    assert made.run("publish", "FILM", "HERE/damaged").returncode == 0
    next((folder / "damaged").glob("*/v*/00001.m4s")).unlink()
    (folder / "store").mkdir()
    (folder / "bad.mp4").write_text("#EXTM3U\nhttp://127.0.0.1:9/x.ts\n")
    (folder / "folder.mp4").mkdir()
    (folder / "file").write_text("x")
    return made


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


NOWHERE = {"SIAR_FFMPEG": "/nowhere/ffmpeg", "SIAR_FFPROBE": "/nowhere/ffprobe"}

ENDINGS: dict[int, list[tuple[tuple[object, ...], dict[str, str], str]]] = {
    0: [
        (("probe", "FILM"), {}, ""),
        (("plan", "FILM"), {}, ""),
        (("verify", "HERE/good"), {}, "good is a good publication."),
    ],
    1: [
        (("verify", "HERE/damaged"), {}, ""),
        (("probe", "FILM"), NOWHERE, "SIAR_FFMPEG"),
        (("plan", "FILM"), NOWHERE, "SIAR_FFMPEG"),
        (("publish", "FILM", "HERE/new"), NOWHERE, "SIAR_FFMPEG"),
        (("bench",), NOWHERE, "SIAR_FFMPEG"),
        (("verify", "HERE/good"), NOWHERE, "SIAR_FFMPEG"),
        (("publish", "FILM", "HERE/file/film"), {}, "HERE/file"),
        (("publish", "FILM", "/proc/nowhere/film"), {}, "/proc/nowhere"),
        (("publish", "--store", "FILM", "HERE/file"), {}, "HERE/file"),
    ],
    2: [
        (("probe",), {}, "FILE"),
        (("publish", "FILM", "HERE/good"), {}, "is there already"),
        (("verify", "/nowhere"), {}, "/nowhere is not a folder"),
        (("verify", "FILM"), {}, "is not a folder"),
        (("origin", "--store", "/nowhere", "--port", "1"), {}, "/nowhere is not a folder"),
    ],
    3: [
        (("probe", "HERE/none.mp4"), {}, "There is no file with this name"),
        (("plan", "HERE/none.mp4"), {}, "There is no file with this name"),
        (("publish", "HERE/none.mp4", "HERE/new/film"), {}, "There is no file with this name"),
        (("publish", "--store", "HERE/bad.mp4", "HERE/new"), {}, "points to other files"),
        (("bench", "HERE/none.mp4"), {}, "There is no file with this name"),
        *(
            ((name, "HERE/folder.mp4", *more), {}, "is a folder: name one of the files in it.")
            for name, more in (
                ("probe", ()),
                ("plan", ()),
                ("publish", ("HERE/new",)),
                ("bench", ()),
            )
        ),
        (("publish", "HERE/bad.mp4", "HERE/new/film"), {}, "points to other files"),
    ],
}


@pytest.mark.parametrize(
    ("code", "typed", "environment", "sentence"),
    [(code, *row) for code, rows in ENDINGS.items() for row in rows],
    ids=lambda value: "-".join(map(str, value)) if isinstance(value, tuple) else None,
)
def test_each_code_means_what_the_page_says(desk, code, typed, environment, sentence):
    done = desk.run(*typed, **environment)
    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr
    assert sentence.replace("HERE", str(desk.folder)) in done.stderr
    if code and code != 2:
        assert done.stderr.count("\n") == (0 if not sentence and typed[0] == "verify" else 1)
    assert desk.left() == []


def test_the_table_has_these_codes_and_no_others():
    told = set(map(int, re.findall(r"^  (\d+)", EXIT_CODES, re.M)))
    assert told == {*ENDINGS, 130}


def heeds(process: subprocess.Popen[str]) -> bool:
    """Whether the process has come so far that it heeds SIGTERM (our first lines do that)."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    caught = int(re.search(r"^SigCgt:\s+(\w+)", status, re.M)[1], 16)
    return bool(caught >> (signal.SIGTERM - 1) & 1)


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.002)


TYPED: dict[str, tuple[object, ...]] = {
    "probe": ("probe", "FILM"),
    "plan": ("plan", "FILM"),
    "publish": ("publish", "--workers", "2", "FILM", "HERE/a/b/film"),
    "verify": ("verify", "HERE/good"),
    "bench": ("bench", "--seconds", "4"),
}


@pytest.mark.parametrize(
    ("name", "number"),
    [
        (name, number) if (name == "publish") == (number == signal.SIGTERM) else deep(name, number)
        for name in TYPED
        for number in (signal.SIGINT, signal.SIGTERM)
    ],
)
def test_a_signal_at_any_moment_leaves_nothing(desk, name, number):
    """Moments from the first line of ours on, spread over the whole command."""
    chance = random.Random(f"{name} {number}")
    codes = []
    for longest in (0.01, 0.5, 1.5, 4):
        process = desk.start(*TYPED[name])
        until(lambda process=process: heeds(process) or process.poll() is not None)
        time.sleep(chance.uniform(0, longest))
        process.send_signal(number)
        _, complaint = process.communicate(timeout=30)
        assert "Traceback" not in complaint
        if process.returncode == 130:
            assert complaint.endswith(STOPPED)
            assert desk.left() == []
        else:  # it was done already
            assert process.returncode == 0, complaint
            shutil.rmtree(desk.folder / "a", ignore_errors=True)
        until(lambda: desk.running() == [])  # what was just begun sees that nobody waits for it
        codes.append(process.returncode)
    assert codes[0] == 130


def test_a_second_ctrl_c_does_not_disturb_the_clearing_up(desk):
    process = desk.start(*TYPED["bench"])
    until(lambda: any(desk.scratch.iterdir()))
    for _ in range(5):
        process.send_signal(signal.SIGINT)
        time.sleep(0.01)
    _, complaint = process.communicate(timeout=30)
    assert (process.returncode, desk.left()) == (130, [])
    assert set(complaint.splitlines()) == {STOPPED.strip()}


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_an_origin_ends_when_asked(desk, number, code):
    port = free_port()
    process = desk.start("origin", "--store", "HERE/store", "--port", port)
    until(lambda: socket.socket().connect_ex(("127.0.0.1", port)) == 0)
    process.send_signal(number)
    _, complaint = process.communicate(timeout=30)
    assert process.returncode == code
    assert (STOPPED in complaint) == (code == 130)
    assert "Traceback" not in complaint
    assert desk.left() == []


def test_an_origin_on_a_port_that_is_taken_says_so(desk):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = desk.run("origin", "--store", "HERE/store", "--port", port)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert f"Port {port} of 127.0.0.1 cannot be used" in done.stderr


@pytest.mark.parametrize(
    "typed",
    [
        ("--help",),
        ("probe", "FILM"),
        ("plan", "FILM"),
        ("verify", "--json", "HERE/damaged"),
        ("publish", "--json-progress", "FILM", "HERE/a/film"),
        ("publish", "--json-progress", "--store", "FILM", "HERE/b"),
    ],
    ids=lambda typed: " ".join(typed[:3]),
)
def test_a_reader_that_has_enough_is_no_error_to_be_shown(desk, typed):
    """As with `| head -1`: the pipe is closed at once."""
    reading, writing = os.pipe()
    process = desk.start(*typed, stdout=writing)
    os.close(writing)
    os.close(reading)
    _, complaint = process.communicate(timeout=60)
    assert (process.returncode, complaint) == (0 if typed == ("--help",) else 1, "")
    assert [name for name in desk.left() if name != "b"] == []
    assert not list((desk.folder / "b").glob("publications/*/*"))


def test_progress_in_json_has_the_time_left_and_reaches_its_end(desk):
    done = desk.run("publish", "--json-progress", "FILM", "HERE/json")
    told = [json.loads(line) for line in done.stdout.splitlines()]
    fractions = [line["fraction"] for line in told[:-1]]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1
    assert any(line["eta_seconds"] is not None for line in told[:-1])
    assert done.stderr == ""
    shutil.rmtree(desk.folder / "json")


@pytest.fixture(autouse=True)
def _quiet(desk) -> Iterator[None]:
    yield
    until(lambda: desk.running() == [])  # what was just begun sees that nobody waits for it
