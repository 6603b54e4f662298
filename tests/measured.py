"""What each test, fixture and file costs: wall and CPU seconds, children included.

Every run writes `.tools/measured/<lane>.json`, one row a test and phase, and one a fixture.
`python -m tests.measured print [lane]` prints the dearest; `… weights` writes
`tests/weights.json`, by which files are handed to the workers of the next run.
"""

import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / ".tools" / "measured"
WEIGHTS = ROOT / "tests" / "weights.json"
LEAST = 2.0
"""Seconds of a file that `weights.json` names; any other counts as one second."""


@dataclass
class _Spent:
    """Seconds since it was made, and those that nested fixtures took of them."""

    wall: float = field(default_factory=time.perf_counter)
    cpu: float = field(default_factory=lambda: _cpu())
    nested: list[float] = field(default_factory=lambda: [0.0, 0.0])

    def so_far(self) -> tuple[float, float]:
        return time.perf_counter() - self.wall, _cpu() - self.cpu


def _cpu() -> float:
    """Return CPU seconds of this process and of the children that have ended."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _all_cpu() -> float:
    """Return CPU seconds with those of living children too, where tests have such."""
    return _cpu() + (_living() if "browser" in os.environ.get("SIAR_TEST_LANE", "") else 0.0)


def _living() -> float:
    """Return CPU seconds of the processes below this one, and of what they waited for (proc(5))."""
    below: dict[str, list[str]] = defaultdict(list)
    spent: dict[str, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        below[words[1]].append(stat.parent.name)
        spent[stat.parent.name] = sum(map(int, words[11:15]))
    found = list(below[str(os.getpid())])
    for process in found:
        found += below[process]
    return sum(spent[process] for process in found) / os.sysconf("SC_CLK_TCK")


_open: list[_Spent] = []
_fixtures: list[list[object]] = []


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef) -> Iterator[None]:
    """Note what a fixture took, without the fixtures that it asked for."""
    _open.append(_Spent())
    try:
        return (yield)
    finally:
        spent = _open.pop()
        wall, cpu = spent.so_far()
        if _open:
            outer = _open[-1].nested
            outer[0], outer[1] = outer[0] + wall, outer[1] + cpu
        own = [round(wall - spent.nested[0], 4), round(cpu - spent.nested[1], 4)]
        where = f"{fixturedef.baseid}::{fixturedef.argname}".lstrip(":")
        if own[0] > 0.01:
            _fixtures.append([where, fixturedef.scope, *own])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo
) -> Iterator[pytest.TestReport]:
    """Let the report carry CPU and fixtures: that is how they reach the main process."""
    report = yield
    now = _all_cpu()
    # Processes that ended unwaited for have taken their seconds with them.
    report.cpu = max(0.0, now - item.stash.get(_BEFORE, now))
    item.stash[_BEFORE] = now
    report.fixtures = list(_fixtures)
    _fixtures.clear()
    return report


_BEFORE = pytest.StashKey[float]()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Begin to count; each later phase begins where the one before it ended."""
    item.stash[_BEFORE] = _all_cpu()


class Book:
    """The rows of one run, kept by its main process."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.phases: list[list[object]] = []
        self.fixtures: list[list[object]] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        cpu = round(getattr(report, "cpu", 0.0), 4)
        self.phases.append([report.nodeid, report.when, round(report.duration, 4), cpu])
        self.fixtures += getattr(report, "fixtures", [])

    def pytest_sessionfinish(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        rows = {"phases": self.phases, "fixtures": self.fixtures}
        self.path.write_text(json.dumps(rows))


def pytest_configure(config: pytest.Config) -> None:
    """Keep the book in the main process of a run that `make` started."""
    lane, room = os.environ.get("SIAR_TEST_LANE"), config.getoption("--room")
    if lane and not hasattr(config, "workerinput"):
        # A part must not replace the figures of the whole.
        name = f"{lane}-{room}" if room else lane
        config.pluginmanager.register(Book(FOLDER / f"{name}.json"))


def weights() -> dict[str, float]:
    """Return seconds by test file, as they were measured last; light files are not named.

    They are CPU seconds, and seconds by the clock where a browser waits for a broadcast.
    """
    return json.loads(WEIGHTS.read_text()) if WEIGHTS.exists() else {}


def _read(lane: str) -> tuple[list, list]:
    rows = json.loads((FOLDER / f"{lane}.json").read_text())
    return rows["phases"], rows["fixtures"]


def _files(phases: list) -> list[tuple[str, float, float]]:
    return [(nodeid.split("::")[0], wall, cpu) for nodeid, _when, wall, cpu in phases]


def _totals(rows: list[tuple[str, float, float]]) -> list[tuple[float, float, int, str]]:
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0])
    for name, wall, cpu in rows:
        held = sums[name]
        held[0], held[1], held[2] = held[0] + wall, held[1] + cpu, held[2] + 1
    found = [(wall, cpu, int(count), name) for name, (wall, cpu, count) in sums.items()]
    return sorted(found, reverse=True)


def _print(title: str, rows: list[tuple[str, float, float]], most: int) -> None:
    totals = _totals(rows)
    walls, cpus = sum(row[0] for row in totals), sum(row[1] for row in totals)
    print(f"\n{title}: {walls:.0f} s, CPU {cpus:.0f} s")
    for wall, cpu, count, name in totals[:most]:
        print(f"{wall:8.1f} s  CPU {cpu:7.1f} s  {count:5} ×  {name}")


def main(arguments: list[str]) -> None:
    """Print the dearest files, tests and fixtures of a lane, or write the weights."""
    if arguments == ["weights"]:
        # A lane that gives way to others waits for them, which says nothing of its files.
        found = {name: cpu for _, cpu, _, name in _totals(_files(_read("all")[0]))}
        found |= {name: wall for wall, _, _, name in _totals(_files(_read("browser")[0]))}
        dear = sorted(found.items(), key=lambda each: -each[1])
        named = {name: round(seconds, 1) for name, seconds in dear if seconds >= LEAST}
        WEIGHTS.write_text(json.dumps(named, indent=0) + "\n")
        return
    phases, fixtures = _read(arguments[1] if len(arguments) > 1 else "all")
    files = _files(phases)
    _print("Folders", [(name.rpartition("/")[0], *spent) for name, *spent in files], 25)
    _print("Files", files, 45)
    _print("Tests", [(nodeid, wall, cpu) for nodeid, _when, wall, cpu in phases], 45)
    _print("Fixtures", [(f"{name} ({scope})", *spent) for name, scope, *spent in fixtures], 35)


if __name__ == "__main__":
    main(sys.argv[1:])
