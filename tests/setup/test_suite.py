"""How the lanes of a run are judged together."""

import pytest

from setup import suite
from setup.prepare import SetupFailed
from setup.suite import NOTHING_SELECTED, first_failure


@pytest.mark.parametrize(
    ("statuses", "status"),
    [([0, 0, 0], 0), ([0, 5, 0], 0), ([5, 1, 0], 1), ([0, 2, 1], 2), ([5, 5, 5], 5)],
)
def test_a_run_passes_if_a_lane_had_tests_and_none_failed(statuses, status):
    assert first_failure(statuses) == status


@pytest.mark.parametrize("kind", ["all", "fast", "deep"])
def test_a_room_that_no_test_concerns_is_named(monkeypatch, kind):
    monkeypatch.delenv("CLOCK", raising=False)
    monkeypatch.delenv("ONLY", raising=False)
    monkeypatch.setenv("ROOM", "chanels")
    monkeypatch.setattr(suite.services, "main", lambda: None)
    for runs in ("lane", "everything"):
        monkeypatch.setattr(suite, runs, lambda *_: NOTHING_SELECTED)
    with pytest.raises(SetupFailed, match=r"ROOM=chanels"):
        suite.main(kind)
