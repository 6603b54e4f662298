"""The one place that starts ffmpeg and ffprobe: limited, watched, and killed as a group."""

import errno
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from media_pipeline.errors import Cancelled, Stop, ToolStopped
from media_pipeline.planning import inputs
from media_pipeline.tools import binaries
from media_pipeline.tools.child import Child
from media_pipeline.tools.complaint import Complaint
from media_pipeline.tools.stops import SENTENCES, has_room, sent, stop_of

_CONFINE = str(Path(__file__).with_name("confine.py"))
_POLL = 0.05
_POLL_SLOWEST = 0.25
_TAIL = 4096
_OPEN_FILES = 256


URGENT = 5
"""The niceness of what viewers wait for: three times the share of other work, and still below
that of web, origin and database."""


class Limits(msgspec.Struct, frozen=True):
    """What one process may use: bytes of address space and of each file written, seconds.

    `resident` is what it may really hold in memory, watched where /proc tells it.
    `nice` is by how much it gives way; the input and output priority follows it: of 10,
    best effort 6 of 7 (Documentation/block/ioprio).
    """

    memory: int
    cpu_seconds: int
    wall_seconds: float
    file_bytes: int
    resident: int = 4 << 30
    nice: int = 10

    def processor_seconds(self) -> int:
        """Return the seconds of processor time: no more than this process may allow."""
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        return self.cpu_seconds if hard == resource.RLIM_INFINITY else min(self.cpu_seconds, hard)

    def resources(self) -> dict[str, int]:
        """Return the limits that the system keeps, by their names."""
        return {
            "RLIMIT_AS": self.memory,
            "RLIMIT_CPU": self.processor_seconds(),
            "RLIMIT_FSIZE": self.file_bytes,
            # 1, not 0: a core that goes to a program by a pipe heeds only this value (fs/coredump).
            "RLIMIT_CORE": 1,
            "RLIMIT_NOFILE": _OPEN_FILES,
        }


class Finished(msgspec.Struct, frozen=True):
    """A process that came to an end of its own: its code, and the files with what it wrote."""

    code: int
    stdout: Path
    stderr: Path

    @property
    def complaint(self) -> str:
        """The end of what it wrote to stderr."""
        with self.stderr.open("rb") as file:
            file.seek(max(0, self.stderr.stat().st_size - _TAIL))
            return file.read().decode("utf-8", "replace").strip()

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
    on_complaint: Callable[[], None] = lambda: None,  # told that there is something on stderr
    reads: Sequence[Path] = (),
) -> Finished:
    """Run `argv` in the folder `scratch` and return how it ended, of its own.

    It reads what `argv` names, `reads` and the system's programs, and writes in `scratch`:
    nothing else (confine.py). `on_poll` is given the file with the growing stdout.

    Raises Cancelled when `cancelled()` turns true, ToolStopped where anything but itself
    ended the process, whatever its code; the whole process group is dead by then.
    """
    stdout, stderr = scratch / f"{name}.out", scratch / f"{name}.err"
    deadline = time.monotonic() + limits.wall_seconds
    child, complaint = _start(_confined(argv, limits, scratch, reads), scratch, stdout)

    def look() -> Stop | None:
        if cancelled():
            raise Cancelled
        on_poll(stdout)
        if complaint:
            on_complaint()
        return _over(child.pid, limits, scratch, deadline)

    try:
        how = _wait(child, look)
    finally:
        child.end()
    said = complaint.ended()
    kept = _kept(stderr, said)
    spent = child.cpu_seconds / limits.processor_seconds()
    how = how or kept or stop_of(child.code, said[-_TAIL:], scratch, spent=spent)
    if how is not None:
        raise _stopped(how, Path(argv[0]).name, name, said)
    return Finished(child.code, stdout, stderr)


def _start(confined: list[str], scratch: Path, stdout: Path) -> tuple[Child, Complaint]:
    try:
        with stdout.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "-I", "-S", _CONFINE, str(os.getpid()), *confined],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.PIPE,
                cwd=scratch,
                env=_environment(scratch),
                start_new_session=True,
            )
    except OSError as wrong:
        if wrong.errno in (errno.ENOMEM, errno.EAGAIN):
            sentence = f"A tool did not start. {SENTENCES['memory']}"
            raise ToolStopped("memory", sentence, begun=False) from wrong
        raise
    assert process.stderr is not None
    return Child(process), Complaint(process.stderr)


def _kept(stderr: Path, said: bytes) -> Stop | None:
    """Write down what was said; return "disk" where there is no room for it."""
    try:
        stderr.write_bytes(said)
    except OSError as wrong:
        if wrong.errno in (errno.ENOSPC, errno.EDQUOT):
            return "disk"
        raise
    return None


def _stopped(how: Stop, tool: str, name: str, said: bytes) -> ToolStopped:
    """Return the error of a `tool` that was stopped at the step `name`.

    Its own words are told only of a crash: else they have nothing to do with it.
    """
    words = said[-_TAIL:].decode("utf-8", "replace").strip().rpartition("\n")[2]
    told = f" {words}" if how == "crashed" and words else ""
    return ToolStopped(how, f"{tool} was stopped ({name}). {SENTENCES[how]}{told}")


def _check_guarded(argv: Sequence[str]) -> None:
    """Whoever writes a command, no input is opened without the whitelists."""
    if argv[0] in (binaries.ffmpeg(), binaries.ffprobe()):
        fault = inputs.unguarded(argv)
        if fault is not None:
            raise ValueError(f"a command must not be run: {fault}")


def _confined(
    argv: Sequence[str], limits: Limits, scratch: Path, reads: Sequence[Path]
) -> list[str]:
    """Return what confine.py is to give up and then to become.

    ValueError is a mistake of ours: a command of ffmpeg that leaves an input unguarded.
    """
    _check_guarded(argv)
    named = [Path(part.removeprefix("file:")) for part in argv]
    # The program's folder, for libraries beside it; of the rest each file by its name.
    readable = [
        Path(argv[0]).resolve().parent,
        *(path for path in named if path.is_absolute() and path.exists()),
        *reads,
    ]
    return [
        f"nice={limits.nice}",
        *(f"limit={name}:{value}" for name, value in limits.resources().items()),
        *(f"read={path}" for path in readable),
        f"write={scratch}",
        "--",
        *argv,
    ]


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


def _wait(child: Child, look: Callable[[], Stop | None]) -> Stop | None:
    """Wait for the end of `child`; return what `look`, called often, says that ends it."""
    pause = _POLL / 5
    while not child.ended(within=pause):
        how = look()
        if how is not None:
            return how
        pause = min(pause * 1.5, _POLL_SLOWEST)
    return None


def _over(pid: int, limits: Limits, scratch: Path, deadline: float) -> Stop | None:
    """Return why the process is to end: a limit that the system does not keep, or a signal."""
    if time.monotonic() > deadline:
        return "wall"
    if _resident(pid) > limits.resident:
        return "memory"
    return sent(pid) or (None if has_room(scratch) else "disk")


def _resident(pid: int) -> int:
    """Return how many bytes of memory the process really holds; 0 where the system tells none."""
    try:
        statistics = Path(f"/proc/{pid}/statm").read_text(encoding="ascii")
        return int(statistics.split()[1]) * resource.getpagesize()
    except (OSError, ValueError, IndexError):
        return 0  # not Linux, or it has just ended
