"""Product cards in time with a video, as the origin and every player read them."""

from collections.abc import Iterable

from django.utils.translation import override
from wagtail.images.models import AbstractImage, SourceImageIOError

from cms.traders.links import price_text, tap_path, video_place
from cms.traders.models import FeaturedSegment, Product
from cms.videos.models import Video
from media_pipeline.model.rundown import Card
from media_pipeline.model.ticks import TIMESCALE

PICTURE = "fill-176x176|format-webp"
"""Twice the 88 CSS pixels of a card's picture."""


def cards_of(video: Video, place: str = "") -> tuple[Card, ...]:
    """Return the cards of `video` by time: one for each approved segment on sale.

    `place` is where a tap will have been made (`siaran-<channel>` on air); without
    one it is the video itself.
    """
    segments = FeaturedSegment.objects.shown_in(video)
    # Shared by all viewers, so never in the language of whoever caused the writing.
    with override("id"):
        return tuple(_card(segment, place or video_place(video)) for segment in segments)


def cards_in(videos: Iterable[int], place: str) -> dict[int, tuple[Card, ...]]:
    """Return the cards of each of `videos` (their ids) that has some, by one question for all."""
    found: dict[int, list[Card]] = {}
    with override("id"):
        for segment in FeaturedSegment.objects.shown_in_any(videos):
            found.setdefault(segment.video_id, []).append(_card(segment, place))
    return {video: tuple(cards) for video, cards in found.items()}


def _card(segment: FeaturedSegment, place: str) -> Card:
    product = segment.product
    return Card(
        id=segment.key.hex,
        offset=int(segment.begin * TIMESCALE),
        duration=int((segment.end - segment.begin) * TIMESCALE),
        name=segment.shown_name,
        price=price_text(product),
        unit=product.unit,
        stall=product.stall.name,
        place=product.stall.place,
        link=tap_path(product, place, segment),
        image=drawn(segment.card_image if segment.card_name else product.image),
        label=segment.label,
    )


def picture_url(product: Product, form: str = PICTURE) -> str:
    """The address of the product's picture, drawn as `form` says; "" where it has none."""
    return drawn(product.image, form)


def drawn(image: AbstractImage | None, form: str = PICTURE) -> str:
    """The address of `image`, drawn as `form` says; "" where there is none."""
    if image is None:
        return ""
    try:
        return str(image.get_rendition(form).url)
    except SourceImageIOError:  # the original is gone from the disk: a card without a picture
        return ""
