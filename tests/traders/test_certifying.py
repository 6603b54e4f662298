"""Cards go with the certificate that ended, and come back with the one that follows it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from cms.core.models import Fact, User
from cms.traders.certifying import do_check_certificates, do_end_certificates
from cms.traders.models import Certificate, FeaturedSegment, Product
from cms.videos.models import Video
from tests.traders.made import make_certificate

LAST = date(2026, 11, 24)
MIDNIGHT = datetime(2026, 11, 24, 17, tzinfo=UTC)
"""When the day after LAST begins in Surabaya."""


@pytest.fixture
def halal(sambal: Product, segment_a: FeaturedSegment) -> Certificate:
    """A checked certificate of an approved segment's product; LAST is its last day."""
    FeaturedSegment.objects.update(state="approved")
    return make_certificate(sambal, LAST, checked_at=MIDNIGHT)


def _cards() -> int:
    return FeaturedSegment.objects.showing().count()


def _told(video: Video) -> int:
    return Fact.objects.filter(topic="cards.changed", subject=str(video.pk)).count()


def test_a_card_goes_when_the_day_after_begins_at_the_market(
    halal: Certificate, video_a: Video
) -> None:
    assert do_end_certificates(MIDNIGHT - timedelta(seconds=1)) == 0
    assert _cards() == 1
    assert do_end_certificates(MIDNIGHT) == 1
    assert (_cards(), _told(video_a)) == (0, 1)
    assert do_end_certificates(MIDNIGHT) == 0
    assert _told(video_a) == 1


def test_a_card_stays_where_a_checked_certificate_follows(
    halal: Certificate, sambal: Product
) -> None:
    later = LAST + timedelta(days=700)
    make_certificate(sambal, later, number="ID-2", checked_at=MIDNIGHT)
    do_end_certificates(MIDNIGHT)
    assert _cards() == 1


def test_a_card_comes_back_when_the_coordinator_checks_the_new_certificate(
    halal: Certificate, sambal: Product, video_a: Video, coordinator_a: User
) -> None:
    do_end_certificates(MIDNIGHT)
    later = LAST + timedelta(days=700)
    make_certificate(sambal, later, number="ID-2")
    assert _cards() == 0
    assert do_check_certificates(sambal, coordinator_a, MIDNIGHT) == 1
    assert (_cards(), _told(video_a)) == (1, 2)
