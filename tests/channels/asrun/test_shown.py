"""Which cards were on air: as rows say, and lately as journals and the rundown in force say."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from cms.channels.asrun import shown
from cms.channels.asrun.models import AirHour
from cms.channels.asrun.shown import Shown, cards_shown
from cms.channels.models import Channel
from cms.cooperatives.models import Cooperative
from media_pipeline.asrun import encode_coverage
from media_pipeline.model.rundown import Card, Entry
from media_pipeline.model.ticks import TIMESCALE, moment_of, ticks_of
from tests.airings import make_airing

KEY, OTHER = uuid4(), uuid4()


def card(key: Any, offset: int) -> Card:
    """A card of ten seconds."""
    texts = ("Sambal", "Rp1", "botol", "Lapak", "A-1", "/")
    return Card(key.hex, offset * TIMESCALE, 10 * TIMESCALE, *texts)


def entry(name: str, start: datetime, first: int = 0) -> Entry:
    """A minute with a card from second 20 on."""
    cards = (card(KEY, 20),)
    words = (name, ticks_of(start), 60 * TIMESCALE, "p" * 32, 15, 1, 1, "promotion", "Promo")
    return Entry(*words, first=first, cards=cards)


@pytest.fixture
def channel(pasar_a: Cooperative) -> Channel:
    return Channel.objects.create(cooperative=pasar_a, name="Siar Pasar A", slug="siar-a")


@pytest.fixture
def rundown(monkeypatch: pytest.MonkeyPatch) -> list[Entry]:
    """What the rundown in force has."""
    entries: list[Entry] = []

    def between(slug: str, start: int, end: int) -> Sequence[Entry]:
        return [e for e in entries if e.start < end and e.end > start]

    monkeypatch.setattr(shown.past, "entries_between", between)
    return entries


def on_air(channel: Channel, name: str, start: datetime, seconds: tuple[int, int], lack: Any = ""):
    """Let journals say that the entry was on air from one of its seconds to another."""
    zero = ticks_of(start)
    span = (zero + seconds[0] * TIMESCALE, zero + seconds[1] * TIMESCALE)
    hour = start.replace(minute=0, second=0, microsecond=0)
    coverage = encode_coverage({(name, lack): (span,)})
    AirHour.objects.update_or_create(channel=channel, hour=hour, defaults={"coverage": coverage})


def test_rows_say_what_was_shown_and_a_missed_card_was_not(channel: Channel, now: datetime) -> None:
    aired = make_airing(channel, KEY, now - timedelta(days=3), "aired")
    make_airing(channel, OTHER, now - timedelta(days=3), "missed")
    found = cards_shown([KEY, OTHER], ["siar-a"], now - timedelta(days=7), now)
    assert found == {Shown("siar-a", aired.entry, KEY, aired.start)}
    assert not cards_shown([KEY], ["siar-a"], now - timedelta(days=2), now)
    assert not cards_shown([KEY], ["siar-b"], now - timedelta(days=7), now)


@pytest.mark.parametrize(
    ("seconds", "lack", "there"),
    [
        ((0, 60), "", True),
        ((29, 60), "", True),
        ((0, 20), "", False),
        ((30, 60), "", False),
        ((0, 60), "unreadable", False),
    ],
)
def test_lately_journals_say_whether_a_card_was_on_air(
    channel: Channel,
    rundown: list[Entry],
    now: datetime,
    seconds: tuple[int, int],
    lack: str,
    there: bool,
) -> None:
    start = now - timedelta(minutes=9)
    # A channel that joins its parent in progress has the entry under a longer name.
    rundown.append(entry("12-5~4711", start))
    on_air(channel, "12-5", start, seconds, lack)
    found = cards_shown([KEY, OTHER], ["siar-a"], now - timedelta(days=7), now)
    assert [each.entry for each in found] == ["12-5"] * there
    for each in found:
        begin = start + timedelta(seconds=max(20, seconds[0]))
        assert each.start == moment_of(ticks_of(begin))


def test_what_the_rundown_has_and_no_journal_speaks_of_was_not_on_air(
    channel: Channel, rundown: list[Entry], now: datetime
) -> None:
    rundown.append(entry("12-5", now - timedelta(minutes=9)))
    assert not cards_shown([KEY], ["siar-a"], now - timedelta(days=7), now)
    on_air(channel, "12-6", now - timedelta(minutes=9), (0, 60))
    assert not cards_shown([KEY], ["siar-a"], now - timedelta(days=7), now)


def test_the_second_part_of_an_interrupted_entry_counts_while_it_is_on_air(
    channel: Channel, rundown: list[Entry], now: datetime
) -> None:
    start = now - timedelta(minutes=9)
    rundown.append(entry("12-5+1", start, first=5))
    on_air(channel, "12-5+1", start, (0, 10))
    found = cards_shown([KEY], ["siar-a"], now - timedelta(days=7), now)
    assert [each.entry for each in found] == ["12-5"]
