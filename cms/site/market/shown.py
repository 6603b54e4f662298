"""What the directory tells of a product and a stall beside their names."""

from collections.abc import Iterable

from cms.core import clock
from cms.core.formats import tanggal
from cms.site.words import day_of
from cms.traders.cards import picture_url
from cms.traders.models import Certificate, Product, Stall

SHARED = "fill-600x600|format-jpeg"
"""Messengers draw no preview from WebP, and small ones only from less than 300 px."""


def certificates(product: Product) -> list[Certificate]:
    """Return what is valid today where the stall is; the photos of papers stay with the office."""
    today = day_of(clock.now(), product.stall.cooperative.zone).date()
    return [each for each in product.certificates.all() if each.is_valid_on(today)]


def verified_since(stall: Stall) -> str:
    """Return the day on which the co-operative saw stall and number; "" if it has not."""
    if stall.verified_at is None:
        return ""
    return tanggal(day_of(stall.verified_at, stall.cooperative.zone), weekday=False)


def share_picture(products: Iterable[Product]) -> str:
    """Return the path of a picture for share cards, of the first product that has one."""
    return next(filter(None, (picture_url(each, SHARED) for each in products)), "")
