"""Everything of a trader off pages, feeds and air at once, and back again."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cms.cooperatives.access import Role, may
from cms.core.models import User
from cms.core.refusals import Refused
from cms.traders.actions import do_announce_cards_of
from cms.traders.models import FeaturedSegment, Stall
from cms.videos.actions import do_restore, do_withdraw
from cms.videos.models import Video

KEPT = timedelta(days=30)
"""So long a coordinator may bring back, on the trader's word, what the trader took down."""


@transaction.atomic
def do_take_down_all(user: User, now: datetime) -> int:
    """Take down every stall that `user` runs, with products, cards and spots; return how many.

    One that the co-operative hides stays hidden by it: of that only the spots go.
    """
    own = list(Stall.objects.select_for_update().filter(trader=user, taken_down_at=None))
    stalls = [stall for stall in own if stall.active]
    Stall.objects.filter(pk__in=[stall.pk for stall in stalls]).update(
        active=False, taken_down_at=now
    )
    for video in (video for stall in own for video in spot_videos([stall])):
        do_withdraw(video, now, user=user)
    do_announce_cards_of(FeaturedSegment.objects.filter(product__stall__in=stalls), now)
    return len(stalls)


def check_bring_back(stall: Stall, user: User, now: datetime) -> None:
    """Raise PermissionDenied for strangers, and Refused where nothing is to be brought back."""
    own = stall.trader_id is not None and stall.trader_id == user.pk
    if not own and not may(user, stall.cooperative, Role.COORDINATOR):
        raise PermissionDenied
    if stall.taken_down_at is None:
        raise Refused(_("Lapak ini tidak diturunkan pedagangnya."))
    if not own and stall.taken_down_at < now - KEPT:
        raise Refused(
            _("Sudah lebih dari 30 hari. Hanya pedagangnya yang dapat memulihkan, dari Studio.")
        )


@transaction.atomic
def do_bring_back(stall: Stall, user: User, now: datetime) -> None:
    """Show `stall` again, with what was shown of it before. Raises as `check_bring_back` does."""
    stall = Stall.objects.select_for_update().select_related("cooperative").get(pk=stall.pk)
    check_bring_back(stall, user, now)
    # What was withdrawn at another moment was withdrawn for another reason.
    own = spot_videos([stall]).filter(media__withdrawn_at=stall.taken_down_at)
    for video in own:
        do_restore(video, now, user=user)
    Stall.objects.filter(pk=stall.pk).update(active=True, taken_down_at=None)
    do_announce_cards_of(FeaturedSegment.objects.filter(product__stall=stall), now)


@transaction.atomic
def do_bring_back_all(user: User, now: datetime) -> int:
    """Show again all that `user` took down of their own; return how many stalls."""
    stalls = list(Stall.objects.filter(trader=user, taken_down_at__isnull=False))
    for stall in stalls:
        do_bring_back(stall, user, now)
    return len(stalls)


def spot_videos(stalls: Iterable[Stall]) -> QuerySet[Video]:
    """Return the videos that are about products of `stalls` alone."""
    spots = FeaturedSegment.objects.filter(
        product__stall__in=list(stalls), kind=FeaturedSegment.Kind.SPOT
    )
    others = FeaturedSegment.objects.exclude(product__stall__in=list(stalls))
    return Video.objects.filter(pk__in=spots.values("video")).exclude(pk__in=others.values("video"))
