"""Which tests run, and in which order: by room, fast or deep, dear files first."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.measured import weights

BROWSER_ROOMS = {
    "editor_article": ("articles",),
    "editor_as_run": ("channels",),
    "editor_axe": ("core", "channels", "videos"),
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
    "trader_photos": ("studio",),
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
    """Know `--room`, `--fast` and `--marked`."""
    parser.addoption("--room", default="", help="run only what concerns this room")
    parser.addoption("--fast", action="store_true", help="run no encode, no browser, no dear file")
    parser.addoption("--marked", default="", help="read only files that name this mark")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out files without the one mark that a lane runs: to import them all costs seconds."""
    mark = config.getoption("--marked")
    if not mark or collection_path.suffix != ".py":
        return None  # other hooks decide
    return True if f"mark.{mark}" not in collection_path.read_text() else None


def rooms_of(path: Path) -> tuple[str, ...]:
    """Return the rooms of cms/ or media_pipeline/ that a test file concerns."""
    parts = path.relative_to(Path(__file__).parent).parts[:-1]
    if parts[:1] == ("browser",):
        return BROWSER_ROOMS[re.sub(r"^test_", "", path.stem)]
    return PLAYERS if parts[:1] == ("players",) else parts


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests of a room, or the fast ones; let workers begin with the dearest files."""
    cost = weights()
    if room := config.getoption("--room"):
        _keep(config, items, lambda item: room in rooms_of(item.path))
    if config.getoption("--fast"):
        _keep(config, items, lambda item: _is_fast(item, cost))
    if hasattr(config, "workerinput"):
        # One process keeps the order of pytest-django: on PostgreSQL, tests that commit come last.
        items.sort(key=lambda item: (-cost.get(_file(item), 1.0), _file(item)))


def _keep(
    config: pytest.Config, items: list[pytest.Item], wanted: Callable[[pytest.Item], bool]
) -> None:
    config.hook.pytest_deselected(items=[item for item in items if not wanted(item)])
    items[:] = [item for item in items if wanted(item)]


def _is_fast(item: pytest.Item, cost: dict[str, float]) -> bool:
    marks = any(item.get_closest_marker(name) for name in ("browser", "slow", "deep"))
    return not marks and _file(item) not in cost and "encoding" not in rooms_of(item.path)


def _file(item: pytest.Item) -> str:
    return item.nodeid.split("::")[0]
