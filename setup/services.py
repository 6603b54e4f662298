"""Install what tests need beside Python packages: a browser and the players' packages.

A missing one ends the run with a sentence; no test is skipped for want of it.
"""

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from setup import clock
from setup.prepare import (
    PYTHON,
    ROOT,
    SetupFailed,
    digest,
    find_node,
    install_package,
    stamp,
    stamped,
    step,
)

SHELL = "chromium-headless-shell"
"""Chromium without its own windows: a new page costs 0.9 s of CPU instead of 1.4 s."""
BROWSERS = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main() -> None:
    """Make the browser and the players ready, and what CLOCK needs."""
    install_chromium()
    players()
    if os.environ.get("CLOCK"):
        clock.library()


def install_chromium() -> None:
    """Install Chromium if there is none: the system's package, else Playwright's download."""
    if os.environ.get("CHROMIUM") or shutil.which(SHELL):
        return
    with suppress(SetupFailed):  # not every system has this package
        if install_package(SHELL):
            return
    if not any(map(shutil.which, BROWSERS)):
        step("Memasang Chromium", [PYTHON, "-m", "playwright", "install", "chromium"])


def chromium() -> str:
    """Return the path of a Chromium: CHROMIUM, the system's, or Playwright's own."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    found = found or playwright_chromium()
    if not Path(found).exists():
        raise SetupFailed("The browser tests need Chromium: install it or set CHROMIUM=/path.")
    return found


def playwright_chromium() -> str:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def players() -> None:
    """Install the players that read our playlists in tests, once."""
    folder = ROOT / "tests" / "players"
    lock = folder / "package-lock.json"
    if not lock.exists() or (
        stamped("players", digest([lock])) and (folder / "node_modules").exists()
    ):
        return
    node, npm = find_node()
    command = [node, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    step("Memasang pemutar untuk pengujian", command, folder=folder)
    stamp("players", digest([lock]))


if __name__ == "__main__":
    try:
        main()
        subprocess.run([chromium(), "--version"], check=True)
    except SetupFailed as failure:
        print(failure, file=sys.stderr)
        raise SystemExit(1) from None
