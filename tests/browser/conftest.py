"""A whole Siar for browser tests: web, origin and worker on a free port, and Chromium.

`siar` runs for the session with content of its own (seed.py). Pages come at phone
and desk size; each keeps what the browser complained of. Screenshots go to
`var/shots/<test>/`, where people look at them.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from setup import template_database
from tests.encoded import EVERYTHING, once

ROOT = Path(__file__).parents[2]
LOGS = ROOT / "var" / "logs" / os.environ.get("PYTEST_XDIST_WORKER", "alone")
"""What web and worker say; it stays after the run, for whoever looks into a failure."""
SEED = Path(__file__).with_name("seed.py")
SHELL = Path(__file__).with_name("shell.py")
SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "tests.quick_settings",
    "SIAR_SECRET_KEY": "only for browser tests",
    "PYTHONPATH": str(ROOT),
}
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
AGENT = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/156.0 Mobile Safari/537.36"
SIGN_IN = """
from django.test import Client
from cms.core.models import User
visitor = Client()
visitor.force_login(
    User.objects.get(username={name!r}), backend="django.contrib.auth.backends.ModelBackend"
)
print(visitor.cookies["sessionid"].value)
"""
"""Signs in without a browser: the sign-in page and the page after it cost it seconds of CPU."""
visitors = count(1)
PATIENCE = 60_000
"""Milliseconds that a page may take on a machine that does much else; nothing is slower for it."""
expect.set_options(timeout=PATIENCE)


@dataclass
class Siar:
    """A running install. `logins` maps a role of seed.py to (user name, password)."""

    base: str
    var: Path
    environment: dict[str, str]
    logins: dict[str, tuple[str, str]] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    worker: subprocess.Popen[bytes] | None = None
    shell: subprocess.Popen[str] | None = None
    logs: tuple[Path, ...] = (LOGS / "web.log", LOGS / "worker.log", LOGS / "shell.log")

    def python(self, code: str) -> str:
        """Run `code` in a process of this install (shell.py); return what it printed."""
        if self.shell is None:
            self.shell = subprocess.Popen(
                [sys.executable, SHELL],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=(LOGS / "shell.log").open("ab"),
                text=True,
            )
        assert self.shell.stdin
        assert self.shell.stdout
        print(json.dumps(code), file=self.shell.stdin, flush=True)
        answer = json.loads(self.shell.stdout.readline())
        assert not answer["fault"], answer["fault"]
        return answer["printed"].strip()

    def close_shell(self) -> None:
        """End the process of `python`, and wait for it."""
        if self.shell is not None:
            self.shell.communicate()

    def publication_of(self, slug: str) -> str:
        """Return the id of the publication that the video `slug` has in use."""
        return self.python(
            "from cms.videos.models import Media\n"
            f"print(Media.objects.get(video__slug={slug!r}).publication)"
        )

    def start_worker(self) -> None:
        """Start the worker; `kill_worker` ends it as a crash would."""
        log = (LOGS / "worker.log").open("ab")
        command = [sys.executable, "manage.py", "run_huey", "--quiet"]
        self.worker = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
        )

    def kill_worker(self) -> None:
        """Kill the worker and everything that it started, at once."""
        assert self.worker is not None
        os.killpg(self.worker.pid, signal.SIGKILL)
        self.worker.wait()

    def get(self, path: str) -> tuple[int, str]:
        """Return status and body of a GET of `path`."""
        try:
            with urllib.request.urlopen(self.base + path, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


@pytest.fixture(scope="session")
def siar(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Siar]:
    """Start an install of its own, with the content of seed.py encoded and on air."""
    var = tmp_path_factory.mktemp("siar") / "var"
    quick = sorted((ROOT / "tests").glob("quick*.py"))
    texts = [path.read_text() for path in (SEED, *quick)]
    shutil.copytree(
        once("site", _make_content, datetime.now(UTC).date(), *texts, code=EVERYTHING),
        var,
    )
    LOGS.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    environment = (
        os.environ
        | SETTINGS
        | {
            "SIAR_VAR": str(var),
            "SIAR_BASE_URL": f"http://localhost:{port}",
            # All viewers of these tests come from one address.
            "SIAR_SHARED_NETWORKS": "127.0.0.1,::1",
        }
    )
    running = Siar(f"http://localhost:{port}", var, environment)
    _run_seed("air", environment)
    facts = json.loads((var / "facts.json").read_text())
    running.logins = {role: tuple(login) for role, login in facts.pop("logins").items()}
    running.facts = facts
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--loop", "uvloop"]
    command += [
        "--no-ws",
        "--port",
        str(port),
        "--workers-kill-timeout",
        "3",
        "cms.asgi:application",
    ]
    log = (LOGS / "web.log").open("wb")
    web = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
    )
    running.start_worker()
    try:
        _wait_until(lambda: running.get("/healthz")[0] == 200, f"see {LOGS}/web.log")
        yield running
    finally:
        running.close_shell()
        for child in (web, running.worker):
            if child and child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()


PLAN = """
from cms.channels import in_force
from cms.channels.actions import do_publish_if_ready, earliest_start
from cms.channels.models import Channel
from cms.channels.planning.days import wish_id
from cms.core import clock
from cms.videos.models import Video
from tests.browser.seed import FILMS, plan
channel = Channel.objects.get(slug={slug!r})
now = clock.now()
videos = [Video.objects.get(title=title) for title, _size, _seconds in FILMS[:3]]
plan(channel, videos, earliest_start(channel, now), turns=24)
do_publish_if_ready(channel, now)
# The site itself may have been first, or the same plan may be in force already.
planned = {{wish_id(e.video_id, e.start) for e in channel.planned.filter(start__gte=now)}}
missing = planned - {{entry.id for entry in in_force.read(channel.slug).rundown.entries}}
assert planned and not missing, missing
"""
"""Plans the next ten minutes, so that a test does not depend on what earlier tests planned."""


@pytest.fixture
def programmes(siar: Siar) -> None:
    """Programmes on the channel for the next ten minutes."""
    siar.python(PLAN.format(slug=siar.facts["channel"]))


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained of in this test: errors, refused content, failed scripts."""
    return []


