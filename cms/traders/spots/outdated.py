"""Whether a clip from photos still tells what its product is: price, text and photos."""

import json
from hashlib import sha256

from cms.traders.models import Clip, Product
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
