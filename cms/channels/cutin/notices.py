"""Telling viewers one sentence, and taking it away: an object of its own beside the rundown."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.channels.cutin.models import Notice
from cms.channels.models import Channel
from cms.core import published
from cms.core.models import User
from cms.core.refusals import Refused
from media_pipeline.model.keys import generation_mark, notice_file
from media_pipeline.model.notice import LONGEST, encode_notice, printable
from media_pipeline.model.notice import Notice as Told
from media_pipeline.model.ticks import ticks_of

LEAD = timedelta(seconds=30)
"""It begins so long before now: viewers are 14 s behind live, and see it as soon as they know it."""


def one_line(text: str) -> str:
    """Return `text` without what has no place in a sentence: line ends, tabs, control characters."""
    return " ".join(printable(text).split())


def told_now(channel: Channel, now: datetime) -> Notice | None:
    """Return what viewers of `channel` are told at `now`."""
    newest = channel.notices.select_related("by").first()
    return newest if newest is not None and newest.until > now else None


def do_tell(channel: Channel, text: str, minutes: int, by: User | None, now: datetime) -> Notice:
    """Show `text` over the picture for `minutes`, instead of what was told before.

    Raises Refused, and StoreUnavailable: then nothing is told.
    """
    text = one_line(text)
    if not text or len(text) > LONGEST or not 1 <= minutes <= 30:
        raise Refused(_("Tulis satu kalimat, paling banyak 120 huruf, untuk 1 sampai 30 menit."))
    with transaction.atomic():
        channel = Channel.objects.locked(channel.pk)
        channel.notices.filter(until__gt=now).update(until=now)
        until = now + timedelta(minutes=minutes)
        made = Notice.objects.create(
            channel=channel, text=text, minutes=minutes, created=now, until=until, by=by
        )
        log(instance=channel, action="channels.tell", user=by, data={"text": text})
        told = Told(made.pk, text, ticks_of(now - LEAD), ticks_of(until))
        published.store().write(notice_file(channel.slug), encode_notice(told))
        _mark(channel, now)
        return made


def do_take_back(notice: Notice, by: User | None, now: datetime) -> None:
    """Take `notice` away; raises StoreUnavailable. One that is over, or another's place, is left."""
    with transaction.atomic():
        channel = Channel.objects.locked(notice.channel_id)
        told = told_now(channel, now)
        if told is None or told.pk != notice.pk:
            return
        channel.notices.filter(pk=notice.pk).update(until=now)
        log(instance=channel, action="channels.take_back", user=by, data={"text": notice.text})
        published.store().delete(notice_file(channel.slug))
        _mark(channel, now)


def _mark(channel: Channel, now: datetime) -> None:
    """Let origins find it with their next look. The mark of a bucket is of what is in it."""
    published.store().write(generation_mark(), f"{channel.slug} notice {now:%F %T.%f}".encode())
