"""The command line, as a person or a script uses it."""

import json
import os
import pty
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import m3u8
import pytest

ROOT = Path(__file__).parents[3]


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "media_pipeline", *map(str, arguments)]


def siar(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments), cwd=ROOT, capture_output=True, text=True, timeout=120
    )


@pytest.fixture(scope="module")
def short(film) -> Path:
    return film("cli.mp4", seconds=5)


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_help_teaches_by_examples_and_exit_codes():
    shown = siar("--help").stdout
    assert "publish market.mp4" in shown
    assert "exit codes:" in shown
    for name in ("probe", "publish", "plan", "origin"):
        assert siar(name, "--help").returncode == 0


def test_probe_gives_json_to_a_script(short):
    facts = json.loads(siar("probe", short).stdout)
    assert (facts["video"]["width"], facts["video"]["height"]) == (320, 180)
    assert facts["audio"][0]["codec"] == "aac"


def test_probe_speaks_to_a_person_on_a_terminal(short):
    main, other = pty.openpty()
    subprocess.run(command("probe", short), cwd=ROOT, stdout=other, check=True, timeout=60)
    os.close(other)
    shown = os.read(main, 4096).decode()
    os.close(main)
    assert "picture: h264, 320 × 180, 25.00 frames/s" in shown


def test_publish_makes_a_folder_that_plays_from_any_web_server(short, tmp_path):
    folder = tmp_path / "www" / "film"
    done = siar("publish", short, folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() == str(folder / "master.m3u8")
    master = m3u8.load(done.stdout.strip())
    assert all((folder / p.uri).is_file() for p in master.playlists)
    assert left_in(folder.parent) == ["film"]


def test_publish_into_a_store_lies_where_an_origin_looks(short, tmp_path):
    done = siar("publish", short, tmp_path / "published", "--store", "--json-progress")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert lines[0] == {"stage": "probing", "fraction": 0, "eta_seconds": None}
    last = lines[-1]
    assert last["stage"] == "done"
    place = tmp_path / "published" / "publications" / last["publication"]
    assert Path(last["folder"]) == place
    assert (place / "publication.json").is_file()
    assert left_in(tmp_path / "published") == ["publications"]


def test_a_terminal_sees_a_bar(short, tmp_path):
    main, other = pty.openpty()
    subprocess.run(
        command("publish", short, tmp_path / "film"),
        cwd=ROOT,
        stderr=other,
        stdout=subprocess.DEVNULL,
        check=True,
        timeout=120,
    )
    os.close(other)
    shown = os.read(main, 65_536).decode(errors="replace")
    os.close(main)
    assert "█" in shown
    assert "100% finishing" in shown


def test_what_is_there_is_not_overwritten(short, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    done = siar("publish", short, tmp_path)
    assert done.returncode == 2
    assert "is there already" in done.stderr
    assert left_in(tmp_path) == ["notes.txt"]


def test_bad_input_is_one_sentence_and_leaves_nothing(tmp_path):
    bad = tmp_path / "bad.mp4"
    bad.write_text("#EXTM3U\nhttp://127.0.0.1:9/x.ts\n")
    done = siar("publish", bad, tmp_path / "a" / "b")
    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "points to other files" in done.stderr
    assert left_in(tmp_path) == ["bad.mp4"]


def test_a_tool_that_is_missing_is_one_sentence(short, tmp_path):
    done = subprocess.run(
        command("publish", short, tmp_path / "film"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "SIAR_FFMPEG": "/nowhere/ffmpeg"},
        timeout=60,
    )
    assert done.returncode == 1
    assert "SIAR_FFMPEG" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopping_leaves_nothing(film, tmp_path, number):
    path = film("stopped.mp4", size="426x240", seconds=20)
    process = subprocess.Popen(
        command("publish", path, tmp_path / "film", "--json-progress"),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    while "encoding" not in process.stdout.readline():
        assert process.poll() is None
    asked = time.monotonic()
    process.send_signal(number)
    _, complaint = process.communicate(timeout=20)
    assert time.monotonic() - asked < 3
    assert process.returncode == 130
    assert complaint == "The work was stopped on request; nothing of it is left.\n"
    assert left_in(tmp_path) == []


def test_plan_prints_commands_that_a_shell_could_run(short):
    lines = siar("plan", short).stdout.splitlines()
    assert len(lines) == 3  # loudness, sound, one chunk
    for line in lines:
        words = shlex.split(line)
        assert words[0].startswith("/")
        assert f"file:{short}" in words


def test_origin_serves_what_publish_put_into_the_store(short, tmp_path):
    store = tmp_path / "published"
    done = siar("publish", short, store, "--store", "--json-progress")
    publication = json.loads(done.stdout.splitlines()[-1])["publication"]
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(command("origin", "--store", store, "--port", port), cwd=ROOT)
    try:
        address = f"http://127.0.0.1:{port}/vod/{publication}/master.m3u8"
        assert "#EXT-X-STREAM-INF" in answer(address, process)
    finally:
        process.terminate()
        assert process.wait(20) == 0


def answer(address: str, process: subprocess.Popen) -> str:
    """The text at `address`, as soon as `process` listens."""
    deadline = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as reply:
                return reply.read().decode()
        except OSError:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_origin_says_what_is_wrong_in_one_sentence(tmp_path):
    done = siar("origin", "--store", tmp_path / "nowhere", "--port", "1")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
