"""A day's plan put on other days."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cms.channels.actions import earliest_start
from cms.channels.drafts.days import DaysSet, do_set_days, plan_of
from cms.channels.models import Channel
from cms.channels.planning.differences import Wanted
from cms.channels.times import end_of
from cms.core.formats import tanggal
from cms.core.refusals import Refused


def copied_to(channel: Channel, plan: Sequence[Wanted], day: date) -> list[Wanted]:
    """Return `plan` at the same hours of `day` by the channel's clock."""
    zone = channel.zone
    return [
        Wanted(
            one.video,
            datetime.combine(
                day, one.start.astimezone(zone).timetz().replace(tzinfo=None), zone
            ).astimezone(UTC),
            one.note,
        )
        for one in plan
    ]


def check_copy(channel: Channel, source: date, days: Collection[date], now: datetime) -> None:
    """Raise Refused if `source` cannot be copied to one of `days`."""
    if not days:
        raise Refused(_("Pilih paling sedikit satu tanggal."))
    if source in days:
        raise Refused(_("Hari ini tidak dapat disalin ke dirinya sendiri."))
    earliest = earliest_start(channel, now)
    for day in sorted(days):
        if end_of(channel, day) <= earliest:
            raise Refused(_("%(day)s sudah lewat.") % {"day": tanggal(day)})
        if channel.drafts.filter(date=day).exists():
            raise Refused(
                _("%(day)s punya draf. Terbitkan atau buang drafnya dulu.") % {"day": tanggal(day)}
            )


def do_copy_day(
    channel: Channel, source: date, days: Collection[date], now: datetime, *, keeps: bool
) -> DaysSet:
    """Put the plan of `source` on each of `days`, with `keeps` beside what is there.

    What has aired, or is about to, stays.
    """
    with transaction.atomic():
        channel = Channel.objects.locked(channel.pk)
        check_copy(channel, source, days, now)
        plan = plan_of(channel, source)
        wanted: dict[date, list[Wanted]] = {}
        for day in days:
            new = copied_to(channel, plan, day)
            at = {(one.video, one.start) for one in new}
            there = plan_of(channel, day) if keeps else []
            held = [one for one in there if (one.video, one.start) not in at]
            wanted[day] = [*held, *new]
        return do_set_days(channel, wanted, now)
