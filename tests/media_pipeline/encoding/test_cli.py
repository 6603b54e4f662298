"""The command line, as a person or a script uses it."""

import json
import os
import pty
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import m3u8
import pytest

from media_pipeline.cli.progress import Shown
from media_pipeline.cli.scratch import working_folder
from media_pipeline.cli.stopping import heeded
from media_pipeline.pipeline import Progress

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
    for name in ("probe", "publish", "plan", "verify", "bench", "origin"):
        taught = siar(name, "--help")
        assert taught.returncode == 0
        assert f"python -m media_pipeline {name}" in taught.stdout
        assert "exit codes:" in taught.stdout


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
    assert done.returncode == 0
    assert "report: low resolution (lines 180)\n" in done.stderr
    *progress, last = [line for line in done.stderr.splitlines() if line[0] == " " or "%" in line]
    assert progress[0] == "  0% probing"
    assert last.startswith("100% finishing")
    assert len(progress) < 14
    assert [int(line[:3]) for line in progress] == sorted(int(line[:3]) for line in progress)
    assert done.stdout.strip() == str(folder / "master.m3u8")
    master = m3u8.load(done.stdout.strip())
    assert all((folder / p.uri).is_file() for p in master.playlists)
    assert left_in(folder.parent) == ["film"]


def test_a_log_says_when_the_work_becomes_slower(capsys):
    shown = Shown(as_json=False)
    for left, slower in ((60.0, False), (90.0, True), (91.0, True)):
        shown(Progress("encoding", 0.5, left, slower=slower))
    assert capsys.readouterr().err.splitlines() == [
        " 50% encoding, about 1 min 00 s left",
        " 50% encoding, about 1 min 30 s left (slower than at first: is the machine busy?)",
    ]


def test_a_log_has_a_line_for_each_stage_and_tenth_with_the_time_left(capsys):
    shown = Shown(as_json=False)
    for stage, fraction, left in (
        ("probing", 0, None),
        ("encoding", 0.02, None),
        ("encoding", 0.07, 81.0),
        ("encoding", 0.21, 65.2),
        ("encoding", 0.29, 50.0),
        ("finishing", 0.999, 1.0),
        ("finishing", 1, 0),
    ):
        shown(Progress(stage, fraction, left))
    assert capsys.readouterr().err.splitlines() == [
        "  0% probing",
        "  2% encoding",
        " 21% encoding, about 1 min 05 s left",
        " 99% finishing, about 1 s left",
        "100% finishing",
    ]


def test_publish_into_a_store_lies_where_an_origin_looks(short, tmp_path):
    done = siar("publish", short, tmp_path / "published", "--store", "--json-progress")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert lines[0] == {"stage": "probing", "fraction": 0, "eta_seconds": None, "slower": False}
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
    shown = b""
    # A read brings 4 kB at most; the last one fails, since the other end is closed.
    with suppress(OSError):
        while more := os.read(main, 65_536):
            shown += more
    os.close(main)
    assert "█" in shown.decode(errors="replace")
    assert b"100% finishing" in shown


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


