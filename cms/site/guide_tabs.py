"""Which day and hour a page of the guide is asked for, and the strips to choose another."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.http import HttpRequest
from django.utils.translation import gettext as _

from cms.core.formats import DAYS, language
from cms.site.queries import text_of

PART = 6
"""Hours of a list."""
REACH = timedelta(days=7)


@dataclass(frozen=True)
class Tab:
    """A choice in a strip of choices."""

    name: str
    url: str
    current: bool


def asked_day(request: HttpRequest, today: date) -> date:
    """Return the day that is asked for, within a week; today for anything else."""
    try:
        asked = date.fromisoformat(text_of(request, "hari"))
    except ValueError:
        return today
    return asked if abs(asked - today) <= REACH else today


def asked_hour(request: HttpRequest) -> int | None:
    """Return the hour of `?mulai=13`, None for anything else."""
    text = text_of(request, "mulai")
    return int(text) if text.isascii() and text.isdigit() and int(text) < 24 else None


def asked_quarter(request: HttpRequest) -> time | None:
    """Return the quarter hour of `?jam=13.15`, None for anything else."""
    try:
        asked = datetime.strptime(text_of(request, "jam"), "%H.%M").time()  # noqa: DTZ007
    except ValueError:
        return None
    return asked.replace(minute=asked.minute // 15 * 15)


def days(url: str, today: date, chosen: date | None, offsets: Iterable[int]) -> list[Tab]:
    """Return the days that lie `offsets` from today."""
    names = {-1: _("Kemarin"), 0: _("Hari ini")}
    shown = [(n, today + timedelta(days=n)) for n in offsets]
    return [
        Tab(
            names.get(n) or f"{DAYS[language()][day.weekday()]} {day.day}",
            f"{url}?hari={day}",
            day == chosen,
        )
        for n, day in shown
    ]


def parts(url: str, day: date, first: Iterable[Tab], chosen: int | None) -> list[Tab]:
    """Return the parts of `day` after the tabs `first`; `chosen` is the hour of one."""
    names = {
        0: _("Dini hari"),
        6: _("Pagi"),
        12: _("Siang"),
        18: _("Malam"),
    }
    return [*first] + [
        Tab(name, f"{url}?hari={day}&mulai={hour}", hour == chosen) for hour, name in names.items()
    ]
