"""When a trader's segments are on air, by the guide."""

from datetime import datetime, timedelta

import pytest

from cms.channels import guide
from cms.channels.models import Channel, RundownRecord
from cms.cooperatives.models import Cooperative
from cms.studio import airings
from cms.traders.models import FeaturedSegment


@pytest.fixture
def channel(jatim: Cooperative, now: datetime) -> Channel:
    """The province's channel, on air."""
    made = Channel.objects.create(cooperative=jatim, name="Siar Jatim", slug="jatim-tv")
    RundownRecord.objects.create(
        channel=made, version=1, written=now, ends=now, entries=1, checksum="x"
    )
    return made


def _programme(start: datetime, key: str) -> guide.Programme:
    end = start + timedelta(minutes=5)
    return guide.Programme(start, end, "Acara", "", "SU", "programme", key, "")


def test_the_next_airing_is_when_the_card_appears(
    segment_a: FeaturedSegment, channel: Channel, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = str(segment_a.video.key)
    later = [
        _programme(now + timedelta(minutes=3), "other"),
        _programme(now + timedelta(minutes=9), key),
        _programme(now + timedelta(minutes=30), key),
    ]
    monkeypatch.setattr(guide, "upcoming", lambda channel, now, count: later)
    coming = airings.next_airing([segment_a], [channel], now)
    assert coming == (now + timedelta(minutes=9, seconds=5), channel)
    assert airings.next_airing([], [channel], now) is None


def test_today_counts_every_time_of_the_channels_own_day(
    segment_a: FeaturedSegment, channel: Channel, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = str(segment_a.video.key)
    asked = []

    def day(channel: Channel, when: object) -> list[guide.Programme]:
        asked.append(str(when))
        return [_programme(now, key), _programme(now, "other"), _programme(now, key)]

    monkeypatch.setattr(guide, "day", day)
    assert airings.times_today([segment_a], [channel], now) == 2
    assert asked == ["2026-11-24"]


def test_a_stall_is_shown_on_the_channels_above_it(
    pasar_a: Cooperative, pasar_c: Cooperative, channel: Channel
) -> None:
    assert airings.channels_over(pasar_a) == [channel]
    assert airings.channels_over(pasar_c) == []
