"""Whether a clip from photos still tells what its product is: price, text and photos."""

import json
from datetime import datetime
from hashlib import sha256

from django.db.models import QuerySet

from cms.traders.actions import local_day
from cms.traders.models import Clip, FeaturedSegment, Product
from cms.traders.spots.photos import images_of


def shown_of(product: Product) -> str:
    """Return a digest of what a clip of `product` shows, as things stand now."""
    stall = product.stall
    words = [product.name, product.price, product.price_high, product.unit, stall.name, stall.place]
    photos = [[image.pk, image.file.name] for image in images_of(product)]
    return sha256(json.dumps([words, photos]).encode()).hexdigest()


def is_outdated(clip: Clip) -> bool:
    """Return whether the product has changed since `clip` was made of its photos.

    Of clips that were made before this was kept nobody knows.
    """
    if clip.product is None or not clip.shown:
        return False
    return clip.shown != shown_of(clip.product)


def airing_outdated(clips: QuerySet[Clip], now: datetime) -> list[Clip]:
    """Return those of `clips` that air on although outdated, and of which no new one is asked for."""
    rows = clips.filter(
        segment__state=FeaturedSegment.State.APPROVED, segment__successors=None
    ).exclude(shown="")
    rows = rows.select_related("product__stall__cooperative", "product__image", "segment")
    return [clip for clip in rows if _goes_on(clip, now) and is_outdated(clip)]


def _goes_on(clip: Clip, now: datetime) -> bool:
    if clip.segment is None or clip.product is None:
        return False
    last = clip.segment.ends_on
    return last is None or last >= local_day(clip.product.stall, now)
