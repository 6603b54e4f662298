"""Drafts of days: begun, edited, published, discarded."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cms.channels.actions import changed_by_another, check_start, check_video, earliest_start
from cms.channels.drafts.days import (
    DaysSet,
    changed_since,
    changes_to,
    do_set_days,
    fingerprint,
    plan_after,
    plan_of,
)
from cms.channels.drafts.instead import Instead
from cms.channels.drafts.rows import plan_in, rows_of
from cms.channels.models import Channel, DayDraft
from cms.channels.planning.differences import Change, Wanted
from cms.channels.times import end_of, local_date
from cms.core.refusals import Refused
from cms.videos.models import Video


def draft_of(channel: Channel, day: date) -> DayDraft | None:
    """Return the draft of `day`, None if it has none."""
    return channel.drafts.filter(date=day).first()


def entries_of(draft: DayDraft) -> list[Wanted]:
    """Return what the draft wants, in order of time."""
    return sorted(plan_in(draft.entries), key=lambda one: one.start)


def changes_of(draft: DayDraft, now: datetime) -> list[Change]:
    """Return what publishing the draft would change."""
    return changes_to(draft.channel, draft.date, entries_of(draft), now)


def do_begin_draft(channel: Channel, day: date, now: datetime) -> DayDraft:
    """Begin a draft of `day` with what is on it now; one that there is goes on."""
    if end_of(channel, day) <= earliest_start(channel, now):
        raise Refused(_("Hari ini sudah lewat. Yang sudah tayang tidak berubah."))
    with transaction.atomic():
        channel = Channel.objects.locked(channel.pk)
        held = draft_of(channel, day)
        if held is not None:
            return held
        return _do_keep(DayDraft(channel=channel, date=day), plan_of(channel, day))


def do_edit_draft(
    draft: DayDraft, was: Wanted | None, becomes: Wanted | None, now: datetime
) -> tuple[list[Wanted], list[Wanted]]:
    """Put `becomes` in the place of `was` in the draft; None on one side adds or removes.

    Returns what the draft held before, and what it holds. Raises Refused for what has aired,
    what cannot air, what is there already, and a draft that is no more.
    """
    with transaction.atomic():
        draft = _as_it_is(draft)
        held = entries_of(draft)
        if was is not None and was not in held:
            raise Refused(changed_by_another())
        kept = [one for one in held if one != was]
        if becomes is not None:
            _check(draft.channel, kept, was, becomes, now)
            kept.append(becomes)
        return held, entries_of(_do_keep(draft, kept))


def do_restore_draft(
    channel: Channel, day: date, entries: Sequence[Wanted], since: Sequence[Wanted] | None
) -> DayDraft:
    """Let the draft of `day` be `entries` again; `since` is what an edit made of it, None nothing.

    Raises Refused if by now it is something else.
    """
    with transaction.atomic():
        channel = Channel.objects.locked(channel.pk)
        held = draft_of(channel, day)
        if (entries_of(held) if held else None) != since:
            raise Refused(changed_since())
        return _do_keep(held or DayDraft(channel=channel, date=day), entries)


def do_discard_draft(draft: DayDraft) -> list[Wanted]:
    """Forget the draft and return what it held; what is on air stays as it is."""
    with transaction.atomic():
        draft = _as_it_is(draft)
        held = entries_of(draft)
        draft.delete()
        return held


def do_publish_draft(draft: DayDraft, seen: str, now: datetime) -> DaysSet:
    """Put the draft on air and forget it; `seen` is the fingerprint of what the editor read.

    Raises Refused if by now the changes are others, or the draft is no more.
    """
    with transaction.atomic():
        draft = _as_it_is(draft)
        wanted = entries_of(draft)
        _check_dates(draft, wanted)
        if fingerprint(changes_of(draft, now)) != seen:
            raise Refused(_("Susunan berubah sejak Anda memeriksanya. Periksa lagi perubahannya."))
        done = do_set_days(draft.channel, {draft.date: wanted}, now)
        draft.delete()
        return done


@contextmanager
def as_if_published(draft: DayDraft | None, now: datetime) -> Iterator[None]:
    """Within it the draft's channel is planned as after publishing; nothing is written."""
    if draft is None:
        yield
        return
    plan = plan_after(draft.channel, draft.date, entries_of(draft), now)
    draft.channel.instead = Instead(draft.date, tuple(plan))
    try:
        yield
    finally:
        draft.channel.instead = None


def _check(
    channel: Channel, kept: Sequence[Wanted], was: Wanted | None, new: Wanted, now: datetime
) -> None:
    if was is None or new.start != was.start:
        check_start(channel, new.start, now)
    if was is None or new.video != was.video:
        check_video(Video.objects.get(pk=new.video))
    if any((one.video, one.start) == (new.video, new.start) for one in kept):
        raise Refused(_("Acara ini sudah ada pada jam itu."))


def _check_dates(draft: DayDraft, entries: Sequence[Wanted]) -> None:
    """Raise Refused if the channel's clock was changed since the draft began."""
    if any(local_date(draft.channel, one.start) != draft.date for one in entries):
        raise Refused(_("Zona waktu saluran sudah berubah. Buang drafnya, lalu mulai lagi."))


def _do_keep(draft: DayDraft, entries: Sequence[Wanted]) -> DayDraft:
    _check_dates(draft, entries)
    draft.entries = rows_of(entries)
    draft.save()
    return draft


def _as_it_is(draft: DayDraft) -> DayDraft:
    """Return the draft as it is under its channel's lock; raise Refused if it is no more."""
    Channel.objects.locked(draft.channel_id)
    found = DayDraft.objects.filter(pk=draft.pk).select_related("channel").first()
    if found is None:
        raise Refused(_("Draf ini baru saja diterbitkan atau dibuang. Muat ulang halamannya."))
    return found
