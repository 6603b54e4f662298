"""Every command of docs/command-line.md does what the page says, in the page's order."""

import json
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from media_pipeline.cli.parser import EXIT_CODES

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "command-line.md").read_text()
COMMANDS = [
    shlex.split(line)
    for block in re.findall(r"```sh\n(.*?)```", PAGE, re.S)
    for line in block.splitlines()
]


@pytest.fixture(scope="module")
def place(film, tmp_path_factory) -> Path:
    """A folder with market.mp4 in it, as the page takes for granted."""
    folder = tmp_path_factory.mktemp("documents")
    shutil.copy(film("documents.mp4", seconds=4.5), folder / "market.mp4")
    return folder


def typed(words: list[str]) -> list[str]:
    assert words[:3] == ["python", "-m", "media_pipeline"]
    return [sys.executable, *words[1:]]


def test_the_page_has_every_command():
    from media_pipeline.cli.parser import parser

    shown = parser().format_help()
    named = {words[3] for words in COMMANDS}
    assert named == {"probe", "plan", "publish", "verify", "bench", "origin"}
    assert all(name in shown for name in named)


def test_the_page_and_the_help_give_the_same_exit_codes():
    told = set(re.findall(r"^\| (\d+) \|", PAGE, re.M))
    assert told == set(re.findall(r"^  (\d+)", EXIT_CODES, re.M))


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words[3:]))
def test_a_command_of_the_page_works(words, place, monkeypatch):
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    if words[3] == "origin":
        serves(words, place, environment)
        return
    done = subprocess.run(
        typed(words), cwd=place, capture_output=True, text=True, timeout=120, env=environment
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    if "--json" in words:
        json.loads(done.stdout)
    if "--json-progress" in words:
        last = json.loads(done.stdout.splitlines()[-1])
        assert (place / last["folder"] / "master.m3u8").is_file()


def serves(words: list[str], place: Path, environment: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [word if word != "8080" else str(port) for word in typed(words)],
        cwd=place,
        env=environment,
    )
    try:
        deadline = time.monotonic() + 30
        while socket.socket().connect_ex(("127.0.0.1", port)) != 0:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        process.terminate()
        assert process.wait(20) == 0
