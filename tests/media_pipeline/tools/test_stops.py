"""What ended a process: itself, or something that says nothing of the file it was at."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from media_pipeline import tools
from media_pipeline.errors import Stop, ToolStopped
from media_pipeline.tools import stops

PYTHON = [Path(sys.prefix), Path(sys.base_prefix)]
LIMITS = tools.Limits(memory=4 << 30, cpu_seconds=60, wall_seconds=600, file_bytes=1 << 30)
ROOT = Path(__file__).parents[3]


def run(scratch: Path, code: str) -> tools.Finished:
    argv = [sys.executable, "-c", f"import os, signal, sys\n{code}"]
    return tools.run(argv, limits=LIMITS, scratch=scratch, name="job", reads=PYTHON)


SIGNALS: dict[signal.Signals, Stop] = {
    signal.SIGKILL: "killed",
    signal.SIGTERM: "killed",
    signal.SIGHUP: "killed",
    signal.SIGSEGV: "crashed",
    signal.SIGABRT: "crashed",
    signal.SIGBUS: "crashed",
    signal.SIGFPE: "crashed",
    signal.SIGXCPU: "cpu",
}


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_whoever_is_ended_by_a_signal_was_stopped(number, tmp_path):
    with pytest.raises(ToolStopped) as stopped:
        run(tmp_path, f"os.kill(os.getpid(), {int(number)})")
    assert stopped.value.how == SIGNALS[number]


CODES: dict[str, tuple[int, str, Stop | None]] = {
    "an error of the file": (183, "Invalid data found when processing input", None),
    "ffmpeg's code for a full disk": (228, "Conversion failed!", "disk"),
    "a quota": (134, "", "disk"),
    "ffmpeg's code for no memory": (244, "", "memory"),
    "ffmpeg's code for a file too large": (229, "", "output"),
    "ffmpeg that caught a signal, closed its files and looks done": (255, "", "killed"),
    "an error that has the same code": (255, "[in#0] Operation not permitted", None),
    "words of an older ffmpeg": (1, "av_write_frame(): No space left on device", "disk"),
    "words in brackets": (
        1,
        "[mux] code -28 (No space left on device)\nConversion failed!",
        "disk",
    ),
    "words of ffprobe": (1, "/a.mp4: Cannot allocate memory", "memory"),
    "words of x264": (1, "x264 [error]: malloc of size 12441600 failed", "memory"),
    "a title of the file": (1, "    title           : No space left on device", None),
    "the same with a colon": (1, "    title           : x: No space left on device", None),
    "words that another code belies": (183, "x: No space left on device", None),
    "success": (0, "", None),
    "success with such words": (0, "x: No space left on device", None),
}


@pytest.mark.parametrize("case", CODES)
def test_a_code_and_the_last_words_tell_what_ended_it(case, tmp_path):
    code, words, how = CODES[case]
    assert stops.stop_of(code, words.encode(), tmp_path) == how


def test_a_crash_for_want_of_memory_is_no_poison(tmp_path):
    said = b"terminate called after throwing an instance of 'std::bad_alloc'"
    assert stops.stop_of(-signal.SIGABRT, said, tmp_path) == "memory"


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_ffmpeg_that_a_person_ends_has_not_done_its_work(tmp_path):
    """It writes a whole file and says nothing: only the code tells."""
    argv = [
        *(tools.ffmpeg(), "-nostdin", "-v", "error", "-re", "-f", "lavfi", "-i", "color=d=600"),
        *("-c:v", "libx264", "-progress", "pipe:1", "-stats_period", "0.1", "cut.mp4"),
    ]

    ended: list[int] = []

    def end(listing: Path) -> None:
        if b"progress=" in listing.read_bytes() and not ended:
            for process in Path("/proc").glob("[0-9]*"):
                if _works_in(process, tmp_path):
                    ended.append(int(process.name))
                    os.kill(ended[-1], signal.SIGTERM)

    with pytest.raises(ToolStopped) as stopped:
        tools.run(argv, limits=LIMITS, scratch=tmp_path, name="job", on_poll=end)
    assert stopped.value.how == "killed"
    assert (tmp_path / "job.err").read_text() == ""


def _works_in(process: Path, folder: Path) -> bool:
    try:
        return (process / "cwd").readlink() == folder
    except OSError:
        return False


SMALL_DISK = """
import pathlib, subprocess, sys
from media_pipeline import tools
from media_pipeline.errors import ToolStopped
scratch = pathlib.Path(sys.argv[1])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "none", str(scratch)], check=True)
limits = tools.Limits(4 << 30, 60, 600, 1 << 30)
def ended(argv):
    try:
        return tools.run(argv, limits=limits, scratch=scratch, name="job",
            reads=[pathlib.Path(sys.prefix), pathlib.Path(sys.base_prefix)]).code
    except ToolStopped as stopped:
        return stopped.how
    finally:
        for left in scratch.iterdir():
            left.unlink()
film = "color=s=1280x720:d=600"
made = [tools.ffmpeg(), "-v", "error", "-f", "lavfi", "-i", film, "-c:v", "rawvideo", "a.nut"]
print("an encoder", ended(made))
silent = "import os\\ntry:\\n    while True: os.write(1, bytes(1 << 20))\\nexcept OSError: pass"
print("who says nothing", ended([sys.executable, "-c", silent]))
print("who needs little", ended([sys.executable, "-c", "print(1)"]))
"""


@pytest.mark.skipif(shutil.which("unshare") is None, reason="needs util-linux's unshare")
def test_a_full_disk_is_seen_though_a_tool_says_nothing_of_it(tmp_path):
    inside = ["unshare", "--map-root-user", "--mount"]
    probe = [*inside, "mount", "-t", "tmpfs", "none", str(tmp_path)]
    if subprocess.run(probe, check=False, capture_output=True).returncode:
        pytest.skip("this system lets nobody mount a disk of their own")
    ended = subprocess.run(
        [*inside, sys.executable, "-c", SMALL_DISK, str(tmp_path)],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert ended.stderr == ""
    assert ended.stdout.splitlines() == [
        "an encoder disk",
        "who says nothing disk",
        "who needs little 0",
    ]
