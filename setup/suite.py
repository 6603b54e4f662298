"""Run the tests: `python -m setup.suite all|fast|deep`, as `make test` and its kin do.

ROOM=channels runs what concerns one room, ONLY=path::test one test.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from setup import clock, services
from setup.prepare import PYTHON, ROOT, SetupFailed

NOTHING_SELECTED = 5
"""pytest's exit status when no test is left: a room may have none on PostgreSQL."""
ROOM_IN_MEMORY = 6 * 2**30
"""Bytes that /dev/shm must have free, so that the tests' files may stand there."""
LOW = 10
"""The niceness of lanes that need nothing but processors: a tenth of what the browsers' get."""
SECONDS_TO_END = 30
WORKERS = int(os.environ.get("SIAR_TEST_WORKERS") or os.cpu_count() or 1)
BROWSERS = WORKERS + 1
"""They wait for moments of a broadcast half of the time."""


def main(kind: str) -> int:
    """Run the suite of `kind`; return 0 if all tests passed, else another status."""
    if os.environ.get("CLOCK") and clock.AHEAD not in os.environ:
        raise SetupFailed("CLOCK moves the clock of `make test` alone.")
    environment = os.environ | temporary_files()
    if kind == "deep":
        environment["HYPOTHESIS_PROFILE"] = "deep"
    only = os.environ.get("ONLY")
    if only or kind != "fast":
        services.main()
    if only:
        return lane("only", [only], environment)
    room = ["--room", os.environ["ROOM"]] if os.environ.get("ROOM") else []
    if kind == "fast":
        status = lane("fast", [*spread(WORKERS), "--fast", *room], environment)
    elif kind == "deep":
        status = deep(room, environment)
    else:
        status = everything(room, environment)
    if status == NOTHING_SELECTED:
        raise SetupFailed(
            f"No such test concerns ROOM={os.environ.get('ROOM', '')}: is its name right?"
        )
    return status


def everything(room: list[str], environment: dict[str, str]) -> int:
    """Run all tests, in three lanes at once.

    Browser tests cannot share a process with tests of the database: Playwright runs an event
    loop there, in which Django refuses every query. They mostly wait for pictures, and are late
    when they have to wait for a processor too: the others give way to them.
    """
    marked = ["--marked", "postgres", "-m", "postgres"]
    postgres = ["setup.postgres", PYTHON, "-m", *command("postgres", [*marked, *room])]
    marked = ["--marked", "browser", "-m", "browser and not deep"]
    browser = command("browser", [*spread(BROWSERS), *marked, *room])
    others = command("all", [*spread(WORKERS), "-m", "not browser and not deep", *room])
    with (
        beside("browser", browser, environment) as browsers_ended,
        beside("postgres", postgres, environment, nice=LOW) as postgres_ended,
        beside("all", others, environment, nice=LOW, live=True) as others_ended,
    ):
        statuses = [others_ended(), postgres_ended(), browsers_ended()]
    return first_failure(statuses)


def deep(room: list[str], environment: dict[str, str]) -> int:
    """Run what takes long and the rest of each matrix: tests in a browser after all others."""
    kinds = {"deep": "(deep or hypothesis) and not browser", "deep-browser": "deep and browser"}
    return first_failure(
        [
            lane(name, [*spread(WORKERS), "-m", marked, *room], environment)
            for name, marked in kinds.items()
        ]
    )


def first_failure(statuses: list[int]) -> int:
    """Return the exit status of the first lane that failed, 0 if all passed.

    One lane may have no test of a room. If no lane has any, ROOM names no room: that fails.
    """
    for status in statuses:
        if status not in (0, NOTHING_SELECTED):
            return status
    return 0 if 0 in statuses else NOTHING_SELECTED


@contextmanager
def beside(
    name: str, program: list[str], environment: dict[str, str], nice: int = 0, *, live: bool = False
) -> Iterator[Callable[[], int]]:
    """Run a lane in the background; yield a function that waits for its end and returns its status.

    Its output is shown at the end, or at once if it is `live`. The lane has a session of its own:
    on leaving, all processes of that session are ended.
    """
    with tempfile.TemporaryFile("w+") as said:
        running = subprocess.Popen(
            [PYTHON, "-m", *program],
            cwd=ROOT,
            env=environment | {"SIAR_TEST_LANE": name},
            stdout=None if live else said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        if nice:
            give_way(running.pid, nice)

        def ended() -> int:
            status = running.wait()
            if not live:
                said.seek(0)
                print(f"\n== {name}\n{said.read()}", flush=True)
            return status

        try:
            yield ended
        finally:
            end(running)


def end(leader: subprocess.Popen[bytes]) -> None:
    """Interrupt all processes of a session; kill those that still run after `SECONDS_TO_END`."""
    with suppress(ProcessLookupError):
        os.killpg(leader.pid, signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            leader.wait(SECONDS_TO_END)
        os.killpg(leader.pid, signal.SIGKILL)
    leader.wait()


def give_way(session: int, nice: int) -> None:
    """Let the process that leads `session`, and all that it will start, wait for others.

    Where sessions have an equal share each (`sched_autogroup`), niceness counts within one only.
    """
    os.setpriority(os.PRIO_PROCESS, session, nice)
    with suppress(OSError):
        Path(f"/proc/{session}/autogroup").write_text(str(nice))


def lane(name: str, arguments: list[str], environment: dict[str, str]) -> int:
    """Run pytest under a name, by which its measurements are kept; return its exit status."""
    return subprocess.run(
        [PYTHON, "-m", *command(name, arguments)],
        cwd=ROOT,
        env=environment | {"SIAR_TEST_LANE": name},
        check=False,
    ).returncode


def spread(workers: int) -> list[str]:
    """Return pytest's arguments for several workers, each of which takes a whole file at a time.

    So what a module makes is made once. The dearest files come first (`tests/arranged.py`).
    """
    return ["-n", str(workers), "--dist", "loadfile", "--no-loadscope-reorder"]


def command(name: str, arguments: list[str]) -> list[str]:
    return ["pytest", "-q", "-o", f"cache_dir=.tools/pytest-{name}", *arguments]


def temporary_files() -> dict[str, str]:
    """Return the environment that puts temporary files into memory, where there is room."""
    memory = Path("/dev/shm")
    if "TMPDIR" in os.environ or not os.access(memory, os.W_OK):
        return {}
    return {"TMPDIR": str(memory)} if shutil.disk_usage(memory).free >= ROOM_IN_MEMORY else {}


if __name__ == "__main__":
    # Lanes have sessions of their own: only this process ends them.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) != signal.SIG_IGN:  # nohup
            signal.signal(number, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        raise SystemExit(main(sys.argv[1] if len(sys.argv) > 1 else "all"))
    except SetupFailed as failure:
        print(failure, file=sys.stderr)
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
