"""How the lanes of a run are judged together."""

import pytest

from setup.suite import first_failure


@pytest.mark.parametrize(
    ("statuses", "status"),
    [([0, 0, 0], 0), ([0, 5, 0], 0), ([5, 1, 0], 1), ([0, 2, 1], 2), ([5, 5, 5], 5)],
)
def test_a_run_passes_if_a_lane_had_tests_and_none_failed(statuses, status):
    assert first_failure(statuses) == status
