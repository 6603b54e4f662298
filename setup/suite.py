"""Run the tests: `python -m setup.suite all|fast|deep`, as `make test` and its kin do.

ROOM=channels runs what concerns one room, ONLY=path::test one test. The tests that are
tried on PostgreSQL run beside all others, in a process of their own.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from setup import services
from setup.prepare import PYTHON, ROOT, SetupFailed

NOTHING_SELECTED = 5
"""pytest's exit status when no test is left: a room may have none on PostgreSQL."""
ROOM_IN_MEMORY = 6 * 2**30
"""Bytes that /dev/shm must have free, so that the tests' files may stand there."""
WORKERS = os.environ.get("SIAR_TEST_WORKERS") or str((os.cpu_count() or 1) + 1)
"""More than processors: browsers and servers are waited for as well."""
MAIN = ["-n", WORKERS, "--dist", "loadfile", "--no-loadscope-reorder"]
FAST = "not browser and not slow and not postgres"


def main(kind: str) -> int:
    """Run the suite of `kind`; return 0 if all tests passed."""
    environment = os.environ | temporary_files()
    if only := os.environ.get("ONLY"):
        services.main()
        return lane("only", [only], environment)
    room = ["--room", os.environ["ROOM"]] if os.environ.get("ROOM") else []
    if kind == "fast":
        return lane("fast", [*MAIN, "-m", FAST, *room], environment)
    if kind == "deep":
        environment["HYPOTHESIS_PROFILE"] = "deep"
        return lane("deep", [*MAIN, "-m", "deep or hypothesis", *room], environment)
    services.main()
    return everything(room, environment)


def everything(room: list[str], environment: dict[str, str]) -> int:
    """Run all tests, those on PostgreSQL beside the others."""
    with tempfile.TemporaryFile("w+") as said:
        beside = subprocess.Popen(
            [PYTHON, "-m", "setup.postgres", *command("postgres", ["-m", "postgres", *room])],
            cwd=ROOT,
            env=environment | {"SIAR_TEST_LANE": "postgres"},
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        try:
            bad = lane("all", [*MAIN, "-m", "not deep", *room], environment)
            bad_beside = beside.wait()
        finally:
            beside.kill()
        said.seek(0)
        print(f"On PostgreSQL:\n{said.read()}", flush=True)
    return bad or (0 if bad_beside == NOTHING_SELECTED else bad_beside)


def lane(name: str, arguments: list[str], environment: dict[str, str]) -> int:
    """Run pytest under a name, by which its measurements are kept; return its exit status."""
    return subprocess.run(
        command(name, arguments),
        cwd=ROOT,
        env=environment | {"SIAR_TEST_LANE": name},
        check=False,
    ).returncode


def command(name: str, arguments: list[str]) -> list[str]:
    return [str(PYTHON), "-m", "pytest", "-q", "-o", f"cache_dir=.tools/pytest-{name}", *arguments]


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
