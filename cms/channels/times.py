"""Moments by a channel's clock, as editors read and write them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cms.channels.models import Channel
from cms.core.formats import NBSP, ZONE_NAMES, language


def zone_name(channel: Channel) -> str:
    """Return WIB, WITA or WIT."""
    return ZONE_NAMES.get(channel.cooperative.zone, channel.cooperative.zone)


def to_the_second(channel: Channel, moment: datetime, *, zone: bool = True) -> str:
    """Return `moment` by the channel's clock: 19.30.12 WIB."""
    local = moment.astimezone(channel.zone)
    text = f"{local:%H:%M:%S}" if language() == "en" else f"{local:%H.%M.%S}"
    return f"{text}{NBSP}{zone_name(channel)}" if zone else text


def local_date(channel: Channel, moment: datetime) -> date:
    """Return the date of `moment` by the channel's clock."""
    return moment.astimezone(channel.zone).date()


def begin_of(channel: Channel, day: date) -> datetime:
    """Return the moment (UTC) at which `day` begins by the channel's clock."""
    return datetime.combine(day, time(), channel.zone).astimezone(UTC)


def end_of(channel: Channel, day: date) -> datetime:
    """Return the moment (UTC) at which `day` ends by the channel's clock."""
    return begin_of(channel, day + timedelta(days=1))


def moment_on(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Return the moment (UTC) of `clock` on `day` in `zone`."""
    return datetime.combine(day, clock, zone).astimezone(UTC)
