"""Which tests a room, or a fast run, asks for."""

from pathlib import Path

from tests.arranged import BROWSER_ROOMS, rooms_of
from tests.measured import weights

ROOT = Path(__file__).parents[2]


def test_each_file_of_browser_tests_concerns_rooms_that_exist():
    files = {path.stem.removeprefix("test_") for path in ROOT.glob("tests/browser/test_*.py")}
    assert files == set(BROWSER_ROOMS)
    rooms = {room for rooms in BROWSER_ROOMS.values() for room in rooms}
    assert all((ROOT / "cms" / r).is_dir() or (ROOT / "media_pipeline" / r).is_dir() for r in rooms)


def test_a_file_concerns_the_rooms_of_its_folders():
    assert rooms_of(ROOT / "tests/channels/cutin/test_cut_in.py") == ("channels", "cutin")
    assert "origin" in rooms_of(ROOT / "tests/media_pipeline/origin/test_live.py")
    assert "channels" in rooms_of(ROOT / "tests/browser/test_editor_planner.py")


def test_files_that_are_weighed_exist():
    assert [name for name in weights() if not (ROOT / name).exists()] == []


def test_each_file_of_tests_in_a_browser_names_the_mark_by_which_its_lane_finds_it():
    files = [*ROOT.glob("tests/browser/test_*.py"), *ROOT.glob("tests/players/test_*.py")]
    unmarked = {path.name for path in files if "mark.browser" not in path.read_text()}
    assert unmarked == {"test_readers.py", "test_transport.py"}  # they drive no browser
