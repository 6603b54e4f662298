"""Photos of a product as pictures to draw with. Whoever brought them, they are hostile."""

from typing import IO

from PIL import Image
from wagtail.images.models import AbstractImage

from cms.traders.models import Product
from cms.traders.pictures import BROKEN, drawn_anew, opened

MOST = 5
"""Slides of one clip: each stands three seconds at least."""
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "HEIF")


def images_of(product: Product) -> list[AbstractImage]:
    """Return the photos of `product`, its first one before the others."""
    first = [product.image] if product.image else []
    return [*first, *(photo.image for photo in product.photos.select_related("image"))][:MOST]


def readable(product: Product) -> list[Image.Image]:
    """Return those photos of `product` that can be read, small, upright and in plain colours."""
    found = (_read(image) for image in images_of(product))
    return [picture for picture in found if picture is not None]


def _read(image: AbstractImage) -> Image.Image | None:
    try:
        with image.file.open("rb") as file:
            return small(file)
    except BROKEN:
        return None


def small(file: IO[bytes]) -> Image.Image:
    """Return the picture in `file`, drawn anew; raise one of BROKEN."""
    return drawn_anew(opened(file, FORMATS))
