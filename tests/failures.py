"""What a person needs of a test that failed: pictures of its pages, logs, how to run it alone."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Error as BrowserError

PICTURES = Path(__file__).parents[1] / "var" / "failed"
LINES = 40
"""How much of a log is shown."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Iterator[None]:
    """Add sections to the report of a test that failed."""
    report = yield
    if report.failed:
        report.sections += list(_pictures(item)) if report.when == "call" else []
        report.sections += list(_logs(item))
        report.sections.append(("To run it alone", _alone(item.nodeid)))
    return report


def _alone(nodeid: str) -> str:
    """Return the command that runs one test as this run did: same database, clock and profile."""
    if "SIAR_TEST_DATABASE_URL" in os.environ:
        return f".venv/bin/python -m setup.postgres .venv/bin/python -m pytest '{nodeid}'"
    target = "test-deep" if os.environ.get("HYPOTHESIS_PROFILE") == "deep" else "test"
    clock = f" CLOCK={os.environ['CLOCK']}" if os.environ.get("CLOCK") else ""
    return f"make {target} ONLY='{nodeid}'{clock}"


def _pictures(item: pytest.Item) -> Iterator[tuple[str, str]]:
    browser = getattr(item, "funcargs", {}).get("browser")
    if not isinstance(browser, Browser):
        return
    folder = PICTURES / re.sub(r"[^\w.-]+", "_", item.nodeid)
    folder.mkdir(parents=True, exist_ok=True)
    pages = [page for context in browser.contexts for page in context.pages]
    for number, page in enumerate(pages, 1):
        path = folder / f"{number}.png"
        try:
            page.screenshot(path=path, timeout=5000)
        except BrowserError as error:
            yield f"Page {number}", f"{page.url}\nno picture: {error}"
        else:
            yield f"Page {number}", f"{page.url}\n{path}"


def _logs(item: pytest.Item) -> Iterator[tuple[str, str]]:
    """Yield the end of every log that a fixture names in an attribute `logs`."""
    for fixture in getattr(item, "funcargs", {}).values():
        for path in getattr(fixture, "logs", ()):
            if isinstance(path, Path) and path.exists():
                lines = path.read_text(errors="replace").splitlines()[-LINES:]
                yield str(path), "\n".join(lines)
