"""What people do with certificates. A trader writes them down, the co-operative checks them."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from cms.cooperatives.access import may
from cms.core.models import User
from cms.traders.actions import do_announce_cards_of, do_look_again, local_day
from cms.traders.models import DECIDERS, Certificate, FeaturedSegment, Product


@transaction.atomic
def do_save_certificate(certificate: Certificate, user: User, now: datetime) -> None:
    """Save `certificate`, to be checked by the co-operative.

    A new one changes nothing on air until then. One that is changed may have kept a
    segment off the air, so its segments are looked at again.
    """
    changed = certificate.pk is not None
    certificate.checked_at = certificate.told_at = certificate.ended_at = None
    certificate.save()
    if changed:
        do_look_again(certificate.product, user, now)


@transaction.atomic
def do_delete_certificate(certificate: Certificate, user: User, now: datetime) -> None:
    """Delete `certificate`; the product's segments are looked at again without it."""
    product = certificate.product
    certificate.delete()
    do_look_again(product, user, now)


@transaction.atomic
def do_check_certificates(product: Product, user: User, now: datetime) -> int:
    """Say, as `user`, that the certificates are real. Return how many were not checked yet.

    Raise PermissionDenied for strangers.
    """
    if not may(user, product.stall.cooperative, *DECIDERS):
        raise PermissionDenied
    waiting = Certificate.objects.filter(product=product, checked_at=None)
    checked = waiting.update(checked_at=now)
    if checked:
        do_announce_cards_of(FeaturedSegment.objects.filter(product=product), now)
    return checked


@transaction.atomic
def do_end_certificates(now: datetime) -> int:
    """Take away the cards of products whose certificates ended, by each market's own day.

    Return how many certificates ended.
    """
    open_ones = Certificate.objects.filter(ended_at=None, expires_on__lte=now.date())
    ended = 0
    for each in open_ones.select_related("product__stall__cooperative"):
        still = Certificate.objects.filter(pk=each.pk, ended_at=None)
        over = each.expires_on < local_day(each.product.stall, now)
        if over and still.update(ended_at=now):
            ended += 1
            do_announce_cards_of(FeaturedSegment.objects.filter(product=each.product), now)
    return ended
