"""Run a command by another clock: `python -m setup.clock MOMENT COMMAND …`.

MOMENT is an instant (2027-12-01T17:10:00Z) or a name of MOMENTS, which stands for the next
one. The command begins at it; libfaketime adds one number of seconds to the clock of each
process that is begun by it. What a file system stamps keeps the real time.
"""

import os
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from math import ceil
from pathlib import Path
from zoneinfo import ZoneInfo

from hijridate import Gregorian

from setup.prepare import SetupFailed, install_package

LIBRARY = "faketime/libfaketime.so.1"
"""Not the variant for threads (MT): it locks at each look at the clock, which takes 13 µs instead of 1."""
PLACES = (Path("/usr/lib"), Path("/usr/lib64"), Path("/usr/local/lib"))
AHEAD = "SIAR_TEST_CLOCK_AHEAD"
"""Names the seconds by which the clock is moved, for what libfaketime does not reach."""
WIB, WIT = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Jayapura")


def _always(_day: date) -> bool:
    return True


def _is_new_years_eve(day: date) -> bool:
    return (day.month, day.day) == (12, 31)


def _is_leap_day(day: date) -> bool:
    return (day.month, day.day) == (2, 29)


def _is_tenth_of_ramadan(day: date) -> bool:
    return Gregorian.fromdate(day).to_hijri().datetuple()[1:] == (9, 10)


Moment = tuple[Callable[[date], bool], time]
MOMENTS: dict[str, Moment] = {
    "wib-0010": (_always, time(0, 10, tzinfo=WIB)),
    "wit-2359": (_always, time(23, 59, tzinfo=WIT)),
    "new-years-eve": (_is_new_years_eve, time(23, 50, tzinfo=WIB)),
    "leap-day": (_is_leap_day, time(12, tzinfo=WIB)),
    # Minutes before maghrib in most of WIB.
    "ramadan": (_is_tenth_of_ramadan, time(17, 50, tzinfo=WIB)),
}
"""Which day, and when on it."""


def main(moment: str, command: list[str]) -> None:
    """Become `command`, whose clock says `moment`."""
    now = datetime.now(UTC)
    chosen = moment_of(moment, now)
    print(f"  The clock: {chosen:%Y-%m-%d %H:%M:%S} UTC", flush=True)
    environment = os.environ | moving(chosen - now, library())
    os.execvpe(command[0], command, environment)


def moment_of(text: str, now: datetime) -> datetime:
    """Return the moment that `text` names, after `now`; raise SetupFailed if it names none."""
    if text == "year-ahead":
        return now + timedelta(days=365)
    if text in MOMENTS:
        return _next(*MOMENTS[text], now)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        names = ", ".join(("year-ahead", *MOMENTS))
        raise SetupFailed(
            f"CLOCK={text} is no instant like 2027-12-01T17:10:00Z and none of {names}."
        )
    return moment.astimezone(UTC)


def _next(holds: Callable[[date], bool], at: time, now: datetime) -> datetime:
    day = now.astimezone(at.tzinfo).date()
    while not holds(day) or datetime.combine(day, at) <= now:
        day += timedelta(days=1)
    return datetime.combine(day, at).astimezone(UTC)


def moving(ahead: timedelta, library: Path) -> dict[str, str]:
    """Return the environment in which the clock of a process is `ahead`."""
    seconds = ceil(ahead.total_seconds())
    return {
        "LD_PRELOAD": str(library),
        "FAKETIME": f"{seconds:+d}s",
        # The number of seconds is read once, so that no thread meets it half read.
        "FAKETIME_CACHE_DURATION": str(10**8),
        # What waits, waits by this one.
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        # Without it a thread that waits for Python's lock with a timeout does not wait at all:
        # processes with threads ran at a thirtieth of their speed.
        "FAKETIME_FORCE_MONOTONIC_FIX": "0",
        # Processes of other users (PostgreSQL) may not open the shared memory, and need none.
        "FAKETIME_DISABLE_SHM": "1",
        AHEAD: str(seconds),
    }


def ahead() -> int:
    """Return the seconds by which the clock of this process is moved."""
    return int(os.environ.get(AHEAD, "0"))


def unmoved() -> dict[str, str]:
    """Return the environment for a process that libfaketime would break."""
    return {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}


def library() -> Path:
    """Return the path of libfaketime, which is installed if it is missing."""
    if found := _installed():
        return found
    install_package("libfaketime")
    if found := _installed():
        return found
    raise SetupFailed("CLOCK needs libfaketime: install it (Debian: apt-get install libfaketime).")


def _installed() -> Path | None:
    found = (
        path for place in PLACES for depth in ("", "*/") for path in place.glob(depth + LIBRARY)
    )
    return next(found, None)


if __name__ == "__main__":
    try:
        main(sys.argv[1], sys.argv[2:])
    except SetupFailed as failure:
        print(failure, file=sys.stderr)
        raise SystemExit(1) from None
