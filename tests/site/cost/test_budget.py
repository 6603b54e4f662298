"""The budget of the look (DESIGN.md): what a viewer's phone loads, in bytes of its files,
raw or packed by gzip as the door sends them where a browser takes that.
"""

import gzip
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
DIST = ROOT / "frontend" / "dist"
RAW = {
    "siar.css": 20_000,
    "rooms.css": 6_500,
    "player-look.css": 5_000,
    "icons.svg": 5_000,
    "mark.svg": 2_000,
    "site.js": 4_000,
    "player.js": 20_000,
    "cards.js": 4_000,
}
GZIPPED = {"controls.js": 55_000, "hls.js": 190_000, "studio.js": 23_000}
"""Fetched at the first tap on play only; in the Studio, where photos and films are sent."""


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    """The browser's files, built if nobody has."""
    if not (DIST / "siar.css").exists():
        subprocess.run([sys.executable, "-m", "setup.frontend", "build"], cwd=ROOT, check=True)


@pytest.mark.parametrize("name", RAW)
def test_a_file_keeps_its_budget_before_it_is_packed(name):
    assert (DIST / name).stat().st_size <= RAW[name]


@pytest.mark.parametrize("name", GZIPPED)
def test_a_larger_file_keeps_its_budget_packed(name):
    assert len(gzip.compress((DIST / name).read_bytes())) <= GZIPPED[name]


def test_no_source_map_is_named_that_is_not_there():
    for path in DIST.glob("*.js"):
        assert "sourceMappingURL" not in path.read_text(), path.name


def test_the_sprite_has_every_icon_that_templates_and_scripts_name():
    symbols = set(re.findall(r'<symbol id="([\w-]+)"', (DIST / "icons.svg").read_text()))
    used: set[str] = set()
    for path in (ROOT / "templates").rglob("*.html"):
        used.update(re.findall(r'{%\s*icon "([\w-]+)"', path.read_text()))
        used.update(re.findall(r"icons\.svg' %}#([\w-]+)", path.read_text()))
    for path in (ROOT / "frontend" / "src").rglob("*.ts"):
        used.update(re.findall(r'icon\("([\w-]+)"', path.read_text()))
    assert used - symbols == set()


def test_both_dark_sets_of_tokens_are_equal():
    text = (ROOT / "frontend" / "src" / "css" / "tokens.css").read_text()
    chosen, asked = re.findall(r"color-scheme: dark;(.*?)}", text, re.S)
    assert chosen.split() == asked.split()
