"""Siar in the foreground: web with origin, worker and, at first, the demo content.

`make run` ends here. Children run in sessions of their own, so that Ctrl-C reaches
only this process, which stops them in order; should this process be killed, the
kernel stops them (PR_SET_PDEATHSIG). A child that ends by itself is started again,
and the others run on.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NoReturn

from setup import install, logins
from setup.prepare import PYTHON, ROOT, digest

GRACE = 8.0
"""Seconds that a child has to end before it is killed."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds before an ended program is started again: doubled each time, up to the longest."""
STEADY = 60.0
"""A program that ran this many seconds before it ended waits `FIRST_PAUSE` again."""
LOOK = 0.3
"""Seconds between two looks at the children."""
SECONDS_TO_ANSWER = 30.0
"""How long the site may take to answer for the first time."""
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Program:
    """A program of Siar: its command, the signal that stops it, and whether it must always run."""

    name: str
    command: tuple[str, ...]
    stop: signal.Signals
    needed: bool = True


@dataclass
class Child:
    """A program that runs, or that waits to be started again."""

    program: Program
    process: subprocess.Popen
    since: float = field(default_factory=time.monotonic)
    failures: int = 0
    due: float | None = None
    """When it is started again (monotonic seconds), None while it runs."""

    def ended(self, now: float) -> float:
        """Note that the program has ended; return the seconds until it is started again."""
        self.failures = 1 if now - self.since >= STEADY else self.failures + 1
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(self.failures - 1, 10))
        self.due = now + pause
        return pause

    def start_again(self, environment: dict[str, str]) -> None:
        """Start the program again."""
        self.process = launch(self.program, environment)
        self.since, self.due = time.monotonic(), None

    def clear_away(self) -> None:
        """Kill what the ended program has left running, such as its server on the same port."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


def programs(host: str, port: int) -> tuple[Program, ...]:
    """Return web, worker and demo, in the order of their start."""
    manage = (str(PYTHON), str(ROOT / "manage.py"))
    web = (str(PYTHON), "-m", "granian", "--interface", "asgi", "--loop", "uvloop", "--no-ws")
    web += ("--host", host, "--port", str(port), "--log-level", "warning")
    # A stalled upload would delay the end for ever (seconds).
    web += ("--workers-kill-timeout", "5", "cms.asgi:application")
    return (
        Program("web", web, signal.SIGTERM),
        # Huey waits for its running task on SIGINT; SIGTERM would abort it.
        Program("worker", (*manage, "run_huey", "--quiet"), signal.SIGINT),
        Program("contoh", (*manage, "demo", "--first"), signal.SIGINT, needed=False),
    )


def main() -> int:
    """Run until Ctrl-C, or until a child ends before the site has answered; return the exit status."""
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
    if not port.isdigit() or not 0 < int(port) < 65536:
        return say(f"PORT={port} is not a port: give a number from 1 to 65535.")
    if not is_free(host, int(port)):
        return say(f"Port {port} on {host} is taken: choose another one with `make run PORT=…`.")
    environment = install.environment() | {
        "SIAR_BASE_URL": os.environ.get("SIAR_BASE_URL", f"http://localhost:{port}")
    }
    if not migrated(environment):
        return say(
            "The database could not be brought up to date; see above. Where a table already exists, "
            f"the database is of an early state of Siar: move {install.VAR} away and start again."
        )
    # A shell that starts it in the background has SIGINT ignored; Ctrl-C must still end all.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    running: list[Child] = []
    try:
        web, worker, demo = programs(host, int(port))
        running += [Child(each, launch(each, environment)) for each in (web, worker)]
        if ended := welcome(host, int(port), running):
            return say(f"{ended} ended before the site answered: see above. Siar stops.")
        running.append(Child(demo, launch(demo, environment)))
        watch(running, environment)
    except KeyboardInterrupt:
        print("\nSiar berhenti …", flush=True)
        return 0
    finally:
        stop(running)


def is_free(host: str, port: int) -> bool:
    """Tell whether the port can be bound. Granian sets SO_REUSEPORT and would not notice."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def migrated(environment: dict[str, str]) -> bool:
    """Bring the database up to date where migrations came since it was; tell whether it is."""
    known = digest([*sorted(ROOT.glob("cms/*/migrations/*.py")), *ROOT.glob("requirements/*.txt")])
    mark = install.VAR / "migrated"
    if mark.exists() and mark.read_text() == known:
        return True
    command = [str(PYTHON), str(ROOT / "manage.py"), "migrate", "--verbosity=0"]
    if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode:
        return False
    mark.write_text(known)
    return True


def launch(program: Program, environment: dict[str, str]) -> subprocess.Popen:
    stop_signal = program.stop

    def follow_parent() -> None:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, stop_signal)

    return subprocess.Popen(
        program.command,
        cwd=ROOT,
        env=environment,
        start_new_session=True,
        preexec_fn=follow_parent if sys.platform == "linux" else None,
    )


def welcome(host: str, port: int, running: Sequence[Child]) -> str | None:
    """Wait until the site answers, then say where to go; return the name of a child that ended."""
    address = f"http://{'localhost' if host in ('127.0.0.1', '0.0.0.0') else host}:{port}"
    deadline = time.monotonic() + SECONDS_TO_ANSWER
    while not answers(f"{address}/robots.txt") and time.monotonic() < deadline:
        for child in running:
            if child.process.poll() is not None:
                return child.program.name
        time.sleep(LOOK)
    print(f"\nSiar: {address}/   redaksi: {address}/admin/   pedagang: {address}/studio/")
    print("Akun contoh: `make logins`. Berhenti: Ctrl-C.\n", flush=True)
    return None


def answers(address: str) -> bool:
    try:
        urllib.request.urlopen(address, timeout=2)
    except OSError:
        return False
    return True


def watch(running: list[Child], environment: dict[str, str]) -> NoReturn:
    """Look after all children until an exception, such as Ctrl-C, ends it."""
    while True:
        for child in list(running):
            look_after(child, running, environment)
        time.sleep(LOOK)


def look_after(child: Child, running: list[Child], environment: dict[str, str]) -> None:
    """Start `child` again if its pause is over; if it has ended, say so and plan its next start.

    The demo is not started again: it prints the logins when it is done.
    """
    if child.due is not None:
        if time.monotonic() >= child.due:
            child.start_again(environment)
        return
    status = child.process.poll()
    if status is None:
        return
    if child.program.needed:
        child.clear_away()
        pause, name = child.ended(time.monotonic()), child.program.name
        say(f"{name} ended by itself with status {status}. It starts again in {pause:.0f} s.")
        return
    running.remove(child)
    if status == 0:
        logins.main()
    else:
        say("The demo content is not complete; `make run` goes on with it.")


def stop(running: Sequence[Child]) -> None:
    """Ask the children to end, last started first; kill what has not after GRACE seconds."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for child in reversed(running):
        if child.process.poll() is None:
            child.process.send_signal(child.program.stop)
    deadline = time.monotonic() + GRACE
    for child in running:
        try:
            child.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.clear_away()


def say(sentence: str) -> int:
    print(sentence, file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
