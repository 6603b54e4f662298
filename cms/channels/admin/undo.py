"""The way back from a person's last edit, kept until the next one."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from cms.channels.actions import Edit, do_change, do_plan, do_unplan
from cms.channels.drafts.actions import do_restore_draft
from cms.channels.drafts.days import DaysSet, DayState, do_restore_days
from cms.channels.drafts.rows import plan_in, rows_of
from cms.channels.drafts.weeks import Row, do_restore_week, do_restore_week_draft
from cms.channels.models import Channel, LastEdit, PlannedEntry
from cms.channels.planning.differences import Change, Wanted
from cms.core.models import User
from cms.core.refusals import Refused
from cms.videos.models import Video


def keep(
    request: HttpRequest,
    channel: Channel,
    day: date,
    *,
    now_is: PlannedEntry | None,
    was: PlannedEntry | None,
    repeat: PlannedEntry | None = None,
) -> None:
    """Remember an edit of `day`: `was` before it, `now_is` after it; None where there is none.

    `repeat` was planned with `now_is`.
    """
    told = {"now": _facts(now_is), "was": _facts(was), "repeat": _facts(repeat)}
    _keep(request, channel, day, told)


def keep_draft(
    request: HttpRequest,
    channel: Channel,
    day: date,
    was: Sequence[Wanted],
    now_is: Sequence[Wanted] | None,
) -> None:
    """Remember what the draft of `day` held before an edit, and after it; None if discarded."""
    told = {"draft": rows_of(was), "since": None if now_is is None else rows_of(now_is)}
    _keep(request, channel, day, told)


def keep_days(request: HttpRequest, channel: Channel, day: date, done: DaysSet) -> None:
    """Remember days before an edit of them all."""
    days = {when.isoformat(): [was.own, rows_of(was.plan)] for when, was in done.were.items()}
    _keep(request, channel, day, {"days": days, "mark": done.mark})


def keep_week(
    request: HttpRequest, channel: Channel, gone: Sequence[Row], new: Sequence[int]
) -> None:
    """Remember the lines that an edit took out of the week, and the keys of those it put in."""
    _keep(request, channel, None, {"gone": list(gone), "new": list(new)})


def keep_week_draft(
    request: HttpRequest, channel: Channel, was: list[Row], now_is: list[Row] | None
) -> None:
    """Remember what the draft of the week held before an edit, and after it; None if discarded."""
    _keep(request, channel, None, {"week_draft": was, "since": now_is})


def offered(request: HttpRequest, channel: Channel, day: date | None) -> bool:
    """Return whether the last edit was one of this day; None stands for the week."""
    return LastEdit.objects.filter(user=_person(request), channel=channel, day=day).exists()


def do_undo(
    request: HttpRequest, channel: Channel, day: date | None, now: datetime
) -> tuple[Edit | None, list[Change]]:
    """Put things back as they were before the last edit; raise Refused if it is too late.

    `day` is as for `offered`. Returns None where only a draft was edited; of whole days what changed, with what did not
    because it came too late.
    """
    with transaction.atomic():
        kept = LastEdit.objects.select_for_update().filter(
            user=_person(request), channel=channel, day=day
        )
        last = kept.first()
        if last is None:
            raise Refused(_("Tidak ada perubahan untuk diurungkan."))
        if day is None:
            done = _do_undo_week(channel, last.told, now), list[Change]()
        else:
            done = _do_undo(channel, day, last.told, now)
        last.delete()
        return done


def _keep(request: HttpRequest, channel: Channel, day: date | None, told: dict[str, Any]) -> None:
    LastEdit.objects.update_or_create(
        user=_person(request), defaults={"channel": channel, "day": day, "told": told}
    )


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _do_undo(
    channel: Channel, day: date, held: dict[str, Any], now: datetime
) -> tuple[Edit | None, list[Change]]:
    if "draft" in held:
        since = None if held["since"] is None else plan_in(held["since"])
        do_restore_draft(channel, day, plan_in(held["draft"]), since)
        return None, []
    if "days" in held:
        were = {
            date.fromisoformat(when): DayState(tuple(plan_in(rows)), own)
            for when, (own, rows) in held["days"].items()
        }
        return do_restore_days(channel, were, held["mark"], now)
    return _do_undo_entry(channel, held, now), []


def _do_undo_week(channel: Channel, held: dict[str, Any], now: datetime) -> Edit | None:
    if "week_draft" in held:
        do_restore_week_draft(channel, held["week_draft"], held["since"])
        return None
    return do_restore_week(channel, held["gone"], held["new"], now)


def _do_undo_entry(channel: Channel, held: dict[str, Any], now: datetime) -> Edit:
    with transaction.atomic():
        entry, repeat = _entry(channel, held["now"]), _entry(channel, held.get("repeat"))
        if (held["now"] and entry is None) or (held.get("repeat") and repeat is None):
            raise Refused(_("Acara ini sudah diubah lagi. Perubahan tidak dapat diurungkan."))
        return _back(channel, entry, repeat, held["was"], now)


def _back(
    channel: Channel,
    entry: PlannedEntry | None,
    repeat: PlannedEntry | None,
    was: dict[str, Any] | None,
    now: datetime,
) -> Edit:
    if was is None:
        assert entry is not None
        return do_unplan(entry, now, repeat)
    video = Video.objects.filter(pk=was["video"]).first()
    if video is None:
        raise Refused(_("Videonya sudah dihapus. Perubahan tidak dapat diurungkan."))
    start = datetime.fromisoformat(was["start"])
    if entry is None:
        return do_plan(channel, video, start, now, was["note"])
    return do_change(entry, video, start, now, was["note"])


def _facts(entry: PlannedEntry | None) -> dict[str, Any] | None:
    if entry is None:
        return None
    return {"video": entry.video_id, "start": entry.start.isoformat(), "note": entry.note}


def _entry(channel: Channel, held: dict[str, Any] | None) -> PlannedEntry | None:
    if held is None:
        return None
    start = datetime.fromisoformat(held["start"])
    return channel.planned.filter(video=held["video"], start=start).first()
