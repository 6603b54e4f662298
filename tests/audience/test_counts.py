"""What rooms above read: days of a zone, viewer-days, nothing of others."""

from datetime import UTC, date, datetime

import pytest

from cms.audience.counts import Counts, counts_at, counts_by_segment, counts_of
from cms.audience.models import HourCount, ReachDay
from cms.traders.models import FeaturedSegment, Product

DAY = date(2026, 11, 24)


def _hour(key: object, day: int, hour: int, impressions: int, taps: int, place: str = "x") -> None:
    moment = datetime(2026, 11, day, hour, tzinfo=UTC)
    HourCount.objects.create(key=key, hour=moment, place=place, impressions=impressions, taps=taps)


@pytest.fixture
def counted(segment_a: FeaturedSegment) -> FeaturedSegment:
    """A segment with counts at the borders of 24 November in WIB (17.00 UTC to 17.00 UTC)."""
    for day, hour, seen, taps in (
        (23, 16, 1, 1),
        (23, 17, 10, 2),
        (24, 16, 100, 4),
        (24, 17, 7, 7),
    ):
        _hour(segment_a.key, day, hour, seen, taps)
    _hour(segment_a.key, 24, 3, 1000, 0, "siaran-jatim")
    for day, devices in ((23, 5), (24, 60), (25, 8)):
        ReachDay.objects.create(key=segment_a.key, day=date(2026, 11, day), devices=devices)
    return segment_a


def test_a_day_is_that_of_the_zone_and_all_places_count(counted: FeaturedSegment) -> None:
    assert counts_of([counted], DAY, DAY, "Asia/Jakarta") == Counts(1110, 6, 60)
    assert counts_of([counted], DAY, DAY, "Asia/Jayapura") == Counts(1011, 3, 60)


def test_viewer_days_are_added_over_days_and_segments(
    counted: FeaturedSegment, sambal: Product
) -> None:
    other = FeaturedSegment.objects.create(
        product=sambal, video=counted.video, begin=30, end=40, state="approved"
    )
    ReachDay.objects.create(key=other.key, day=DAY, devices=9)
    both = counts_of([counted, other], DAY, date(2026, 11, 25), "Asia/Jakarta")
    assert both.reach == 60 + 8 + 9
    each = counts_by_segment([counted, other], DAY, DAY, "Asia/Jakarta")
    assert each == {counted.pk: Counts(1110, 6, 60), other.pk: Counts(0, 0, 9)}


def test_what_nobody_saw_is_zero_and_costs_two_questions(
    segment_a: FeaturedSegment, django_assert_num_queries
) -> None:
    with django_assert_num_queries(2):
        found = counts_by_segment([segment_a], DAY, DAY, "Asia/Jakarta")
    assert found == {segment_a.pk: Counts()}
    assert counts_of([], DAY, DAY, "Asia/Jakarta") == Counts()


@pytest.mark.parametrize(
    ("read", "least", "most"),
    [
        # Counts of a day: 11 from 17.00 UTC on, 1000 from 3.00, 100 from 16.00; 60 devices.
        (datetime(2026, 11, 23, 17, 30, tzinfo=UTC), Counts(), Counts(10, 2, 60)),
        (datetime(2026, 11, 23, 18, 14, tzinfo=UTC), Counts(), Counts(10, 2, 60)),
        (datetime(2026, 11, 23, 18, 15, tzinfo=UTC), Counts(10, 2), Counts(10, 2, 60)),
        (datetime(2026, 11, 24, 16, 30, tzinfo=UTC), Counts(1010, 2), Counts(1110, 6, 60)),
        (datetime(2026, 11, 24, 17, 5, tzinfo=UTC), Counts(1010, 2), Counts(1110, 6, 60)),
        (datetime(2026, 11, 25, 11, 59, tzinfo=UTC), Counts(1110, 6), Counts(1110, 6, 60)),
        (datetime(2026, 11, 25, 12, tzinfo=UTC), Counts(1110, 6, 60), Counts(1110, 6, 60)),
    ],
)
def test_what_was_said_at_a_moment_is_known_but_for_what_ran_then(
    counted: FeaturedSegment, read: datetime, least: Counts, most: Counts
) -> None:
    assert counts_at(counted.key, DAY, DAY, "Asia/Jakarta", read) == (least, most)
