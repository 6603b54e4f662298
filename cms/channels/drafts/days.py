"""A day's plan as a whole: read, compared with another, and set."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from cms.channels import in_force
from cms.channels.actions import Edit, do_own_day, do_publish_if_ready, earliest_start
from cms.channels.models import Channel, PlannedEntry
from cms.channels.planned import planned_wishes, repeated_day
from cms.channels.planning import source_day
from cms.channels.planning.differences import Change, Wanted, differences
from cms.channels.times import begin_of, end_of, local_date
from cms.core.refusals import Refused
from cms.videos.models import Video
from media_pipeline.model.ticks import moment_of


@dataclass(frozen=True)
class DayState:
    """What a day has, and whether that is a plan of its own or repeats another day."""

    plan: tuple[Wanted, ...]
    own: bool


@dataclass(frozen=True)
class DaysSet:
    """Days that were set in one edit: what changed, what they had, and a `mark` of what they have.

    Among the changes are those that came too late and were not made.
    """

    edit: Edit
    changes: list[Change]
    were: Mapping[date, DayState]
    mark: str


def plan_of(channel: Channel, day: date) -> list[Wanted]:
    """Return what `day` has of its own or repeats, in order of time; not the weekly template."""
    dated = planned_wishes(channel, day, day)
    return [Wanted(one.video, one.start, one.note) for one in dated]


def has_own_plan(channel: Channel, day: date) -> bool:
    """Return whether `day` has a plan of its own, even an empty one."""
    planned = channel.planned.filter(start__gte=begin_of(channel, day))
    own = channel.own_days.filter(date=day)
    return own.exists() or planned.filter(start__lt=end_of(channel, day)).exists()


@dataclass(frozen=True)
class DayOutline:
    """What a day holds at a glance. `repeats` is the day whose plan holds there, None for none."""

    entries: int
    own: bool
    repeats: date | None
    has_draft: bool


def outlines(channel: Channel, first: date, last: date) -> dict[date, DayOutline]:
    """Return what each day from `first` to `last` holds, asking once for all of them."""
    dated = planned_wishes(channel, first, last)
    held = Counter(local_date(channel, one.start) for one in dated)
    own = {local_date(channel, one.start) for one in dated if not one.repeated}
    own |= set(channel.own_days.filter(date__range=(first, last)).values_list("date", flat=True))
    drafts = set(channel.drafts.filter(date__range=(first, last)).values_list("date", flat=True))
    since = repeated_day(channel, first)
    dates = own | ({since} if since else set())
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return {
        day: DayOutline(
            held[day],
            day in own,
            source_day(dates, day, repeats=channel.repeats_daily),
            day in drafts,
        )
        for day in days
    }


def states_of(channel: Channel, days: Iterable[date]) -> dict[date, DayState]:
    """Return what each of `days` has."""
    return {
        day: DayState(tuple(plan_of(channel, day)), has_own_plan(channel, day))
        for day in sorted(days)
    }


def fingerprint(told: object) -> str:
    """Return a text that is another one if what is `told` is."""
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def changed_since() -> str:
    """Return that an edit cannot be taken back, since another was made after it."""
    return _("Susunannya sudah diubah lagi. Perubahan tidak dapat diurungkan.")


def changes_to(
    channel: Channel, day: date, wanted: Iterable[Wanted], now: datetime
) -> list[Change]:
    """Return what is different on `day` once it has what is `wanted`."""
    earliest = earliest_start(channel, now)
    found = in_force.read(channel.slug)
    starts = {e.id: moment_of(e.start) for e in found.own} if found else {}

    def stands(one: Wanted) -> bool:
        # One that waits for what is before it has not begun at its time.
        return starts.get(one.id, one.start) < earliest

    return differences(plan_of(channel, day), wanted, stands, earliest)


def plan_after(
    channel: Channel, day: date, wanted: Iterable[Wanted], now: datetime
) -> list[Wanted]:
    """Return what `day` has once what is `wanted` on it was written: what stands stays."""
    made = [change for change in changes_to(channel, day, wanted, now) if not change.too_late]
    there, gone = _there(made), {change.before for change in made}
    kept = [one for one in plan_of(channel, day) if one not in gone]
    return kept + [one for one in (c.after for c in made) if one and one.video in there]


def _there(changes: Iterable[Change]) -> set[int]:
    """Return the videos that are wanted and have not been deleted."""
    videos = {change.after.video for change in changes if change.after is not None}
    return set(Video.objects.filter(pk__in=videos).values_list("pk", flat=True))


def do_write_day(
    channel: Channel, day: date, wanted: Collection[Wanted], now: datetime
) -> list[Change]:
    """Make the rows of `day` what is `wanted`, but for what stands; nothing goes on air yet.

    Returns what was different, with what came too late.
    """
    with transaction.atomic():
        channel = Channel.objects.locked(channel.pk)
        changes = changes_to(channel, day, wanted, now)
        do_own_day(channel, day)
        made = [change for change in changes if not change.too_late]
        for gone in (change.before for change in made if change.before is not None):
            channel.planned.filter(video=gone.video, start=gone.start).delete()
        there = _there(made)
        PlannedEntry.objects.bulk_create(
            PlannedEntry(channel=channel, video_id=new.video, start=new.start, note=new.note)
            for new in (change.after for change in made)
            if new is not None and new.video in there
        )
        return changes


def do_set_days(
    channel: Channel, days: Mapping[date, Collection[Wanted]], now: datetime
) -> DaysSet:
    """Put on air what is wanted on `days`; what has aired, or is about to, stays."""
    with transaction.atomic():
        channel = Channel.objects.locked(channel.pk)
        # All are read first: a day may repeat one that is written before it.
        were = states_of(channel, days)
        changes = [
            change
            for day, wanted in sorted(days.items())
            for change in do_write_day(channel, day, wanted, now)
        ]
        mark = fingerprint(states_of(channel, days))
        return DaysSet(Edit(None, do_publish_if_ready(channel, now)), changes, were, mark)


def do_restore_days(
    channel: Channel, were: Mapping[date, DayState], mark: str, now: datetime
) -> tuple[Edit, list[Change]]:
    """Let days be again as they were before an edit that left them with `mark`.

    One that repeated another repeats again, unless it has begun by now: then it keeps what it
    had. Returns the changes too, those that came too late among them. Raises Refused if
    somebody has changed one of the days since.
    """
    with transaction.atomic():
        channel = Channel.objects.locked(channel.pk)
        if fingerprint(states_of(channel, were)) != mark:
            raise Refused(changed_since())
        earliest = earliest_start(channel, now)
        changes: list[Change] = []
        for day, was in sorted(were.items()):
            if was.own or begin_of(channel, day) < earliest:
                changes += do_write_day(channel, day, was.plan, now)
            else:
                do_forget_day(channel, day)
        return Edit(None, do_publish_if_ready(channel, now)), changes


def do_forget_day(channel: Channel, day: date) -> None:
    """Let a day that has not begun have no plan of its own; nothing goes on air yet."""
    hours = Q(start__gte=begin_of(channel, day), start__lt=end_of(channel, day))
    channel.planned.filter(hours).delete()
    channel.own_days.filter(date=day).delete()
