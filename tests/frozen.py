"""The clock stands still in every test, at the same moment, whenever the tests run.

A test that needs another moment moves it: `frozen.move_to(…)`, `frozen.shift(…)`. A folder or
a file whose tests act at another one has a fixture `now` of its own. A test that compares times
with those of a process that it starts, or with ages of files, is marked `real_clock`.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from cms.core import clock

NOW = datetime(2026, 11, 24, 6, 24, tzinfo=UTC)
"""A Tuesday, 13.24 WIB."""


REAL = {"browser", "players"}
"""Folders whose tests look at processes and browsers, which run by the real clock."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of the folders that have the real clock."""
    for item in items:
        if item.path.parent.name in REAL:
            item.add_marker(pytest.mark.real_clock)


@pytest.fixture(scope="session")
def now() -> datetime:
    """The moment at which tests act."""
    return NOW


@pytest.fixture(autouse=True)
def frozen(
    request: pytest.FixtureRequest, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> Iterator[time_machine.Traveller | None]:
    """The clock of this process, and of its database, at `now`."""
    if request.node.get_closest_marker("real_clock"):
        yield None
        return
    monkeypatch.setattr(clock, "shared", clock.now)
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller
