"""Deciding on a debt: once, whoever else decides at the same moment.

The row of the channel is held without its key, so that those who write as-run rows, which
point at it, do not wait. A link that they make meanwhile is kept from a second by the database.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.channels.asrun.closing.offers import Offer, offers_for
from cms.channels.asrun.debts import open_rows
from cms.channels.asrun.promoted import Makegood, PlannedMakegood, SegmentAiring
from cms.channels.models import Channel
from cms.core.models import User
from cms.core.refusals import Refused
from cms.traders.models import FeaturedSegment


@transaction.atomic
def do_choose_makegood(debt: SegmentAiring, offer: str, by: User, now: datetime) -> PlannedMakegood:
    """Let the airing that `offer` names make good for what the segment of `debt` is owed.

    Raises Refused if it may not, or if the debt was decided meanwhile; StoreUnavailable.
    """
    _check_open(debt)
    found = next((one for one in offers_for(debt, now) if one.name == offer), None)
    if found is None:
        raise Refused(_("Tayangan itu tidak dapat menjadi pengganti lagi. Pilih yang lain."))
    chosen = PlannedMakegood.objects.create(
        channel=debt.channel,
        owed_key=debt.segment_key,
        card_key=found.card,
        entry=found.entry,
        start=found.start,
        by=by,
        chosen=now,
    )
    _log(debt, "make_good", by, {"with": _said(found)})
    return chosen


@transaction.atomic
def do_cancel_makegood(debt: SegmentAiring, name: str, by: User, now: datetime) -> None:
    """Let what was chosen for the segment of `debt` be an airing like any other again.

    `name` is its primary key. Raises Refused once it is on air.
    """
    _hold(debt.channel)
    chosen = PlannedMakegood.objects.filter(
        channel=debt.channel, owed_key=debt.segment_key, start__gt=now
    )
    found = [one for one in chosen if str(one.pk) == name]
    for one in found:
        one.delete()
    if not found:
        raise Refused(_("Pengganti itu sudah tayang atau sudah dibatalkan."))
    _log(debt, "keep_debt", by, {})


@transaction.atomic
def do_write_off(debt: SegmentAiring, reason: str, by: User, now: datetime) -> None:
    """Close `debt` without a replacement, for a reason that its trader reads.

    Raises Refused if it was decided meanwhile.
    """
    _check_open(debt)
    said = {"reason": reason, "by": by, "linked": now}
    _closing, made = Makegood.objects.get_or_create(debt=debt, defaults=said)
    if not made:
        raise _decided()
    # Why is about a trader, and goes with them: the history of a channel outlives both.
    _log(debt, "write_off", by, {})


def _check_open(debt: SegmentAiring) -> None:
    """Hold all that is decided of the channel; raise Refused if `debt` is not open."""
    _hold(debt.channel)
    if debt not in open_rows(debt.channel, debt.segment_key):
        raise _decided()


def _hold(channel: Channel) -> None:
    Channel.objects.select_for_update(no_key=True).get(pk=channel.pk)


def _decided() -> Refused:
    return Refused(_("Utang ini sudah diputuskan atau penggantinya sudah dijadwalkan."))


def _said(offer: Offer) -> str:
    return f"{offer.start:%F %T}Z {offer.title}"


def _log(debt: SegmentAiring, action: str, by: User, more: dict[str, str]) -> None:
    segment = FeaturedSegment.objects.filter(key=debt.segment_key).first()
    facts = {"promised": debt.start.isoformat(), "segment": segment.pk if segment else None}
    log(instance=debt.channel, action=f"channels.{action}", user=by, data=facts | more)
