"""The hours of a channel's own, as ticks."""

from datetime import datetime, timedelta

from cms.channels.models import Channel
from cms.channels.times import local_date, moment_on
from media_pipeline.model.spans import united
from media_pipeline.model.ticks import ticks_of

DAY = timedelta(days=1)


def windows_of(channel: Channel, first: datetime, last: datetime) -> list[tuple[int, int]]:
    """Return the own windows that touch `first` to `last`: [start, end), those that meet as one."""
    windows = list(channel.own_windows.all())
    found = []
    # A window of the day before may reach into the first one.
    day, end = local_date(channel, first) - DAY, local_date(channel, last)
    while day <= end:
        for window in windows:
            if window.holds_on(day):
                until = day if window.end > window.start else day + DAY
                begin = moment_on(day, window.start, channel.zone)
                found.append(
                    (ticks_of(begin), ticks_of(moment_on(until, window.end, channel.zone)))
                )
        day += DAY
    return list(united(found))
