"""The clock that a run of the tests is given."""

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest

from setup.clock import MOMENTS, moment_of
from setup.prepare import SetupFailed

SECONDS = 20


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2027-12-01T17:10:00Z", datetime(2027, 12, 1, 17, 10, tzinfo=UTC)),
        ("2027-12-02T00:10:00+07:00", datetime(2027, 12, 1, 17, 10, tzinfo=UTC)),
        ("year-ahead", datetime(2027, 11, 24, 6, 24, tzinfo=UTC)),
        ("wib-0010", datetime(2026, 11, 24, 17, 10, tzinfo=UTC)),
        ("wit-2359", datetime(2026, 11, 24, 14, 59, tzinfo=UTC)),
        ("new-years-eve", datetime(2026, 12, 31, 16, 50, tzinfo=UTC)),
        ("leap-day", datetime(2028, 2, 29, 5, tzinfo=UTC)),
        ("ramadan", datetime(2027, 2, 17, 10, 50, tzinfo=UTC)),
    ],
)
def test_a_name_or_an_instant_is_a_moment_to_come(text, moment, now):
    assert moment_of(text, now) == moment


@pytest.mark.parametrize("name", MOMENTS)
def test_a_moment_that_is_over_is_the_next_one(name, now):
    first = moment_of(name, now)
    assert moment_of(name, first) > first


@pytest.mark.parametrize("text", ["", "besok", "2027-12-01", "2027-12-01T17:10:00"])
def test_what_is_no_moment_is_refused_with_the_names_that_there_are(text, now):
    with pytest.raises(SetupFailed, match="year-ahead, wib-0010"):
        moment_of(text, now)


@pytest.mark.real_clock
def test_processes_and_databases_have_the_clock_of_the_tests():
    code = "import sqlite3; print(*sqlite3.connect('').execute('select unixepoch()').fetchone())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert abs(int(done.stdout) - time.time()) < SECONDS


def test_a_test_stands_at_one_moment_unless_it_says_otherwise(now, frozen):
    assert datetime.now(UTC) == now
    frozen.shift(timedelta(hours=1))
    assert datetime.now(UTC) == now + timedelta(hours=1)
