"""Journals as origins write them, for the channels of the tests."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from cms.channels import in_force
from cms.channels.actions import do_plan, do_publish_rundown
from cms.channels.asrun import evidence
from cms.channels.asrun.journals import days_to_read, do_read_journals
from cms.channels.asrun.rolling import do_roll_up
from cms.channels.models import Channel
from cms.traders.models import FeaturedSegment, Product
from cms.videos.models import Video
from media_pipeline.asrun import Line, encode_minute
from media_pipeline.model.keys import journal_file
from media_pipeline.model.ticks import TIMESCALE, ticks_of
from media_pipeline.stores import Store

NOW = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)
"""12.30 WIB."""
MINUTE = 60 * TIMESCALE


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.fixture(autouse=True)
def fresh_history() -> Iterator[None]:
    """What is kept of one test's history is not another's."""
    evidence.forget()
    yield
    evidence.forget()


@pytest.fixture
def journal(store: Store) -> Callable[..., None]:
    """Write what an origin would have of a channel from one second after NOW to another."""

    def write(
        channel: Channel,
        start: float,
        end: float,
        origin: str = "uji",
        lack: str = "",
        moved: timedelta = timedelta(),
    ) -> None:
        begin, finish = ticks_of(after(start)), ticks_of(after(end))
        minutes: dict[int, list[Line]] = defaultdict(list)
        for entry in in_force.between(channel.slug, begin, finish):
            first, last = max(entry.start, begin), min(entry.end, finish)
            while first < last:
                until = min(last, (first // MINUTE + 1) * MINUTE)
                line = Line(channel.slug, entry.id, entry.publication, 1, first, until, lack=lack)
                minutes[first // MINUTE].append(line)
                first = until
        for minute, lines in minutes.items():
            stamp = datetime.fromtimestamp(minute * 60, UTC) + moved
            store.write(journal_file(origin, f"{stamp:%Y%m%dT%H%MZ}"), encode_minute(lines))

    return write


@pytest.fixture
def roll(store: Store) -> Callable[..., int]:
    """Take in the journals and judge what is due, so many seconds after NOW."""

    def run(seconds: float) -> int:
        now = after(seconds)
        do_read_journals(store, days_to_read(now), now)
        return do_roll_up(now)

    return run


@pytest.fixture
def spot(make_video: Callable[..., Video], sambal: Product) -> FeaturedSegment:
    """A spot of 15 seconds, approved."""
    return FeaturedSegment.objects.create(
        product=sambal,
        video=make_video("Sambal (contoh)", 15),
        begin=0,
        end=15,
        kind=FeaturedSegment.Kind.SPOT,
        state=FeaturedSegment.State.APPROVED,
    )


@pytest.fixture
def card(make_video: Callable[..., Video], sambal: Product) -> FeaturedSegment:
    """A card of 20 seconds in a programme of five minutes, approved."""
    return FeaturedSegment.objects.create(
        product=sambal,
        video=make_video("Dapur (contoh)", 300),
        begin=100,
        end=120,
        state=FeaturedSegment.State.APPROVED,
    )


@pytest.fixture
def do_air(channel: Channel) -> Callable[..., None]:
    """Plan the video of a segment so many seconds after NOW, at another such moment."""

    def plan(segment: FeaturedSegment, start: float, at: float = 0) -> None:
        do_plan(channel, segment.video, after(start), after(at))
        do_publish_rundown(channel, after(at))

    return plan
