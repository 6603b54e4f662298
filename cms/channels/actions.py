"""What editors do with a channel's plan. `check_…` has no effects, `do_…` has them.

Each edit and the rundown that follows from it are one transaction: an edit that
cannot be put on air changes nothing. What aired, or is about to, stays.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from cms.channels import catalogue, in_force
from cms.channels.cutin.moments import first_free
from cms.channels.models import Channel, OwnDay, PlannedEntry, RundownRecord
from cms.channels.planned import planned_wishes
from cms.channels.planning import boundary_of
from cms.channels.planning.days import Dated
from cms.channels.prayer.cards import do_ensure_card
from cms.channels.prayer.models import Azan
from cms.channels.publishing import (
    Contradiction,
    NotReady,
    Published,
    do_forget_history,
    do_publish_rundown,
)
from cms.channels.slates import do_ensure_slate
from cms.channels.template.runs import do_settle_runs, has_blocks
from cms.channels.times import begin_of, end_of, local_date, to_the_second
from cms.core.refusals import Refused
from cms.videos.models import Video
from media_pipeline.errors import PipelineError, StoreUnavailable
from media_pipeline.model.ticks import moment_of

__all__ = [
    "Contradiction",
    "Edit",
    "NotReady",
    "Published",
    "changed_by_another",
    "check_start",
    "check_twins",
    "do_change",
    "do_extend_all",
    "do_own_day",
    "do_own_entry",
    "do_plan",
    "do_publish_all",
    "do_publish_if_ready",
    "do_publish_rundown",
    "do_repeat_day",
    "do_set_azan",
    "do_unplan",
    "earliest_start",
    "is_frozen",
]

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Edit:
    """An edit that was made. `published` is None while the channel is not on air."""

    entry: PlannedEntry | None
    published: Published | None


def earliest_start(channel: Channel, now: datetime) -> datetime:
    """Return the moment from which a start may still be planned."""
    found = in_force.read(channel.slug)
    return moment_of(boundary_of(found.rundown, now)) if found else now


def check_start(channel: Channel, start: datetime, now: datetime) -> None:
    """Raise Refused if `start` has aired or is about to."""
    earliest = earliest_start(channel, now)
    if start < earliest:
        raise Refused(
            _("Pukul %(start)s sudah tayang. Pilih waktu mulai sesudah %(earliest)s.")
            % {"start": to_the_second(channel, start), "earliest": to_the_second(channel, earliest)}
        )


def check_video(video: Video) -> None:
    """Raise Refused if `video` cannot be put on a channel."""
    if not Video.objects.airable().filter(pk=video.pk).exists():
        raise Refused(
            _("“%(title)s” belum dapat ditayangkan. Terbitkan dulu, dan tunggu sampai siap.")
            % {"title": video.title}
        )


def check_twins(
    channel: Channel, video: Video, start: datetime, but: PlannedEntry | None = None
) -> None:
    """Raise Refused if another entry than `but` has `video` on `channel` at `start`."""
    twins = channel.planned.filter(video=video, start=start)
    if twins.exclude(pk=but.pk if but else None).exists():
        raise Refused(_("Acara ini sudah ada pada jam itu."))


def is_frozen(channel: Channel, wish: Dated, now: datetime) -> bool:
    """Return whether a planned entry has aired, is on air or is about to be."""
    earliest = earliest_start(channel, now)
    found = in_force.read(channel.slug)
    planned = {e.id: e for e in found.entries} if found else {}
    if wish.id in planned:
        return moment_of(planned[wish.id].start) < earliest
    return wish.start < earliest


def do_plan(channel: Channel, video: Video, start: datetime, now: datetime, note: str = "") -> Edit:
    """Put `video` on `channel` at `start`; a day that repeats becomes a day of its own first."""
    with transaction.atomic():
        channel = Channel.objects.locked(channel.pk)
        check_start(channel, start, now)
        check_video(video)
        do_own_day(channel, local_date(channel, start))
        check_twins(channel, video, start)
        entry = PlannedEntry.objects.create(channel=channel, video=video, start=start, note=note)
        return Edit(entry, do_publish_if_ready(channel, now))


def do_change(entry: PlannedEntry, video: Video, start: datetime, now: datetime, note: str) -> Edit:
    """Move a planned entry, or put another video or note in its place."""
    with transaction.atomic():
        channel = Channel.objects.locked(entry.channel_id)
        entry = _as_it_is(entry)
        _check_free(entry, now)
        if start != entry.start:
            check_start(channel, start, now)
        if video != entry.video:
            check_video(video)
        for moment in (entry.start, start):
            do_own_day(channel, local_date(channel, moment))
        check_twins(channel, video, start, but=entry)
        entry.video, entry.start, entry.note = video, start, note
        entry.save()
        return Edit(entry, do_publish_if_ready(channel, now))


def do_unplan(entry: PlannedEntry, now: datetime, repeat: PlannedEntry | None = None) -> Edit:
    """Take a planned entry off the channel, and its `repeat`; fillers take their place."""
    with transaction.atomic():
        channel = Channel.objects.locked(entry.channel_id)
        for row in filter(None, (entry, repeat)):
            found = _as_it_is(row)
            _check_free(found, now)
            do_own_day(channel, local_date(channel, found.start))
            found.delete()
        return Edit(None, do_publish_if_ready(channel, now))


def do_own_day(channel: Channel, day: date) -> int:
    """Give a day that repeats another one a plan of its own with the same entries.

    Nothing changes on air. Returns how many entries were written.
    """
    with transaction.atomic():
        channel = Channel.objects.locked(channel.pk)
        repeated = [wish for wish in planned_wishes(channel, day, day) if wish.repeated]
        OwnDay.objects.get_or_create(channel=channel, date=day)
        PlannedEntry.objects.bulk_create(
            PlannedEntry(channel=channel, video_id=w.video, start=w.start, note=w.note)
            for w in repeated
        )
        return len(repeated)


def do_own_entry(channel: Channel, wish: Dated) -> PlannedEntry:
    """Return the row of `wish`, writing it first where its day only repeats another.

    Raises Refused if somebody moved or removed it meanwhile.
    """
    with transaction.atomic():
        do_own_day(channel, local_date(channel, wish.start))
        found = channel.planned.filter(video=wish.video, start=wish.start).first()
        if found is None:
            raise Refused(changed_by_another())
        return found


def do_repeat_day(channel: Channel, day: date, now: datetime) -> Edit:
    """Let a day that is still to come repeat the one before it again."""
    with transaction.atomic():
        channel = Channel.objects.locked(channel.pk)
        if begin_of(channel, day) < earliest_start(channel, now):
            raise Refused(_("Hari ini sudah berjalan. Ubah acaranya satu per satu."))
        channel.planned.filter(
            start__gte=begin_of(channel, day), start__lt=end_of(channel, day)
        ).delete()
        channel.own_days.filter(date=day).delete()
        return Edit(None, do_publish_if_ready(channel, now))


def do_set_azan(azan: Azan, now: datetime) -> Edit:
    """Keep prayer times on its channel as `azan` says, from the first free segment on."""
    with transaction.atomic():
        channel = Channel.objects.locked(azan.channel_id)
        azan.save()
        return Edit(None, do_publish_if_ready(channel, now))


def do_publish_all(
    channels: Iterable[Channel], now: datetime, *, at_once: bool = False
) -> list[Channel]:
    """Plan each of `channels` anew; return those on which something is different.

    `at_once`: from the first segment that no origin can have shown, as a cut-in does.
    One that fails does not stop the others; what it raised is raised after them all,
    so that who asked asks again.
    """
    changed: list[Channel] = []
    failed: list[Exception] = []
    for channel in channels:
        try:
            if do_publish_if_ready(channel, now, at_once=at_once) is not None:
                changed.append(channel)
        except (Contradiction, StoreUnavailable, in_force.Unreadable) as why:
            logger.exception("%s: the channel was not planned anew", channel.slug)
            failed.append(why)
    if failed:
        raise failed[0]
    return changed


def do_extend_all(now: datetime) -> int:
    """Extend what ends soon and start what can go on air; return how many rundowns were written.

    One channel that fails does not keep the others from going on.
    """
    _ensure_cards(now)
    written = 0
    newest = _newest_records()
    # Those who follow nobody first: the others need them on air.
    channels = Channel.objects.select_related("cooperative").order_by("parent_id", "name")
    for channel in sorted(channels, key=lambda channel: channel.parent_id is not None):
        last = newest.get(channel.pk)
        # Without days it was written whole, by a Siar before there were day files.
        if (
            last
            and (last.days or channel.parent_id)
            and not catalogue.ends_soon(channel, last.ends, now)
        ):
            continue
        try:
            written += do_publish_if_ready(channel, now) is not None
            do_forget_history(channel, now)
        except Exception:
            # The other channels need it: whatever lies in one channel's files, they go on.
            logger.exception("%s: the rundown was not extended", channel.slug)
    return written


def _newest_records() -> dict[int, RundownRecord]:
    """Return the newest record of each channel, by the channel's id, in one query."""
    of_one = RundownRecord.objects.filter(channel=OuterRef("pk")).order_by("-version")
    newest = Channel.objects.values_list(Subquery(of_one.values("pk")[:1]))
    return {r.channel_id: r for r in RundownRecord.objects.filter(pk__in=newest).order_by()}


