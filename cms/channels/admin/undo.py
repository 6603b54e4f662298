"""The way back from the last edit, kept in the person's session until the next one."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from cms.channels.actions import Edit, do_change, do_plan, do_unplan
from cms.channels.models import Channel, PlannedEntry
from cms.core.refusals import Refused
from cms.videos.models import Video

_KEY = "channels.undo"


def keep(
    request: HttpRequest,
    channel: Channel,
    day: date,
    *,
    now_is: PlannedEntry | None,
    was: PlannedEntry | None,
) -> None:
    """Remember an edit of `day`: `was` before it, `now_is` after it; None where there is none."""
    request.session[_KEY] = {
        "channel": channel.pk,
        "day": day.isoformat(),
        "now": _facts(now_is),
        "was": _facts(was),
    }


def offered(request: HttpRequest, channel: Channel, day: date) -> bool:
    """Return whether the last edit was one of this day."""
    held = request.session.get(_KEY)
    return bool(held and held["channel"] == channel.pk and held["day"] == day.isoformat())


def do_undo(request: HttpRequest, channel: Channel, day: date, now: datetime) -> Edit:
    """Put things back as they were before the last edit; raise Refused if it is too late."""
    if not offered(request, channel, day):
        raise Refused(_("Tidak ada perubahan untuk diurungkan."))
    held = request.session[_KEY]
    with transaction.atomic():
        entry = _entry(channel, held["now"])
        if held["now"] and entry is None:
            raise Refused(_("Acara ini sudah diubah lagi. Perubahan tidak dapat diurungkan."))
        edit = _back(channel, entry, held["was"], now)
    del request.session[_KEY]
    return edit


def _back(
    channel: Channel, entry: PlannedEntry | None, was: dict[str, Any] | None, now: datetime
) -> Edit:
    if was is None:
        assert entry is not None
        return do_unplan(entry, now)
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
