"""Which tests run, and in which order: by room, fast or deep, dear files first."""

import re
from pathlib import Path

import pytest

from tests.measured import weights

BROWSER_ROOMS = {
    "editor_article": ("articles",),
    "editor_as_run": ("channels",),
    "editor_azan": ("channels",),
    "editor_channel": ("channels",),
    "editor_cut_in": ("channels",),
    "editor_machine": ("videos",),
    "editor_planner": ("channels",),
    "editor_preview": ("videos",),
    "editor_report": ("videos",),
    "editor_video": ("videos",),
    "story": ("traders", "studio", "audience", "channels"),
    "trader": ("traders", "studio"),
    "trader_axe": ("traders", "studio"),
    "trader_spot": ("traders", "studio"),
    "upload_bucket": ("videos",),
    "upload_faults": ("videos",),
    "upload_screen": ("videos",),
    "viewer_axe": ("site",),
    "viewer_back": ("site", "origin"),
    "viewer_captions": ("site", "origin"),
    "viewer_controls": ("site",),
    "viewer_growing": ("site", "origin"),
    "viewer_live": ("site", "origin"),
    "viewer_native": ("site", "origin"),
    "viewer_pages": ("site",),
    "viewer_past": ("site", "origin"),
    "viewer_player": ("site", "origin"),
}
"""The rooms that the files of tests/browser concern; any other file concerns its folder's."""
PLAYERS = ("origin", "playout", "manifests")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Know `--room`."""
    parser.addoption("--room", default="", help="run only what concerns this room")


def rooms_of(path: Path) -> tuple[str, ...]:
    """Return the rooms of cms/ or media_pipeline/ that a test file concerns."""
    parts = path.parts[path.parts.index("tests") + 1 : -1]
    if parts[:1] == ("browser",):
        return BROWSER_ROOMS[re.sub(r"^test_", "", path.stem)]
    return PLAYERS if parts[:1] == ("players",) else parts


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests of a room; begin with the dearest files, so that no worker ends late."""
    room = config.getoption("--room")
    if room:
        left = [item for item in items if room not in rooms_of(item.path)]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if room in rooms_of(item.path)]
    cost = weights()

    def rank(item: pytest.Item) -> tuple[float, str]:
        name = item.nodeid.split("::")[0]
        return -cost.get(name, 1.0), name

    items.sort(key=rank)
