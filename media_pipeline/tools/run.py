"""The one place that starts ffmpeg and ffprobe: limited, watched, and killed as a group."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from media_pipeline.errors import Cancelled, StepFailed

_CONFINE = str(Path(__file__).with_name("confine.py"))
_POLL = 0.05
_POLL_SLOWEST = 0.25
_TAIL = 4096


class Limits(msgspec.Struct, frozen=True):
    """What one process may use: bytes of address space and of each file written, seconds."""

    memory: int
    cpu_seconds: int
    wall_seconds: float
    file_bytes: int

    def as_json(self) -> str:
        """Return the limits as confine.py reads them."""
        return json.dumps(
            {
                "RLIMIT_AS": self.memory,
                "RLIMIT_CPU": self.cpu_seconds,
                "RLIMIT_FSIZE": self.file_bytes,
                "RLIMIT_CORE": 0,
            }
        )


class Finished(msgspec.Struct, frozen=True):
    """How a process ended, and the files with what it wrote."""

    code: int
    stdout: Path
    stderr: Path

    @property
    def complaint(self) -> str:
        """The end of what it wrote to stderr."""
        return _tail(self.stderr).strip()

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
) -> Finished:
    """Run `argv` in the folder `scratch` and return how it ended.

    stdout and stderr go to files there, since a pipe that nobody reads stops
    ffmpeg. `on_poll` is given the growing stdout. Raises Cancelled when
    `cancelled()` turns true and StepFailed when the wall clock runs out; in
    both cases, as with any exception, the whole process group is dead by then.
    """
    stdout, stderr = scratch / f"{name}.out", scratch / f"{name}.err"
    deadline = time.monotonic() + limits.wall_seconds
    with stdout.open("wb") as out, stderr.open("wb") as err:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", _CONFINE, str(os.getpid()), limits.as_json(), *argv],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            cwd=scratch,
            env=_environment(scratch),
            start_new_session=True,
        )
    try:
        _wait(process, deadline, cancelled, lambda: on_poll(stdout))
    finally:
        _end(process)
    return Finished(code=process.returncode, stdout=stdout, stderr=stderr)


def _environment(scratch: Path) -> dict[str, str]:
    """Return next to nothing: what a tool is told by its environment, a hostile file could use."""
    return {
        "PATH": os.environ.get("PATH", ""),
        "LC_ALL": "C.UTF-8",
        "HOME": str(scratch),
        # glibc reserves 64 MB of address space for each thread's arena: many cores would
        # meet RLIMIT_AS without using any memory.
        "MALLOC_ARENA_MAX": "4",
    }


def _wait(
    process: subprocess.Popen[bytes],
    deadline: float,
    cancelled: Callable[[], bool],
    on_poll: Callable[[], None],
) -> None:
    pause = _POLL / 5
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(pause)
            return
        if cancelled():
            raise Cancelled("The work was stopped on request; nothing of it is left.")
        if time.monotonic() > deadline:
            raise StepFailed("The tool took longer than allowed and was stopped: try again.")
        on_poll()
        pause = min(pause * 1.5, _POLL_SLOWEST)


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
