"""The Islamic calendar, as far as a channel needs it."""

from datetime import date, timedelta

from hijridate import Gregorian

RAMADAN = 9


def is_ramadan(day: date, *, shift: int = 0) -> bool:
    """Return whether `day` is a day of fasting.

    By the Umm al-Qura table; `shift` is by how many days the ministry began later.
    Raises OverflowError for years that the table lacks (before 1924, after 2077).
    """
    moved = day - timedelta(days=shift)
    return bool(Gregorian.fromdate(moved).to_hijri().month == RAMADAN)
