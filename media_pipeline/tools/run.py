"""The one place that starts ffmpeg and ffprobe: limited, watched, and killed as a group."""

import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from media_pipeline.errors import Cancelled, StepFailed
from media_pipeline.planning import inputs
from media_pipeline.tools import binaries

_CONFINE = str(Path(__file__).with_name("confine.py"))
_POLL = 0.05
_POLL_SLOWEST = 0.25
_TAIL = 4096
_LONGEST_COMPLAINT = 1 << 20
_OPEN_FILES = 256

Stop = Literal["cpu", "memory", "output", "killed"]

_STOPS: dict[int, Stop] = {
    -signal.SIGXCPU: "cpu",
    -signal.SIGXFSZ: "output",
    -signal.SIGKILL: "killed",  # by the system, which does so when memory ends, or by a person
}

_SENTENCES: dict[Stop, str] = {
    "cpu": "It needed more processor time than allowed.",
    "memory": "It ran out of memory: it needed more than allowed.",
    "output": "It wrote more than allowed.",
    "killed": "It was killed from outside, as when a machine is out of memory.",
}


class Limits(msgspec.Struct, frozen=True):
    """What one process may use: bytes of address space and of each file written, seconds.

    `resident` is what it may really hold in memory, watched where /proc tells it.
    """

    memory: int
    cpu_seconds: int
    wall_seconds: float
    file_bytes: int
    resident: int = 4 << 30

    def resources(self) -> dict[str, int]:
        """Return the limits that the system keeps, by their names."""
        return {
            "RLIMIT_AS": self.memory,
            "RLIMIT_CPU": self.cpu_seconds,
            "RLIMIT_FSIZE": self.file_bytes,
            # 1, not 0: a core that goes to a program by a pipe heeds only this value (fs/coredump).
            "RLIMIT_CORE": 1,
            "RLIMIT_NOFILE": _OPEN_FILES,
        }


class Finished(msgspec.Struct, frozen=True):
    """How a process ended, and the files with what it wrote; `stopped` is the limit it met."""

    code: int
    stdout: Path
    stderr: Path
    stopped: Stop | None = None

    @property
    def complaint(self) -> str:
        """The end of what it wrote to stderr, and which limit ended it."""
        reason = _SENTENCES[self.stopped] if self.stopped else ""
        return f"{_tail(self.stderr).strip()}\n{reason}".strip()

    @property
    def last_words(self) -> str:
        """The last line of the complaint."""
        return self.complaint.rpartition("\n")[2].strip()


def run(
    argv: Sequence[str],
    *,
    limits: Limits,
    scratch: Path,
    name: str,
    cancelled: Callable[[], bool] = lambda: False,
    on_poll: Callable[[Path], None] = lambda _stdout: None,
    reads: Sequence[Path] = (),
) -> Finished:
    """Run `argv` in the folder `scratch` and return how it ended.

    It reads the files that `argv` names, `reads` and the system's programs, and
    writes in `scratch`; nothing else of this machine, and no network (confine.py).

    stdout and stderr go to files there, since a pipe that nobody reads stops
    ffmpeg. `on_poll` is given the growing stdout. Raises Cancelled when
    `cancelled()` turns true and StepFailed when the wall clock runs out; in
    both cases, as with any exception, the whole process group is dead by then.
    ValueError is a mistake of ours: a command of ffmpeg that leaves an input unguarded.
    """
    _check_guarded(argv)
    stdout, stderr = scratch / f"{name}.out", scratch / f"{name}.err"
    deadline = time.monotonic() + limits.wall_seconds
    # Appending: what is cut off a complaint that never ends is free for more of it.
    with stdout.open("wb") as out, stderr.open("wb") as emptied, stderr.open("ab") as err:
        emptied.close()
        process = subprocess.Popen(
            [
                sys.executable,
                "-I",
                "-S",
                _CONFINE,
                str(os.getpid()),
                *_confined(argv, limits, scratch, reads),
            ],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            cwd=scratch,
            env=_environment(scratch),
            start_new_session=True,
        )

    def look() -> None:
        _keep_short(stderr)
        on_poll(stdout)

    try:
        stopped = _wait(process, limits, deadline, cancelled, look)
    finally:
        _end(process)
    return Finished(process.returncode, stdout, stderr, stopped or _STOPS.get(process.returncode))


def _check_guarded(argv: Sequence[str]) -> None:
    """Whoever writes a command, no input is opened without the whitelists."""
    if argv[0] in (binaries.ffmpeg(), binaries.ffprobe()):
        fault = inputs.unguarded(argv)
        if fault is not None:
            raise ValueError(f"a command must not be run: {fault}")


def _confined(
    argv: Sequence[str], limits: Limits, scratch: Path, reads: Sequence[Path]
) -> list[str]:
    """Return what confine.py is to give up and then to become."""
    named = [Path(part.removeprefix("file:")) for part in argv]
    confinement = {
        "limits": limits.resources(),
        # The program's folder, for libraries beside it; of the rest each file by its name.
        "read": [
            str(Path(argv[0]).resolve().parent),
            *(str(path) for path in named if path.is_absolute() and path.exists()),
            *map(str, reads),
        ],
        "write": [str(scratch)],
    }
    return [json.dumps(confinement), *argv]


def _environment(scratch: Path) -> dict[str, str]:
    """Return next to nothing: what a tool is told by its environment, a hostile file could use."""
    return {
        "PATH": os.environ.get("PATH", ""),
        "LC_ALL": "C.UTF-8",
        "HOME": str(scratch),
        # glibc reserves 64 MB of address space for each thread's arena: many cores would
        # meet RLIMIT_AS without using any memory.
        "MALLOC_ARENA_MAX": "4",
        # SVT-AV1 heeds no -v of ffmpeg: its greetings would be the last words of an error.
        "SVT_LOG": "1",
    }


def _wait(
    process: subprocess.Popen[bytes],
    limits: Limits,
    deadline: float,
    cancelled: Callable[[], bool],
    on_poll: Callable[[], None],
) -> Stop | None:
    """Wait for the end of `process`; return the limit that was met, if we saw it."""
    pause = _POLL / 5
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(pause)
            return None
        if cancelled():
            raise Cancelled("The work was stopped on request; nothing of it is left.")
        if time.monotonic() > deadline:
            raise StepFailed("The tool took longer than allowed and was stopped: try again.")
        if _resident(process.pid) > limits.resident:
            return "memory"
        on_poll()
        pause = min(pause * 1.5, _POLL_SLOWEST)


def _resident(pid: int) -> int:
    """Return how many bytes of memory the process really holds; 0 where the system tells none."""
    try:
        statistics = Path(f"/proc/{pid}/statm").read_text(encoding="ascii")
        return int(statistics.split()[1]) * resource.getpagesize()
    except (OSError, ValueError, IndexError):
        return 0  # not Linux, or it has just ended


def _keep_short(complaint: Path) -> None:
    """Empty a complaint that a hostile file makes endless; its end is what is read."""
    if complaint.stat().st_size > _LONGEST_COMPLAINT:
        os.truncate(complaint, 0)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill the process group if its leader still runs, and reap it."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _tail(path: Path) -> str:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        return file.read().decode("utf-8", "replace")
