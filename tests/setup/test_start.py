"""A program of Siar that ends by itself is started again, and the others run on."""

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from setup import start
from setup.start import FIRST_PAUSE, LONGEST_PAUSE, STEADY, Child, Program

pytestmark = pytest.mark.real_clock
NOTES_ITSELF = """
import os, subprocess, sys, time
left = subprocess.Popen(["sleep", "60"])
with open(sys.argv[1], "a") as file:
    file.write(f"{os.getpid()} {left.pid}\\n")
time.sleep(60)
"""


def program(notes: Path) -> Program:
    return Program(notes.name, (sys.executable, "-c", NOTES_ITSELF, str(notes)), signal.SIGTERM)


def starts(notes: Path, count: int) -> list[list[int]]:
    """Wait until a program has started `count` times; return what it wrote each time."""
    deadline = time.monotonic() + 20
    while len(lines := notes.read_text().splitlines() if notes.exists() else []) < count:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return [[int(word) for word in line.split()] for line in lines]


def runs(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def pauses(monkeypatch):
    monkeypatch.setattr(start, "FIRST_PAUSE", 0.05)
    monkeypatch.setattr(start, "LOOK", 0.02)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_a_killed_program_is_started_again_without_what_it_left_and_the_other_runs_on(
    tmp_path, pauses, capsys, monkeypatch
):
    web, worker = (program(tmp_path / name) for name in ("web", "worker"))
    running = [Child(each, start.launch(each, dict(os.environ))) for each in (web, worker)]
    watcher = threading.Thread(target=watch_until, args=(running, over := threading.Event()))
    watcher.start()
    try:
        (first, left), other = starts(tmp_path / "web", 1)[0], starts(tmp_path / "worker", 1)
        os.kill(first, signal.SIGKILL)
        _, (second, _) = starts(tmp_path / "web", 2)
        os.kill(second, signal.SIGKILL)
        starts(tmp_path / "web", 3)
    finally:
        over.set()
        watcher.join()
        for child in running:
            child.clear_away()
    assert not runs(left)
    assert starts(tmp_path / "worker", 1) == other
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 2
    assert told[0].startswith("web ended by itself with status -9. It starts again in")


def watch_until(running: list[Child], over: threading.Event) -> None:
    while not over.wait(start.LOOK):
        for child in list(running):
            start.look_after(child, running, dict(os.environ))


def test_who_ends_early_again_and_again_waits_longer_up_to_a_minute():
    child = Child(Program("web", (), signal.SIGTERM), process=None, since=0)
    pauses = []
    for _ in range(8):
        pauses.append(child.ended(child.since))
        assert child.due == child.since + pauses[-1]
    assert pauses == [FIRST_PAUSE * 2**number for number in range(6)] + [LONGEST_PAUSE] * 2
    assert child.ended(child.since + STEADY - 0.1) == LONGEST_PAUSE
    assert child.ended(child.since + STEADY) == FIRST_PAUSE


def test_what_ends_before_the_site_answered_is_named_and_not_started_again(monkeypatch):
    monkeypatch.setattr(start, "answers", lambda _address: False)
    web = Program("web", (sys.executable, "-c", "raise SystemExit(3)"), signal.SIGTERM)
    child = Child(web, start.launch(web, dict(os.environ)))
    assert start.welcome("127.0.0.1", 8000, [child]) == "web"


def test_a_demo_that_is_not_complete_is_told_and_nothing_else_ends(capsys):
    demo = Program(
        "contoh", (sys.executable, "-c", "raise SystemExit(1)"), signal.SIGINT, needed=False
    )
    running = [Child(demo, start.launch(demo, dict(os.environ)))]
    running[0].process.wait()
    start.look_after(running[0], running, {})
    assert running == []
    assert "demo content is not complete" in capsys.readouterr().err
