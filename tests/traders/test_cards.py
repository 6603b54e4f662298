"""From an approved segment to the card that players read."""

import json
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from cms.core import facts, published
from cms.core.models import Fact, User
from cms.traders.actions import do_approve_segment, do_refuse_segment, do_save_product
from cms.traders.cards import cards_in, cards_of
from cms.traders.models import FeaturedSegment, Product, Stall
from cms.videos.models import Video
from media_pipeline.model import keys


@pytest.fixture
def approved(segment_a: FeaturedSegment, coordinator_a: User, now: datetime) -> FeaturedSegment:
    do_approve_segment(segment_a, coordinator_a, now)
    return segment_a


def test_a_card_says_what_where_how_much_and_where_to_tap(
    approved: FeaturedSegment, video_a: Video, sambal: Product
) -> None:
    (card,) = cards_of(video_a)
    assert card.offset == 5 * 90_000
    assert card.duration == 15 * 90_000
    assert (card.name, card.price, card.unit) == ("Sambal bawang", "Rp18.500", "botol")
    assert (card.stall, card.place) == ("Lapak Bumbu (contoh)", "Blok A-12, Pasar A")
    of = f"&s={approved.key.hex}"
    assert card.link == f"/chat/{sambal.key}/?di=video-{video_a.key.hex}{of}"
    assert card.label == "Promosi"


def test_a_card_is_the_same_in_whatever_language_it_was_written(
    approved: FeaturedSegment, video_a: Video
) -> None:
    with override("en"):
        assert cards_of(video_a)[0].price == "Rp18.500"


def test_a_range_of_prices_is_one_text(
    approved: FeaturedSegment, sambal: Product, video_a: Video
) -> None:
    sambal.price, sambal.price_high = 62_000, 68_000
    sambal.save()
    assert cards_of(video_a)[0].price == "Rp62.000–68.000"


def test_on_air_the_place_of_the_tap_is_the_channel(
    approved: FeaturedSegment, video_a: Video
) -> None:
    assert "?di=siaran-jatim&s=" in cards_of(video_a, "siaran-jatim")[0].link


def test_only_approved_segments_of_products_on_sale_become_cards(
    segment_a: FeaturedSegment, video_a: Video, stall_a: Stall, coordinator_a: User, now: datetime
) -> None:
    assert cards_of(video_a) == ()
    do_approve_segment(segment_a, coordinator_a, now)
    assert len(cards_of(video_a)) == 1
    stall_a.active = False
    stall_a.save()
    assert cards_of(video_a) == ()


def test_cards_come_by_time(approved: FeaturedSegment, video_a: Video, sambal: Product) -> None:
    FeaturedSegment.objects.create(
        product=sambal, video=video_a, begin=0, end=Decimal("4.5"), state="approved"
    )
    assert [card.offset for card in cards_of(video_a)] == [0, 450_000]


def test_the_cards_of_many_videos_are_those_of_each_and_cost_one_question(
    approved: FeaturedSegment,
    make_video: Callable[..., Video],
    video_a: Video,
    sambal: Product,
    django_assert_num_queries: Any,
) -> None:
    other = make_video(sambal.stall.cooperative, "Sarapan Pasar")
    for begin in (30, 4):
        FeaturedSegment.objects.create(
            product=sambal, video=other, begin=begin, end=begin + 3, state="approved"
        )
    place = "siaran-jatim"
    each = {video.pk: cards_of(video, place) for video in (video_a, other)}
    assert [len(cards) for cards in each.values()] == [1, 2]
    with django_assert_num_queries(1):
        assert cards_in([other.pk, video_a.pk, 0], place) == each


def test_a_change_reaches_the_presentation_and_is_told_to_the_rooms_above(
    approved: FeaturedSegment, video_a: Video, sambal: Product, coordinator_a: User, now: datetime
) -> None:
    sambal.price = 20_000
    do_save_product(sambal, coordinator_a, now)
    told = Fact.objects.filter(topic="cards.changed", subject=str(video_a.pk))
    assert told.count() == 2  # the approval, the price
    facts.deliver_due(now)
    text = published.store().read(keys.presentation_file(video_a.media.publication))
    assert json.loads(text)["cards"][0]["price"] == "Rp20.000"


def test_a_refusal_takes_the_card_away(
    approved: FeaturedSegment, video_a: Video, coordinator_a: User, now: datetime
) -> None:
    do_refuse_segment(approved, coordinator_a, "Fotonya buram.", now)
    facts.deliver_due(now)
    text = published.store().read(keys.presentation_file(video_a.media.publication))
    assert "cards" not in json.loads(text)
