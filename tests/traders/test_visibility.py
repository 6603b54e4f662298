"""Whose stalls, products and segments somebody sees."""

import pytest
from django.contrib.auth.models import AnonymousUser

from cms.traders.models import FeaturedSegment, Product, Stall


@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("trader_a", {"Lapak Bumbu (contoh)"}),
        ("trader_b", {"Lapak Tempe (contoh)"}),
        ("coordinator_a", {"Lapak Bumbu (contoh)"}),
        ("editor_jatim", {"Lapak Bumbu (contoh)", "Lapak Tempe (contoh)"}),
        ("editor_sulsel", set()),
        ("stranger", set()),
        ("superuser", {"Lapak Bumbu (contoh)", "Lapak Tempe (contoh)"}),
    ],
)
def test_a_person_sees_the_stalls_of_their_work_or_their_own(
    stall_a: Stall, stall_b: Stall, who: str, names: set[str], request: pytest.FixtureRequest
) -> None:
    user = request.getfixturevalue(who)
    assert {stall.name for stall in Stall.objects.visible_to(user)} == names


def test_products_and_segments_follow_their_stall(
    segment_a: FeaturedSegment,
    tempe: Product,
    sambal: Product,
    request: pytest.FixtureRequest,
) -> None:
    for who, products, segments in (
        ("trader_a", [sambal], [segment_a]),
        ("trader_b", [tempe], []),
        ("stranger", [], []),
    ):
        user = request.getfixturevalue(who)
        assert list(Product.objects.visible_to(user)) == products
        assert list(FeaturedSegment.objects.visible_to(user)) == segments


def test_who_is_not_signed_in_has_nothing(sambal: Product) -> None:
    assert not Product.objects.visible_to(AnonymousUser()).exists()


def test_the_public_sees_what_is_on_sale_in_a_stall_that_shows(
    sambal: Product, tempe: Product
) -> None:
    tempe.active = False
    tempe.save()
    assert list(Product.objects.public()) == [sambal]
    sambal.stall.active = False
    sambal.stall.save()
    assert not Product.objects.public().exists()
    assert Stall.objects.public().count() == 1
