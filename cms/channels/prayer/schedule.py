"""When a channel is called to prayer, and what Ramadan adds. Pure."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from cms.channels.prayer.cities import City
from cms.channels.prayer.hijri import is_ramadan
from cms.channels.prayer.times import PRAYERS, Prayer, imsak, prayer_times

RamadanMode = Literal["auto", "on", "off"]
IMSAK_SECONDS = 20
COUNTDOWN = 5
"""Minutes of the countdown to breaking the fast, a card each."""
RAMADAN_CARDS = ("imsak", *(f"buka-{left}" for left in range(COUNTDOWN, 0, -1)))
CARDS = (*PRAYERS, *RAMADAN_CARDS)


@dataclass(frozen=True)
class Setting:
    """What a channel has chosen. `shift`: by how many days Ramadan begins after the table's."""

    city: City
    prayers: Collection[Prayer] = PRAYERS
    lead_seconds: int = 0
    seconds: int = 240
    ramadan: RamadanMode = "auto"
    shift: int = 0


@dataclass(frozen=True)
class Call:
    """Something that begins at `start` (UTC). `card` names what shows it, `id` it for ever."""

    id: str
    card: str
    start: datetime
    seconds: int


def calls(setting: Setting, first: date, last: date) -> list[Call]:
    """Return the calls of the days from `first` to `last` of the city, in order."""
    found: list[Call] = []
    day = first
    while day <= last:
        found += _prayers(setting, day)
        if fasts(setting, day):
            found += _fasting(setting, day)
        day += timedelta(days=1)
    return sorted(found, key=lambda call: call.start)


def fasts(setting: Setting, day: date) -> bool:
    """Return whether `day` has imsak and countdown."""
    if setting.ramadan == "auto":
        return is_ramadan(day, shift=setting.shift)
    return setting.ramadan == "on"


def _prayers(setting: Setting, day: date) -> Iterator[Call]:
    lead = timedelta(seconds=setting.lead_seconds)
    for prayer, moment in prayer_times(setting.city, day).items():
        if prayer in setting.prayers:
            length = setting.seconds + setting.lead_seconds
            yield Call(f"azan-{prayer}-{day}", prayer, moment - lead, length)


def _fasting(setting: Setting, day: date) -> Iterator[Call]:
    yield Call(f"imsak-{day}", "imsak", imsak(setting.city, day), IMSAK_SECONDS)
    magrib = prayer_times(setting.city, day)["magrib"]
    for left in range(COUNTDOWN, 0, -1):
        yield Call(f"buka-{left}-{day}", f"buka-{left}", magrib - timedelta(minutes=left), 60)