def _ensure_cards(now: datetime) -> None:
    try:
        if Channel.objects.exists():
            do_ensure_slate(now)
            do_ensure_card(now)
    except (PipelineError, OSError):
        logger.exception("a still card was not made")


def do_publish_if_ready(
    channel: Channel, now: datetime, *, at_once: bool = False
) -> Published | None:
    """Publish; a channel that is not ready to be on air keeps its plan for later."""
    try:
        with transaction.atomic():
            channel = Channel.objects.locked(channel.pk)
            if has_blocks(channel):
                until = now + timedelta(hours=channel.horizon_hours) + 2 * catalogue.STEP
                do_settle_runs(channel, earliest_start(channel, now), until)
            found = in_force.read(channel.slug) if at_once else None
            return do_publish_rundown(
                channel, now, first_free(found, now).planned if found else None
            )
    except NotReady as why:
        # Before its first rundown a channel only waits; after that its air time runs out.
        level = logging.ERROR if channel.rundowns.exists() else logging.INFO
        logger.log(level, "%s: %s", channel.slug, why)
        return None


def _as_it_is(entry: PlannedEntry) -> PlannedEntry:
    """Return the row as it is under the lock; raise Refused if another edit removed or moved it."""
    found = PlannedEntry.objects.filter(pk=entry.pk).first()
    if found is None or (found.video_id, found.start) != (entry.video_id, entry.start):
        raise Refused(changed_by_another())
    return found


def changed_by_another() -> str:
    """Return that an entry, or a line of the week, is not what the page showed any more."""
    return _("Acara ini baru saja diubah orang lain. Muat ulang halamannya.")


def _check_free(entry: PlannedEntry, now: datetime) -> None:
    wish = Dated(entry.pk, entry.video_id, entry.start, entry.note, repeated=False)
    if is_frozen(entry.channel, wish, now):
        raise Refused(_("Acara ini sudah atau sedang tayang. Yang sudah tayang tidak berubah."))