def encoding(path: Path, folder: Path) -> subprocess.Popen[str]:
    """Return a `publish` of `path` into `folder` that has begun to encode."""
    process = subprocess.Popen(
        command("publish", path, folder, "--json-progress"),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    while "encoding" not in process.stdout.readline():
        assert process.poll() is None
    return process


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopping_leaves_nothing(film, tmp_path, number):
    path = film("stopped.mp4", size="426x240", seconds=20)
    process = encoding(path, tmp_path / "film")
    asked = time.monotonic()
    process.send_signal(number)
    _, complaint = process.communicate(timeout=20)
    assert time.monotonic() - asked < 15
    assert process.returncode == 130
    assert complaint == "The work was stopped on request; nothing of it is left.\n"
    assert left_in(tmp_path) == []


def test_what_a_killed_run_left_beside_the_folder_goes_with_the_next(film, short, tmp_path):
    path = film("stopped.mp4", size="426x240", seconds=20)
    killed = encoding(path, tmp_path / "film")
    (left,) = tmp_path.glob(".siar-*")
    with working_folder(tmp_path, ".siar-") as mine:
        assert left_in(tmp_path) == sorted([left.name, mine.name])  # it is at work
        killed.kill()
        killed.communicate()
        assert siar("publish", short, tmp_path / "film").returncode == 0
        assert left_in(tmp_path) == sorted(["film", mine.name])
    assert left_in(tmp_path) == ["film"]


def test_the_temporary_files_of_a_killed_command_go_with_the_next(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    (tmp_path / "siar-probe-1a2b").mkdir()  # a worker's, which holds no lock
    waits = (
        "import tempfile, time; from media_pipeline.cli.stopping import heeded\n"
        "with heeded(): print(tempfile.mkdtemp(), flush=True); time.sleep(600)"
    )
    killed = subprocess.Popen(
        [sys.executable, "-c", waits], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert killed.stdout is not None
    scratch = Path(killed.stdout.readline().strip()).parent
    with heeded():
        assert scratch.is_dir()  # it is at work
        killed.kill()
        killed.communicate()
    with heeded():
        assert not scratch.exists()
    assert left_in(tmp_path) == ["siar-probe-1a2b"]


def test_plan_prints_commands_that_a_shell_could_run(short):
    lines = siar("plan", "--workers", 1, short).stdout.splitlines()
    commands = [line for line in lines if line and not line.startswith("#")]
    assert len(commands) >= 3  # loudness, sound, at least one chunk
    for line in commands:
        words = shlex.split(line)
        assert words[0].startswith("/")
        assert f"file:{short}" in words


def test_plan_gives_the_reason_for_each_rung_and_makes_nothing(short, tmp_path):
    told = json.loads(
        subprocess.run(
            command("plan", "--json", short),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "TMPDIR": str(tmp_path)},
            timeout=60,
        ).stdout
    )
    assert left_in(tmp_path) == []
    assert told["rungs"][0]["name"] == "v144"
    assert all(rung["reason"] for rung in told["rungs"])
    assert sum(task["weight"] for task in told["tasks"]) == pytest.approx(1)
    assert {task["name"] for task in told["tasks"]} > {c["task"] for c in told["commands"]}
    shown = siar("plan", short).stdout
    assert all(rung["reason"] in shown for rung in told["rungs"])


def test_verify_tells_a_good_publication_from_a_damaged_one(short, tmp_path):
    siar("publish", short, tmp_path / "film")
    good = siar("verify", tmp_path / "film")
    assert (good.returncode, good.stdout) == (0, "")
    gone = next((tmp_path / "film").glob("*/v*/00001.m4s"))
    gone.unlink()
    bad = siar("verify", tmp_path / "film")
    assert bad.returncode == 1
    assert f"{gone.parent.name}/00001.m4s: the file does not exist\n" in bad.stdout
    told = json.loads(siar("verify", "--json", tmp_path / "film").stdout)
    assert told[0]["sentence"] == "the file does not exist"


def test_verify_reads_a_store_by_an_id(short, tmp_path):
    store = tmp_path / "published"
    done = siar("publish", short, store, "--store", "--json-progress", "--workers", 2)
    publication = json.loads(done.stdout.splitlines()[-1])["publication"]
    good = siar("verify", "--store", store, publication)
    assert (good.returncode, good.stdout) == (0, "")
    assert siar("verify", "--store", store, "0" * 32).returncode == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (("verify", "/nowhere"), "/nowhere is not a folder"),
        (("verify", "--store", "/nowhere", "0" * 32), "/nowhere is not a folder"),
        (("publish", "--workers", "0", "a.mp4", "b"), "0 is no number of workers"),
        (("bench", "--seconds", "1"), "4 to 600 seconds"),
        (("verify", "--store", "s3://", "x"), "The store is s3://BUCKET"),
    ],
)
def test_what_makes_no_sense_is_said_in_a_sentence(typed, sentence):
    done = siar(*typed)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


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