@pytest.fixture
def open_page(browser: Browser, siar: Siar, complaints: list[str]) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page of Siar: open_page("/live/", size=DESK, login="editor")."""
    contexts: list[BrowserContext] = []

    def open_(path: str = "/", *, size: dict[str, int] = PHONE, login: str = "") -> Page:
        context = browser.new_context(
            base_url=siar.base,
            viewport=size,
            locale="en-US",
            timezone_id="Asia/Jakarta",
            # Each visitor another device: taps of one that repeat are not counted.
            user_agent=f"{AGENT} Uji/{next(visitors)}",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
        page.on("console", lambda m: complaints.append(told(m)) if m.type == "error" else None)
        if login:
            session = siar.python(SIGN_IN.format(name=siar.logins[login][0]))
            context.add_cookies([{"name": "sessionid", "value": session, "url": siar.base}])
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture
def shot(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Return a function that keeps a screenshot of a page under this test's name."""
    folder = ROOT / "var" / "shots" / request.node.name
    folder.mkdir(parents=True, exist_ok=True)

    def keep(page: Page, name: str) -> None:
        page.screenshot(path=folder / f"{name}.png")

    return keep


def told(message: ConsoleMessage) -> str:
    """Return what the browser complained of and about which address."""
    return f"{message.text} {message.location.get('url', '')}"


def sign_in(page: Page, name: str, password: str) -> None:
    """Sign in through the CMS' own page, as a person would."""
    page.goto("/admin/login/")
    page.locator("input[name=username]").fill(name)
    page.locator("input[name=password]").fill(password)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda address: "/login" not in address)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _make_content(folder: Path) -> None:
    environment = os.environ | SETTINGS | {"SIAR_VAR": str(folder)}
    template_database.lay(folder / "siar.sqlite3")
    _run_seed("content", environment)


def _run_seed(part: str, environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, SEED, part],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def _wait_until(true: Callable[[], bool], hint: str, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if true():
                return
        except OSError:
            pass  # nothing listens yet
        time.sleep(0.2)
    raise AssertionError(f"Siar did not come up: {hint}")
