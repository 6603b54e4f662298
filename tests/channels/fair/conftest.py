"""Traders with spots, and a channel that shows them in its breaks."""

from collections.abc import Callable
from datetime import time

import pytest

from cms.channels.actions import do_publish_rundown
from cms.channels.models import Channel, WeeklySlot
from cms.cooperatives.models import Cooperative
from cms.traders.models import Commodity, FeaturedSegment, Product, Stall
from cms.videos.models import Video
from tests.channels.pages import NOW
from tests.channels.weeks import NewBlock, do_add_block


@pytest.fixture
def make_spot(make_video: Callable[..., Video]) -> Callable[..., FeaturedSegment]:
    """Make an approved spot of a stall of its own, of a commodity of its own."""
    made: list[int] = []

    def make(
        cooperative: Cooperative,
        seconds: int = 15,
        *,
        stall: Stall | None = None,
        commodity: str = "",
        state: str = "approved",
        **facts: object,
    ) -> FeaturedSegment:
        made.append(number := len(made) + 1)
        if stall is None:
            stall = Stall.objects.create(
                cooperative=cooperative, name=f"Lapak {number} (contoh)", slug=f"lapak-{number}"
            )
        kind, _ = Commodity.objects.get_or_create(
            name=commodity or f"Barang {number}", slug=(commodity or f"barang-{number}").lower()
        )
        product = Product.objects.create(
            stall=stall,
            name=f"Barang {number} (contoh)",
            slug=f"barang-{number}",
            price=1000,
            unit="kg",
            commodity=kind,
        )
        video = make_video(f"Klip {number} (contoh)", seconds, cooperative=cooperative)
        return FeaturedSegment.objects.create(
            product=product,
            video=video,
            begin=0,
            end=seconds,
            kind=FeaturedSegment.Kind.SPOT,
            state=state,
            **facts,
        )

    return make


@pytest.fixture
def market(channel: Channel, pasar_a: Cooperative) -> Channel:
    """The channel, as one of market A; it is on air."""
    Channel.objects.filter(pk=channel.pk).update(cooperative=pasar_a)
    channel.refresh_from_db()
    do_publish_rundown(channel, NOW)
    return channel


@pytest.fixture
def add_break() -> Callable[..., None]:
    """Put a fair break on a channel every day."""

    def add(channel: Channel, hour: int, seconds: int = 60, minute: int = 0) -> None:
        block = NewBlock(WeeklySlot.Content.FAIR, None, seconds)
        do_add_block(channel, block, range(7), time(hour, minute), NOW)

    return add
