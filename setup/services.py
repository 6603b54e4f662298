"""Install what tests need beside Python packages: a browser and the players' packages.

A missing one ends the run with a sentence; no test is skipped for want of it.
"""

import os
import shutil
import subprocess
import sys

from setup import clock
from setup.prepare import PYTHON, ROOT, SetupFailed, digest, find_node, stamp, stamped, step

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main() -> None:
    """Make the browser and the players ready, and what CLOCK needs."""
    chromium()
    players()
    if os.environ.get("CLOCK"):
        clock.library()


def chromium() -> str:
    """Return the path of a Chromium: CHROMIUM, the system's, apt's, or Playwright's own."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if found:
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        step("Memperbarui daftar paket", ["apt-get", "update", "-qq"], environment=quiet)
        command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]
        step("Memasang Chromium", command, environment=quiet)
        return chromium_or_fail()
    try:
        step("Memasang Chromium", [PYTHON, "-m", "playwright", "install", "chromium"])
    except SetupFailed:
        return chromium_or_fail()
    return playwright_chromium()


def chromium_or_fail() -> str:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
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
    except SetupFailed as failure:
        print(failure, file=sys.stderr)
        raise SystemExit(1) from None
    subprocess.run([chromium(), "--version"], check=True)
