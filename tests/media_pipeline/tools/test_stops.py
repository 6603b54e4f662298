"""What ended a process: itself, or something that says nothing of the file it was at."""

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from media_pipeline import tools
from media_pipeline.errors import Stop, ToolStopped
from media_pipeline.tools import stops

PYTHON = [Path(sys.prefix), Path(sys.base_prefix)]
LIMITS = tools.Limits(memory=4 << 30, cpu_seconds=60, wall_seconds=600, file_bytes=1 << 30)
ROOT = Path(__file__).parents[3]


def run(scratch: Path, code: str) -> tools.Finished:
    argv = [sys.executable, "-c", f"import os, signal, sys, time\n{code}"]
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
        run(tmp_path, f"os.kill(os.getpid(), {int(number)}); time.sleep(600)")
    assert stopped.value.how == SIGNALS[number]


SPENT: dict[str, tuple[int, str, float, Stop | None]] = {
    "the system, at the limit": (-signal.SIGKILL, "", 1.0, "cpu"),
    "counted by another clock": (-signal.SIGKILL, "", 0.91, "cpu"),
    "a person, or the end of memory, long before": (-signal.SIGKILL, "", 0.85, "killed"),
    "a signal of its own": (-signal.SIGXCPU, "", 1.0, "cpu"),
    "ffmpeg that caught it, closed its files and looks done": (255, "", 1.0, "cpu"),
    "ffmpeg that caught it four times": (123, "", 1.0, "cpu"),
    "ffmpeg that a person ended": (255, "", 0.5, "killed"),
    "ffmpeg that a person ended with force": (123, "", 0.5, "killed"),
    "a person by SIGTERM": (-signal.SIGTERM, "", 1.0, "killed"),
    "an error that has the same code": (255, "[in#0] Operation not permitted", 1.0, None),
    "a crash just before": (-signal.SIGSEGV, "", 1.0, "crashed"),
    "an end of its own just before": (0, "", 0.99, None),
    "an error of the file just before": (183, "Invalid data found", 0.99, None),
}


@pytest.mark.parametrize("case", SPENT)
def test_a_killed_process_that_had_used_up_its_time_met_the_limit(case, tmp_path):
    code, words, spent, how = SPENT[case]
    assert stops.stop_of(code, words.encode(), tmp_path, spent=spent) == how


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
    assert stops.stop_of(code, words.encode(), tmp_path, spent=0.0) == how


def test_a_crash_for_want_of_memory_is_no_poison(tmp_path):
    said = b"terminate called after throwing an instance of 'std::bad_alloc'"
    assert stops.stop_of(-signal.SIGABRT, said, tmp_path, spent=0.0) == "memory"


@pytest.mark.parametrize("coder", ["libx264", "wrapped_avframe"])
def test_ffmpeg_that_needs_more_processor_time_than_allowed_says_so(coder, tmp_path):
    """It would catch what the system sends first, and look done, or killed."""
    argv = [
        *(tools.ffmpeg(), "-nostdin", "-v", "error", "-f", "lavfi", "-i", "color=d=600000"),
        *("-c:v", coder, "-f", "null", "-"),
    ]
    short = msgspec.structs.replace(LIMITS, cpu_seconds=1)
    with pytest.raises(ToolStopped) as stopped:
        tools.run(argv, limits=short, scratch=tmp_path, name="job")
    assert stopped.value.how == "cpu"


LOWER = """
import pathlib, resource, sys, time
from media_pipeline import tools
seconds = int(time.process_time()) + 3
resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
tools.run([sys.executable, "-c", "while True: pass"], limits=tools.Limits(4 << 30, 600, 600, 1 << 20),
    scratch=pathlib.Path(sys.argv[1]), name="job",
    reads=[pathlib.Path(sys.prefix), pathlib.Path(sys.base_prefix)])
"""


def test_the_lower_limit_of_who_starts_it_holds_and_is_named(tmp_path):
    argv = [sys.executable, "-c", LOWER, str(tmp_path)]
    ended = subprocess.run(argv, check=False, capture_output=True, text=True, cwd=ROOT)
    assert "It needed more processor time than allowed" in ended.stderr


AT_WORK = ("-re", "-f", "lavfi", "-i", "color=d=600")
"""It would make its file whole and say nothing."""

OPENING = (
    *("-protocol_whitelist", "file", "-format_whitelist", "mpegts", "-max_pixels", "1"),
    *("-i", "silent.ts"),
)
"""It would call the file, which says nothing yet, invalid."""


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
@pytest.mark.parametrize("source", [AT_WORK, OPENING], ids=["at work", "opening"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
def test_ffmpeg_that_a_person_ends_has_neither_done_its_work_nor_found_a_fault(
    source, number, tmp_path
):
    os.mkfifo(tmp_path / "silent.ts")
    writer = os.open(tmp_path / "silent.ts", os.O_RDWR)
    argv = [tools.ffmpeg(), "-nostdin", "-v", "error", *source, "-c:v", "libx264", "cut.mp4"]
    ended: list[int] = []

    def end(_listing: Path) -> None:
        for process in Path("/proc").glob("[0-9]*"):
            if not ended and _catches(process, tmp_path, number):
                ended.append(int(process.name))
                os.kill(ended[-1], number)

    with pytest.raises(ToolStopped) as stopped:
        tools.run(argv, limits=LIMITS, scratch=tmp_path, name="job", on_poll=end)
    os.close(writer)
    assert stopped.value.how == "killed"


def _catches(process: Path, folder: Path, number: int) -> bool:
    """Whether `process` is ffmpeg, in `folder`, and has begun to catch the signal `number`."""
    try:
        program, place = (process / "exe").readlink(), (process / "cwd").readlink()
        status = (process / "status").read_text()
    except OSError:
        return False
    caught = re.search(r"^SigCgt:\s*(\w+)", status, re.MULTILINE)
    assert caught is not None
    ours = place == folder and program == Path(tools.ffmpeg()).resolve()
    return ours and bool(int(caught[1], 16) >> (number - 1) & 1)


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
