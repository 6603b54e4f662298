"""Proofs on paper and in rows: airings as the record has them, counts, and a phone that looks."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from cms.audience.devices import Devices
from cms.audience.proofs import verify
from cms.audience.proofs.actions import do_issue
from cms.audience.proofs.document import Document, Line, Names
from cms.audience.proofs.drawing import Issued
from cms.audience.proofs.models import Proof
from cms.audience.proofs.record import documents_of, month_of
from cms.channels.asrun.promoted import Makegood, SegmentAiring
from cms.channels.models import Channel
from cms.cooperatives.models import Cooperative
from cms.core.models import User
from cms.traders.models import FeaturedSegment
from tests.airings import make_airing

CHANNELS = ("Siar Jawa Timur", "Siar Nasional", "Pasar Melati (contoh)")


def make_document(airings: int, *, lacking: int = 7, name: str = "") -> Document:
    """A November with so many promised airings; of every `lacking` one is cut and one missed."""
    begin, step = datetime(2026, 11, 1, 2, 30, tzinfo=UTC), timedelta(days=29) / max(airings, 1)
    lines = []
    for place in range(airings):
        start = (begin + step * place).replace(microsecond=0)
        channel = name or CHANNELS[place % 3]
        made_good = start + timedelta(hours=11)
        if lacking and place % lacking == 3:
            why = "azan"
            lines.append(Line(start, channel, "Asia/Jakarta", 30, 12, "cut", why))
        elif lacking and place % lacking == 5:
            why = "cut_in"
            missed = Line(start, channel, "Asia/Jakarta", 30, 0, "missed", why, made_good)
            instead = Line(made_good, channel, "Asia/Jakarta", 30, 30, "aired", makes_good=True)
            lines += [missed, instead]
        else:
            lines.append(Line(start, channel, "Asia/Jakarta", 30, 30, "aired"))
    return Document(
        cooperative="Koppas Melati (contoh)",
        market="Pasar Melati (contoh), Jawa Timur",
        segment="ab" * 16,
        seconds=30,
        zone="Asia/Jakarta",
        first=date(2026, 11, 1),
        last=date(2026, 11, 30),
        until=datetime(2026, 11, 30, 17, tzinfo=UTC),
        lines=tuple(lines),
        impressions=5000,
        taps=37,
        reach=1280,
        margin=64,
    )


def make_issued(document: Document, people: Names | None = None) -> Issued:
    """The document as it is drawn."""
    return Issued(
        number="BT-17-2026-0007",
        code="7K4M-2QXD-9FTE",
        url="https://siar.example/b/7K4M-2QXD-9FTE/",
        issued_at=datetime(2026, 12, 1, 3, 2, tzinfo=UTC),
        document=document,
        people=people or Names("Lapak Bumbu (contoh)", "Blok A-12", "Sambal bawang botol 150 g"),
    )


@pytest.fixture(autouse=True)
def no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start each test as a process that nobody has asked anything."""
    monkeypatch.setattr(verify, "guesses", Devices(rate=verify.GUESSES))


@pytest.fixture
def channel(pasar_a: Cooperative) -> Channel:
    """The channel of market A."""
    return Channel.objects.create(cooperative=pasar_a, name="Siar Pasar A", slug="siar-a")


@pytest.fixture
def put_on_air(channel: Channel) -> Callable[..., SegmentAiring]:
    """Return a function that writes what became of a segment at a moment."""

    def put(
        segment: FeaturedSegment, start: datetime, status: str = "aired", **fields: object
    ) -> SegmentAiring:
        return make_airing(channel, segment, start, status, **fields)

    return put


@pytest.fixture
def november(
    put_on_air: Callable[..., SegmentAiring], segment_a: FeaturedSegment, now: datetime
) -> FeaturedSegment:
    """segment_a, which aired twice, was cut once, and was missed once and then made good."""
    at = datetime(2026, 11, 2, 2, 38, tzinfo=UTC)
    put_on_air(segment_a, at)
    put_on_air(segment_a, at + timedelta(days=2))
    put_on_air(segment_a, at + timedelta(days=4), "cut", why="azan")
    missed = put_on_air(segment_a, at + timedelta(days=6), "missed", why="cut_in")
    instead = put_on_air(segment_a, at + timedelta(days=7), makes_good=True)
    Makegood.objects.create(debt=missed, replacement=instead, linked=now)
    return segment_a


@pytest.fixture
def issue(now: datetime) -> Callable[..., Proof]:
    """Return a function that issues the proof of a segment's November."""

    def make(segment: FeaturedSegment, user: User | None = None, at: datetime = now) -> Proof:
        zone = segment.product.stall.cooperative.zone
        period = month_of("2026-11", zone, at)
        assert period is not None
        document = documents_of([segment], period, zone, at)[segment.pk]
        return do_issue(segment, document, user, at)

    return make


@pytest.fixture
def proof(issue: Callable[..., Proof], november: FeaturedSegment) -> Proof:
    """The proof of that November."""
    return issue(november)
