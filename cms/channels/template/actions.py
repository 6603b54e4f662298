"""What airs again: the weekly template of a channel, and a repeat some days later."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from cms.channels.actions import (
    Edit,
    check_start,
    check_twins,
    check_video,
    do_own_day,
    do_publish_if_ready,
)
from cms.channels.models import Channel, PlannedEntry, Playlist, SlotChange, WeeklySlot
from cms.channels.planning.template import Once
from cms.channels.template.runs import template_of
from cms.channels.times import local_date, moment_on
from cms.core.refusals import Refused
from cms.videos.models import Video

LISTED = (WeeklySlot.Content.IN_ORDER, WeeklySlot.Content.ROTATION)
"""What needs a list."""
SHOWN = ("content", "video_id", "playlist_id", "clock")
"""What makes two lines the same at the same hour."""


def check_line(line: WeeklySlot, week: Iterable[WeeklySlot]) -> None:
    """Raise Refused if `line` cannot be added to `week`, the lines of its channel."""
    if line.video is not None:
        check_video(line.video)
    if line.playlist is None and line.content in LISTED:
        raise Refused(_("Pilih daftar putarnya."))
    if line.playlist is not None and line.content == WeeklySlot.Content.FAIR:
        raise Refused(_("Giliran Adil tidak memakai daftar putar. Kosongkan daftarnya."))
    if line.playlist is not None:
        check_playlist(line.channel, line.playlist)
    if not line.weekdays:
        raise Refused(_("Pilih paling sedikit satu hari."))
    if any(_meet(line, other) for other in week):
        raise Refused(_("Acara ini sudah ada pada jam itu."))


def check_playlist(channel: Channel, playlist: Playlist) -> None:
    """Raise Refused if another co-operative than those that decide on `channel` edits the list."""
    if not Playlist.objects.for_channel(channel).filter(pk=playlist.pk).exists():
        raise Refused(
            _("“%(name)s” milik koperasi lain. Pilih daftar dari koperasi saluran ini.")
            % {"name": playlist.name}
        )


def do_add_line(line: WeeklySlot, now: datetime) -> Edit:
    """Put `line` into the week of its channel, and its key into `line`."""
    with transaction.atomic():
        channel = Channel.objects.locked(line.channel_id)
        check_line(line, channel.weekly.all())
        line.save()
        return Edit(None, do_publish_if_ready(channel, now))


def do_remove_slot(slot: WeeklySlot, now: datetime) -> Edit:
    """Take a weekly entry off the channel; what aired, or is about to, stays."""
    with transaction.atomic():
        channel = Channel.objects.locked(slot.channel_id)
        slot.delete()
        return Edit(None, do_publish_if_ready(channel, now))


def do_change_once(slot: WeeklySlot, day: date, once: Once, now: datetime) -> Edit:
    """Let `day` alone have something else than `slot` says; the template stays as it is.

    Raises Refused if the slot is not there on `day`, or has begun or would begin too late.
    """
    with transaction.atomic():
        channel = Channel.objects.locked(slot.channel_id)
        check_once(channel, slot, day, now)
        if once.clock is not None:
            check_start(channel, moment_on(day, once.clock, channel.zone), now)
        if once.video is not None:
            check_video(Video.objects.get(pk=once.video))
        SlotChange.objects.update_or_create(
            slot=slot,
            date=day,
            defaults={"skips": once.skips, "clock": once.clock, "video_id": once.video},
        )
        return Edit(None, do_publish_if_ready(channel, now))


def do_restore_once(slot: WeeklySlot, day: date, now: datetime) -> Edit:
    """Let `day` have what `slot` says again; raise Refused if that has passed."""
    with transaction.atomic():
        channel = Channel.objects.locked(slot.channel_id)
        check_once(channel, slot, day, now)
        check_start(channel, moment_on(day, slot.clock, channel.zone), now)
        slot.changes.filter(date=day).delete()
        return Edit(None, do_publish_if_ready(channel, now))


def check_once(channel: Channel, slot: WeeklySlot, day: date, now: datetime) -> None:
    """Raise Refused if `slot` is not on `day`, or what `day` has of it has begun."""
    found = next((one for one in template_of(channel) if one.row == slot.pk), None)
    if found is None or not found.holds_on(day):
        raise Refused(_("Acara mingguan ini tidak ada pada tanggal itu."))
    start = found.start_on(day, channel.zone)
    if start is not None:
        check_start(channel, start, now)


def _meet(one: WeeklySlot, other: WeeklySlot) -> bool:
    """Return whether both show the same at the same hour of some date."""
    if any(getattr(one, name) != getattr(other, name) for name in SHOWN):
        return False
    begins = max(one.first or date.min, other.first or date.min)
    ends = min(one.last or date.max, other.last or date.max)
    return begins <= ends and bool(set(one.weekdays) & set(other.weekdays))


def do_plan_with_repeat(
    channel: Channel, video: Video, start: datetime, days: int, now: datetime, note: str = ""
) -> tuple[Edit, PlannedEntry]:
    """Put `video` on `channel` at `start` and once more `days` later at the same hour.

    Returns the edit and the row of the repeat; without a note that says it repeats.
    """
    with transaction.atomic():
        channel = Channel.objects.locked(channel.pk)
        later = start + timedelta(days=days)
        check_start(channel, start, now)
        check_video(video)
        # The later day first: it must not copy the new entry, should it repeat this day.
        for moment in (later, start):
            do_own_day(channel, local_date(channel, moment))
            check_twins(channel, video, moment)
        entry = PlannedEntry.objects.create(channel=channel, video=video, start=start, note=note)
        repeat = PlannedEntry.objects.create(
            channel=channel, video=video, start=later, note=note or "Siaran ulang"
        )
        return Edit(entry, do_publish_if_ready(channel, now)), repeat
