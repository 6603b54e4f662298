"""Siar in the foreground: web with origin, worker and, at first, the demo content.

`make run` ends here. Children run in sessions of their own, so that Ctrl-C reaches
only this process, which stops them in order; should this process be killed, the
kernel stops them (PR_SET_PDEATHSIG).
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass

from setup import install, logins
from setup.prepare import PYTHON, ROOT, digest

GRACE = 8.0
"""Seconds that a child has to end before it is killed."""
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Program:
    """A child: how it is called, how it is asked to stop, whether Siar needs it."""

    name: str
    command: tuple[str, ...]
    stop: signal.Signals
    needed: bool = True


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
    """Run until Ctrl-C or until a child that is needed ends; return the exit status."""
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
    running: dict[Program, subprocess.Popen] = {}
    try:
        web, worker, demo = programs(host, int(port))
        running[web] = launch(web, environment)
        running[worker] = launch(worker, environment)
        welcome(host, int(port))
        running[demo] = launch(demo, environment)
        return watch(running)
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


def welcome(host: str, port: int) -> None:
    """Wait until the site answers, then say where to go."""
    address = f"http://{'localhost' if host in ('127.0.0.1', '0.0.0.0') else host}:{port}"
    for _ in range(120):
        if answers(f"{address}/robots.txt"):
            break
        time.sleep(0.25)
    print(f"\nSiar: {address}/   redaksi: {address}/admin/   pedagang: {address}/studio/")
    print("Akun contoh: `make logins`. Berhenti: Ctrl-C.\n", flush=True)


def answers(address: str) -> bool:
    try:
        urllib.request.urlopen(address, timeout=2)
    except OSError:
        return False
    return True


def watch(running: dict[Program, subprocess.Popen]) -> int:
    """Return when a child that is needed has ended; print the logins when the demo is there."""
    while True:
        for program, child in list(running.items()):
            status = child.poll()
            if status is None:
                continue
            if program.needed:
                return say(f"{program.name} ended by itself with status {status}; Siar stops.")
            del running[program]
            if status == 0:
                logins.main()
            else:
                say("The demo content is not complete; `make run` goes on with it.")
        time.sleep(0.3)


def stop(running: dict[Program, subprocess.Popen]) -> None:
    """Ask the children to end, last started first; kill what has not after GRACE seconds."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for program, child in reversed(running.items()):
        if child.poll() is None:
            child.send_signal(program.stop)
    deadline = time.monotonic() + GRACE
    for child in running.values():
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)


def say(sentence: str) -> int:
    print(sentence, file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
