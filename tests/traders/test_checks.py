"""What may be written of a stall, a product and a segment."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from cms.traders.checks import check_times, mobile_number
from cms.traders.models import FeaturedSegment, Product, Stall
from cms.videos.models import Video


@pytest.mark.parametrize(
    "text", ["0812 3456 7890", "0812-3456-7890", "+62 812 3456 7890", "62 81234567890"]
)
def test_a_mobile_number_is_kept_in_one_form(text: str) -> None:
    assert mobile_number(text) == "+6281234567890"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("031 5678901", "nomor telepon rumah"),
        ("+60 12 345 6789", "nomor Indonesia"),
        ("0812", "belum benar"),
        ("sambal", "belum benar"),
    ],
)
def test_a_number_that_cannot_chat_gets_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ValidationError) as refused:
        mobile_number(text)
    assert len(refused.value.messages) == 1
    assert sentence in refused.value.messages[0]


@pytest.mark.parametrize(
    ("begin", "end", "duration_ms", "sentence"),
    [
        ("10", "10", 90_000, "sesudah mulai"),
        ("10", "4", 90_000, "sesudah mulai"),
        ("10", "12.9", 90_000, "paling singkat"),
        ("80", "90.1", 90_000, "hanya 90,0 detik"),
    ],
)
def test_times_that_cannot_be_get_one_sentence(
    begin: str, end: str, duration_ms: int, sentence: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        check_times(Decimal(begin), Decimal(end), duration_ms)
    assert sentence in refused.value.messages[0]


def test_times_may_reach_the_very_end() -> None:
    check_times(Decimal(80), Decimal(90), 90_000)
    check_times(Decimal(80), Decimal(900), 0)  # the length is not known yet


def test_a_stall_keeps_its_number_normalised(stall_a: Stall) -> None:
    stall_a.whatsapp = "0857 1111 2222"
    stall_a.full_clean()
    assert stall_a.whatsapp == "+6285711112222"


@pytest.mark.parametrize("price", [0, -5, 2_000_000_000])
def test_a_price_is_more_than_nothing_and_less_than_a_slip(sambal: Product, price: int) -> None:
    sambal.price = price
    with pytest.raises(ValidationError) as refused:
        sambal.full_clean()
    assert list(refused.value.message_dict) == ["price"]


def test_the_upper_price_is_above_the_lower(sambal: Product) -> None:
    sambal.price_high = sambal.price
    with pytest.raises(ValidationError, match="lebih besar"):
        sambal.full_clean()


def test_two_products_are_not_promoted_at_once(
    segment_a: FeaturedSegment, sambal: Product, video_a: Video
) -> None:
    later = FeaturedSegment(product=sambal, video=video_a, begin=19, end=30)
    with pytest.raises(ValidationError, match="bertumpang"):
        later.full_clean()
    later.begin = Decimal(20)
    later.full_clean()
    segment_a.full_clean()  # never in its own way
