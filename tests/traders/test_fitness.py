"""What a segment lacks before it is approved, and on which days an approved one may air."""

from datetime import UTC, date, datetime, timedelta

import pytest

from cms.core.models import User
from cms.traders.certificates import endings
from cms.traders.fitness import Point, air_days, lacking
from cms.traders.models import Certificate, Consent, FeaturedSegment, Product, Stall
from tests.traders.made import GIVEN, make_certificate, make_consent

DAY = date(2026, 11, 24)
WEEK = timedelta(days=7)


@pytest.fixture
def fit(segment_a: FeaturedSegment, stall_a: Stall, coordinator_a: User) -> FeaturedSegment:
    """A segment that lacks nothing."""
    stall_a.verified_at = GIVEN
    stall_a.save()
    make_consent(stall_a)
    return FeaturedSegment.objects.get(pk=segment_a.pk)


def _certificate(product: Product, kind: str, until: date) -> Certificate:
    return make_certificate(product, until, kind=kind, checked_at=GIVEN)


def _lacks(segment: FeaturedSegment, last: date = DAY) -> list[tuple[str, bool]]:
    segment = FeaturedSegment.objects.get(pk=segment.pk)
    return [(lack.point, lack.forbids) for lack in lacking(segment, DAY, last)]


def test_a_whole_segment_lacks_nothing(fit: FeaturedSegment) -> None:
    assert _lacks(fit) == []


def test_a_certificate_must_hold_to_the_last_day(fit: FeaturedSegment) -> None:
    _certificate(fit.product, "halal", DAY + WEEK)
    assert _lacks(fit, DAY + WEEK) == []
    assert _lacks(fit, DAY + WEEK + timedelta(days=1)) == [(Point.CERTIFICATE, True)]


def test_a_renewed_certificate_stands_in_for_the_old_one_of_its_kind_alone(
    fit: FeaturedSegment,
) -> None:
    _certificate(fit.product, "halal", DAY - WEEK)
    _certificate(fit.product, "pirt", DAY + WEEK)
    assert _lacks(fit) == [(Point.CERTIFICATE, True)]
    _certificate(fit.product, "halal", DAY + WEEK)
    assert _lacks(fit) == []


def test_label_and_price_are_needed(fit: FeaturedSegment) -> None:
    FeaturedSegment.objects.filter(pk=fit.pk).update(label="Kabar")
    Product.objects.filter(pk=fit.product_id).update(price=0)
    assert _lacks(fit) == [(Point.LABEL, True), (Point.PRICE, True)]


def test_somebody_must_be_reachable_by_number_or_shop(fit: FeaturedSegment) -> None:
    Stall.objects.filter(pk=fit.product.stall_id).update(whatsapp="")
    assert _lacks(fit) == [(Point.NUMBER, True)]
    Product.objects.filter(pk=fit.product_id).update(shop_url="https://toko.contoh.id/")
    assert _lacks(fit) == []


def test_a_number_that_nobody_checked_is_told(fit: FeaturedSegment) -> None:
    Stall.objects.filter(pk=fit.product.stall_id).update(verified_at=None)
    assert _lacks(fit) == [(Point.NUMBER, False)]


def test_claims_are_told_and_a_certificate_proves_its_own(fit: FeaturedSegment) -> None:
    Product.objects.filter(pk=fit.product_id).update(name="Sambal halal", description="Termurah!")
    assert _lacks(fit) == [(Point.CLAIM, False), (Point.CLAIM, False)]
    _certificate(fit.product, "halal", DAY + WEEK)
    assert _lacks(fit) == [(Point.CLAIM, False)]


def test_consent_to_be_shown_is_told_when_missing_and_forbids_when_taken_back(
    fit: FeaturedSegment, stall_a: Stall
) -> None:
    Consent.objects.all().delete()
    assert _lacks(fit) == [(Point.CONSENT, False)]
    make_consent(stall_a, withdrawn_at=datetime(2026, 11, 2, tzinfo=UTC))
    assert _lacks(fit) == [(Point.CONSENT, True)]
    make_consent(stall_a)
    assert _lacks(fit) == []


def test_days_that_are_over_forbid(fit: FeaturedSegment) -> None:
    fit.ends_on = DAY - WEEK
    [lack] = lacking(fit, *air_days(fit, DAY))
    assert lack.forbids


def test_days_to_air_begin_today_or_later(fit: FeaturedSegment) -> None:
    assert air_days(fit, DAY) == (DAY, DAY)
    fit.starts_on, fit.ends_on = DAY + WEEK, DAY + 2 * WEEK
    assert air_days(fit, DAY) == (DAY + WEEK, DAY + 2 * WEEK)


def _may(day: date = DAY) -> bool:
    return FeaturedSegment.objects.may_air_on(day).exists()


def test_only_approved_segments_on_sale_may_air(fit: FeaturedSegment) -> None:
    assert not _may()
    FeaturedSegment.objects.update(state="approved")
    assert _may()
    Product.objects.update(active=False)
    assert not _may()
    Product.objects.update(active=True)
    Stall.objects.update(active=False)
    assert not _may()


def test_a_segment_airs_from_its_first_day_through_its_last(fit: FeaturedSegment) -> None:
    FeaturedSegment.objects.update(state="approved", starts_on=DAY, ends_on=DAY + WEEK)
    one = timedelta(days=1)
    days = [DAY - one, DAY, DAY + WEEK, DAY + WEEK + one]
    assert [_may(day) for day in days] == [False, True, True, False]


def test_an_expired_certificate_takes_a_segment_out_and_a_new_one_back(
    fit: FeaturedSegment, tempe: Product
) -> None:
    FeaturedSegment.objects.update(state="approved")
    _certificate(fit.product, "pirt", DAY)
    assert _may(DAY)
    tomorrow = DAY + timedelta(days=1)
    assert not _may(tomorrow)
    for kind, product in (("halal", fit.product), ("pirt", tempe)):
        _certificate(product, kind, DAY + WEEK)
    assert not _may(tomorrow)
    _certificate(fit.product, "pirt", tomorrow)
    assert _may(tomorrow)


def test_a_certificate_that_nobody_checked_is_told_and_counts_for_nothing_yet(
    fit: FeaturedSegment,
) -> None:
    FeaturedSegment.objects.update(state="approved")
    _certificate(fit.product, "pirt", DAY - WEEK)
    new = _certificate(fit.product, "pirt", DAY + WEEK)
    Certificate.objects.filter(pk=new.pk).update(checked_at=None)
    assert not _may()
    assert _lacks(fit) == [(Point.CERTIFICATE, False)]
    Certificate.objects.update(checked_at=GIVEN)
    assert _may()
    assert _lacks(fit) == []


def test_consent_taken_back_takes_a_segment_out_until_it_is_given_again(
    fit: FeaturedSegment, stall_a: Stall, stall_b: Stall
) -> None:
    FeaturedSegment.objects.update(state="approved")
    Consent.objects.update(withdrawn_at=datetime(2026, 11, 2, tzinfo=UTC))
    make_consent(stall_b)
    assert not _may()
    make_consent(stall_a)
    assert _may()


def test_endings_are_those_within_two_weeks_that_nothing_follows(sambal: Product) -> None:
    _certificate(sambal, "halal", DAY + timedelta(days=15))
    _certificate(sambal, "pirt", DAY + timedelta(days=14))
    _certificate(sambal, "bpom", DAY - timedelta(days=1))
    _certificate(sambal, "bpom", DAY - WEEK)
    found = endings(Product.objects.all(), DAY)
    assert [(each.certificate.kind, each.ended) for each in found] == [
        ("bpom", True),
        ("pirt", False),
    ]
