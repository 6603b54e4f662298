"""Run the tests: `python -m setup.suite all|fast|deep`, as `make test` and its kin do.

ROOM=channels runs what concerns one room, ONLY=path::test one test.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from setup import services
from setup.prepare import PYTHON, ROOT, SetupFailed

NOTHING_SELECTED = 5
"""pytest's exit status when no test is left: a room may have none on PostgreSQL."""
ROOM_IN_MEMORY = 6 * 2**30
"""Bytes that /dev/shm must have free, so that the tests' files may stand there."""
WORKERS = os.environ.get("SIAR_TEST_WORKERS") or str(os.cpu_count() or 1)
SPREAD = ["-n", WORKERS, "--dist", "loadfile", "--no-loadscope-reorder"]
"""A worker takes a whole file, so that what a module makes is made once; the dearest come first."""


def main(kind: str) -> int:
    """Run the suite of `kind`; return 0 if all tests passed."""
    environment = os.environ | temporary_files()
    if only := os.environ.get("ONLY"):
        services.main()
        return lane("only", [only], environment)
    room = ["--room", os.environ["ROOM"]] if os.environ.get("ROOM") else []
    if kind == "fast":
        return lane("fast", [*SPREAD, "--fast", *room], environment)
    if kind == "deep":
        environment["HYPOTHESIS_PROFILE"] = "deep"
        return lane("deep", [*SPREAD, "-m", "deep or hypothesis", *room], environment)
    services.main()
    return everything(room, environment)


def everything(room: list[str], environment: dict[str, str]) -> int:
    """Run all tests: those on PostgreSQL beside the others, then those in a browser.

    Browser tests cannot share a process with tests of the database: Playwright runs an event
    loop there, in which Django refuses every query. They come last, since Chromium decodes
    pictures without a graphics card and needs both cores.
    """
    postgres = ["setup.postgres", PYTHON, "-m", *command("postgres", ["-m", "postgres", *room])]
    with beside("postgres", postgres, environment) as ended:
        every = lane("all", [*SPREAD, "-m", "not browser and not deep", *room], environment)
        statuses = [every, ended()]
    statuses.append(lane("browser", [*SPREAD, "-m", "browser", *room], environment))
    return next((status for status in statuses if status not in (0, NOTHING_SELECTED)), 0)


@contextmanager
def beside(
    name: str, program: list[str], environment: dict[str, str]
) -> Iterator[Callable[[], int]]:
    """Run a lane in the background; yield what waits for its end, shows it and returns its status."""
    with tempfile.TemporaryFile("w+") as said:
        running = subprocess.Popen(
            [PYTHON, "-m", *program],
            cwd=ROOT,
            env=environment | {"SIAR_TEST_LANE": name},
            stdout=said,
            stderr=subprocess.STDOUT,
        )

        def ended() -> int:
            status = running.wait()
            said.seek(0)
            print(f"\n== {name}\n{said.read()}", flush=True)
            return status

        try:
            yield ended
        finally:
            running.kill()


def lane(name: str, arguments: list[str], environment: dict[str, str]) -> int:
    """Run pytest under a name, by which its measurements are kept; return its exit status."""
    return subprocess.run(
        [PYTHON, "-m", *command(name, arguments)],
        cwd=ROOT,
        env=environment | {"SIAR_TEST_LANE": name},
        check=False,
    ).returncode


def command(name: str, arguments: list[str]) -> list[str]:
    return ["pytest", "-q", "-o", f"cache_dir=.tools/pytest-{name}", *arguments]


def temporary_files() -> dict[str, str]:
    """Return the environment that puts temporary files into memory, where there is room."""
    memory = Path("/dev/shm")
    if "TMPDIR" in os.environ or not os.access(memory, os.W_OK):
        return {}
    return {"TMPDIR": str(memory)} if shutil.disk_usage(memory).free >= ROOM_IN_MEMORY else {}


if __name__ == "__main__":
    try:
        raise SystemExit(main(sys.argv[1] if len(sys.argv) > 1 else "all"))
    except SetupFailed as failure:
        print(failure, file=sys.stderr)
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
