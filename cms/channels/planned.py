"""What editors planned for days of a channel, repeats included; without the weekly template."""

from datetime import date

from cms.channels.drafts.instead import Instead
from cms.channels.models import Channel
from cms.channels.planning import Planned, source_day, wishes
from cms.channels.planning.days import Dated
from cms.channels.regions.windows import windows_of
from cms.channels.times import begin_of, end_of, local_date
from media_pipeline.model.spans import span_at
from media_pipeline.model.ticks import ticks_of


def planned_wishes(channel: Channel, begin: date, end: date) -> list[Dated]:
    """Return what holds from `begin` to `end`, both included.

    A day of a channel that follows another repeats only what its own hours can show.
    """
    # What was planned before the day that may repeat was aired long ago, years of it.
    since = repeated_day(channel, begin) or begin
    rows = channel.planned.filter(
        start__gte=begin_of(channel, since), start__lt=end_of(channel, end)
    ).values_list("pk", "video_id", "start", "note")
    own = set(
        channel.own_days.filter(date__gte=since, date__lte=end).values_list("date", flat=True)
    )
    planned = [Planned(*row) for row in rows]
    if channel.instead is not None and since <= channel.instead.day <= end:
        planned, own = _with(channel.instead, planned, channel), own | {channel.instead.day}
    dated = wishes(planned, begin, end, channel.zone, repeats=channel.repeats_daily, own=own)
    if channel.parent_id is None:
        return dated
    windows = windows_of(channel, begin_of(channel, begin), end_of(channel, end))
    return [one for one in dated if not one.repeated or span_at(windows, ticks_of(one.start))]


def repeated_day(channel: Channel, day: date) -> date | None:
    """Return the day whose plan holds on `day`; None if it has none, and none to repeat."""
    planned = channel.planned.filter(start__lt=end_of(channel, day)).order_by("start").last()
    own = channel.own_days.filter(date__lte=day).order_by("date").last()
    days = [local_date(channel, planned.start)] if planned else []
    days += [own.date] if own else []
    if channel.instead is not None and channel.instead.day <= day:
        days.append(channel.instead.day)
    return source_day(days, day, repeats=channel.repeats_daily)


def _with(instead: Instead, planned: list[Planned], channel: Channel) -> list[Planned]:
    kept = [row for row in planned if local_date(channel, row.start) != instead.day]
    return kept + [Planned(0, one.video, one.start, one.note) for one in instead.plan]
