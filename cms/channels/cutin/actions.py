"""Cutting in, and ending what cut in: written at once, not through the queue.

The row, the rundown and the entry of the log are one transaction under the channel's lock, which
planning takes as well: neither loses what the other wrote. `clock` is read under the lock, since
who waited for it would else count from a moment that viewers have passed.
"""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.channels import in_force
from cms.channels.actions import check_video
from cms.channels.cutin.models import CutIn
from cms.channels.cutin.moments import Border, current, first_free, is_obliged
from cms.channels.in_force import InForce
from cms.channels.models import Channel
from cms.channels.publishing import NotReady, do_publish_rundown
from cms.core.models import User
from cms.core.refusals import Refused
from cms.videos.models import Video

type Clock = Callable[[], datetime]


def do_cut_in(
    channel: Channel,
    video: Video,
    *,
    returns: str,
    by: User | None,
    clock: Clock,
    must_carry: bool = False,
) -> CutIn:
    """Put `video` on `channel` at the first free segment, over what is on air.

    One that is on air is ended by it. Raises Refused, Contradiction and StoreUnavailable.
    """
    with transaction.atomic():
        channel = Channel.objects.locked(channel.pk)
        check_video(video)
        now = clock()
        found, border = _free(channel, now)
        if is_obliged(found, border):
            raise Refused(
                _("Siaran wajib dari saluran induk sedang tayang. Tunggu sampai selesai.")
            )
        running = current(channel, found, now)
        if running is not None:
            _end(running, border, by)
        cut = CutIn.objects.create(
            channel=channel,
            video=video,
            title=video.title,
            at=border.planned,
            returns=returns,
            must_carry=must_carry,
            created=now,
            by=by,
        )
        facts = {"video": video.title, "returns": returns, "must_carry": must_carry}
        log(instance=channel, action="channels.cut_in", user=by, data=facts)
        # Last of all: what lies in the store is not rolled back.
        _publish(channel, now, border)
        return cut


def do_end_cut_in(cut: CutIn, by: User | None, clock: Clock) -> CutIn:
    """End `cut` at the first free segment; the plan goes on there. Raises as `do_cut_in`."""
    with transaction.atomic():
        channel = Channel.objects.locked(cut.channel_id)
        now = clock()
        found, border = _free(channel, now)
        running = current(channel, found, now)
        if running is None or running.pk != cut.pk:
            raise Refused(_("Siaran sela ini sudah selesai."))
        _end(running, border, by)
        log(instance=channel, action="channels.end_cut_in", user=by, data={"video": cut.title})
        _publish(channel, now, border)
        return running


def _free(channel: Channel, now: datetime) -> tuple[InForce, Border]:
    found = in_force.read(channel.slug)
    if found is None:
        raise Refused(_("Saluran ini belum mengudara. Susun acaranya lebih dulu."))
    return found, first_free(found, now)


def _end(cut: CutIn, border: Border, by: User | None) -> None:
    # One that waits for a call to be over has not begun: it ends where it would have.
    cut.ended, cut.ended_by = max(border.planned, cut.at), by
    cut.save(update_fields=["ended", "ended_by"])


def _publish(channel: Channel, now: datetime, border: Border) -> None:
    try:
        do_publish_rundown(channel, now, border.planned)
    except NotReady as why:
        raise Refused(str(why)) from why
