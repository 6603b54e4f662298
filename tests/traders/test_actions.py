"""Approval, and what a trader's change does to it."""

from datetime import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from pytest_django import Settings

from cms.cooperatives.models import Cooperative
from cms.core.models import Fact, User
from cms.traders.actions import (
    do_approve_segment,
    do_delete,
    do_refuse_segment,
    do_save_product,
    do_save_segment,
    do_save_stall,
    do_submit_segment,
    do_verify_stall,
)
from cms.traders.consents import do_record_consent, do_withdraw_consent
from cms.traders.models import Consent, FeaturedSegment, Product, Stall
from cms.videos.models import Video
from tests.traders.made import make_consent

State = FeaturedSegment.State


def test_a_segment_is_approved_once(
    segment_a: FeaturedSegment, coordinator_a: User, now: datetime
) -> None:
    assert do_approve_segment(segment_a, coordinator_a, now)
    assert (segment_a.state, segment_a.decided_by) == (State.APPROVED, coordinator_a)
    assert not do_approve_segment(segment_a, coordinator_a, now)


@pytest.mark.parametrize("who", ["trader_a", "editor_a", "coordinator_b", "stranger"])
def test_nobody_but_the_own_coordinator_or_moderator_decides(
    segment_a: FeaturedSegment, who: str, now: datetime, request: pytest.FixtureRequest
) -> None:
    user = request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        do_approve_segment(segment_a, user, now)
    with pytest.raises(PermissionDenied):
        do_refuse_segment(segment_a, user, "Tidak.", now)
    segment_a.refresh_from_db()
    assert segment_a.state == State.SUBMITTED


def test_a_refusal_needs_a_sentence_and_can_be_answered(
    segment_a: FeaturedSegment, moderator_a: User, now: datetime
) -> None:
    with pytest.raises(ValidationError, match="alasannya"):
        do_refuse_segment(segment_a, moderator_a, "  \n ", now)
    assert do_refuse_segment(segment_a, moderator_a, "Harga\nbelum benar.", now)
    assert (segment_a.state, segment_a.refusal) == (State.REFUSED, "Harga belum benar.")
    assert do_submit_segment(segment_a, now)
    assert (segment_a.state, segment_a.refusal) == (State.SUBMITTED, "")


def test_a_segment_that_no_longer_fits_is_not_approved(
    segment_a: FeaturedSegment, coordinator_a: User, now: datetime
) -> None:
    segment_a.video.media.duration_ms = 10_000
    segment_a.video.media.save()
    segment_a.refresh_from_db()
    with pytest.raises(ValidationError, match="hanya 10,0 detik"):
        do_approve_segment(segment_a, coordinator_a, now)


def test_a_traders_new_photo_or_name_is_looked_at_again_but_not_a_price(
    segment_a: FeaturedSegment,
    sambal: Product,
    coordinator_a: User,
    trader_a: User,
    now: datetime,
) -> None:
    do_approve_segment(segment_a, coordinator_a, now)
    sambal.price = 19_000
    do_save_product(sambal, trader_a, now)
    segment_a.refresh_from_db()
    assert segment_a.state == State.APPROVED
    sambal.name = "Obat kuat"
    do_save_product(sambal, trader_a, now)
    segment_a.refresh_from_db()
    assert segment_a.state == State.SUBMITTED


@pytest.mark.parametrize(
    ("who", "state"),
    [
        ("trader_a", State.SUBMITTED),
        ("editor_a", State.SUBMITTED),
        ("moderator_a", State.APPROVED),
        ("coordinator_a", State.APPROVED),
    ],
)
def test_a_change_of_times_is_looked_at_again_unless_a_decider_made_it(
    segment_a: FeaturedSegment,
    coordinator_a: User,
    who: str,
    state: str,
    now: datetime,
    request: pytest.FixtureRequest,
) -> None:
    do_approve_segment(segment_a, coordinator_a, now)
    segment_a.end += 5
    do_save_segment(segment_a, request.getfixturevalue(who), now)
    segment_a.refresh_from_db()
    assert segment_a.state == state


def test_another_number_ends_the_verification_unless_the_office_wrote_it(
    stall_a: Stall, coordinator_a: User, trader_a: User, now: datetime
) -> None:
    do_verify_stall(stall_a, coordinator_a, now, verified=True)
    stall_a.whatsapp = "+6281200001111"
    do_save_stall(stall_a, coordinator_a, now)
    assert stall_a.is_verified
    stall_a.whatsapp = "+6281200002222"
    do_save_stall(stall_a, trader_a, now)
    assert not Stall.objects.get(pk=stall_a.pk).is_verified


def test_a_trader_cannot_verify_the_own_stall(
    stall_a: Stall, trader_a: User, now: datetime
) -> None:
    with pytest.raises(PermissionDenied):
        do_verify_stall(stall_a, trader_a, now, verified=True)


def test_products_of_one_name_get_addresses_of_their_own(
    stall_a: Stall, sambal: Product, trader_a: User, now: datetime
) -> None:
    again = Product(stall=stall_a, name="Sambal bawang", price=1, unit="kg")
    do_save_product(again, trader_a, now)
    assert again.slug == "sambal-bawang-2"


def test_deleting_a_product_is_told_for_every_video_it_was_in(
    segment_a: FeaturedSegment, sambal: Product, video_a: Video, now: datetime
) -> None:
    do_delete(sambal, now)
    assert not FeaturedSegment.objects.exists()
    assert Fact.objects.filter(topic="cards.changed", subject=str(video_a.pk)).exists()


def test_a_product_that_moves_to_another_stall_gets_an_address_that_is_free_there(
    stall_a: Stall, sambal: Product, trader_a: User, now: datetime
) -> None:
    other = Stall.objects.create(cooperative=stall_a.cooperative, trader=trader_a, name="Lain")
    Product.objects.create(stall=other, name="x", slug="sambal-bawang", price=1, unit="kg")
    sambal.stall = other
    do_save_product(sambal, trader_a, now)
    sambal.refresh_from_db()
    assert (sambal.stall, sambal.slug) == (other, "sambal-bawang-2")


def test_a_product_that_moves_to_another_stall_is_looked_at_again(
    segment_a: FeaturedSegment,
    sambal: Product,
    coordinator_a: User,
    trader_a: User,
    now: datetime,
) -> None:
    do_approve_segment(segment_a, coordinator_a, now)
    other = Stall.objects.create(
        cooperative=sambal.stall.cooperative, trader=trader_a, name="Lain", slug="lain"
    )
    sambal.stall = other
    do_save_product(sambal, trader_a, now)
    segment_a.refresh_from_db()
    assert (segment_a.state, sambal.slug) == (State.SUBMITTED, "sambal-bawang")


def test_a_segment_in_another_markets_video_is_not_approved(
    segment_a: FeaturedSegment, coordinator_a: User, pasar_b: Cooperative, now: datetime
) -> None:
    Video.objects.filter(pk=segment_a.video_id).update(cooperative=pasar_b)
    segment_a.refresh_from_db()
    with pytest.raises(ValidationError, match="milik koperasi lain"):
        do_approve_segment(segment_a, coordinator_a, now)


def test_a_segment_in_a_video_of_a_co_operative_above_is_approved(
    segment_a: FeaturedSegment, coordinator_a: User, jatim: Cooperative, now: datetime
) -> None:
    Video.objects.filter(pk=segment_a.video_id).update(cooperative=jatim)
    segment_a.refresh_from_db()
    assert do_approve_segment(segment_a, coordinator_a, now)


@pytest.mark.parametrize(
    "who", ["trader_b", "editor_a", "moderator_a", "coordinator_b", "stranger"]
)
def test_nobody_but_the_trader_and_the_own_coordinator_speaks_of_consents(
    stall_a: Stall, who: str, now: datetime, request: pytest.FixtureRequest
) -> None:
    user, consent = request.getfixturevalue(who), make_consent(stall_a)
    with pytest.raises(PermissionDenied):
        do_withdraw_consent(consent, user, now)
    with pytest.raises(PermissionDenied):
        do_record_consent(stall_a, "picture", "spoken", "Saya setuju.", now, user)
    assert list(Consent.objects.filter(withdrawn_at=None)) == [consent]


@pytest.mark.parametrize("who", ["trader_a", "coordinator_a"])
def test_a_consent_is_withdrawn_once(
    stall_a: Stall, who: str, now: datetime, request: pytest.FixtureRequest
) -> None:
    user, consent = request.getfixturevalue(who), make_consent(stall_a)
    assert [do_withdraw_consent(consent, user, now) for _ in range(2)] == [True, False]


@pytest.mark.parametrize(("who", "listed"), [("trader_a", False), ("coordinator_a", True)])
def test_a_new_product_is_public_after_the_first_check(
    stall_a: Stall, who: str, listed: bool, now: datetime, request: pytest.FixtureRequest
) -> None:
    product = Product(stall=stall_a, name="Kecap", price=9000, unit="botol")
    do_save_product(product, request.getfixturevalue(who), now)
    assert Product.objects.public().exists() == listed
    product.price = 9500
    do_save_product(product, request.getfixturevalue(who), now)
    assert Product.objects.public().exists() == listed


def test_what_may_be_listed_unchecked_is_public_at_once(
    stall_a: Stall, trader_a: User, now: datetime, settings: Settings
) -> None:
    settings.LIST_UNCHECKED = True
    stall = Stall(cooperative=stall_a.cooperative, trader=trader_a, name="Baru")
    do_save_stall(stall, trader_a, now)
    do_save_product(Product(stall=stall, name="Kecap", price=9000, unit="botol"), trader_a, now)
    assert Product.objects.public().get().stall in Stall.objects.public()


def test_a_new_stall_is_public_once_it_is_verified(
    pasar_a: Cooperative, coordinator_a: User, now: datetime
) -> None:
    stall = Stall(cooperative=pasar_a, name="Baru")
    do_save_stall(stall, coordinator_a, now)
    do_save_product(Product(stall=stall, name="Teh", price=1, unit="kg"), coordinator_a, now)
    assert not Stall.objects.public().exists()
    assert not Product.objects.public().exists()
    do_verify_stall(stall, coordinator_a, now, verified=True)
    do_verify_stall(stall, coordinator_a, now, verified=False)
    assert Stall.objects.public().exists()
    assert Product.objects.public().exists()


def test_an_approved_segment_lists_its_product_and_stall(
    segment_a: FeaturedSegment, coordinator_a: User, now: datetime
) -> None:
    Stall.objects.update(waiting_since=now)
    Product.objects.update(waiting_since=now)
    do_approve_segment(segment_a, coordinator_a, now)
    assert Product.objects.public().get() == segment_a.product
