"""What was missed in a fair break takes the next turn by itself, and that closes the debt."""

import pytest

from cms.channels.actions import do_publish_if_ready
from cms.channels.asrun.airings import airings_of
from cms.channels.asrun.debts import open_debts
from cms.channels.models import SegmentAiring
from tests.channels.asrun import conftest as as_run
from tests.channels.pages import NOW, after

journal, roll, fresh_history = as_run.journal, as_run.roll, as_run.fresh_history
HOUR = 3600


@pytest.fixture
def spots(market, pasar_a, make_spot, add_break):
    """Four spots that share a fair break of a minute at 15.00, and one at 20.00."""
    made = [make_spot(pasar_a, 15) for _ in range(4)]
    add_break(market, 15)
    add_break(market, 20)
    return made


def seconds_of(moment) -> float:
    return (moment - NOW).total_seconds()


def test_a_missed_spot_is_put_in_front_and_its_whole_airing_closes_the_debt(
    market, spots, journal, roll
):
    first, lost, *_ = [a for a in airings_of(spots, NOW, after(48 * HOUR)) if a.promised == 15]
    then = seconds_of(lost.start)
    # The origin was away for the second turn of the first break.
    journal(market, seconds_of(first.start) - 60, then)
    journal(market, then + 15.2, then + 300, origin="dua")
    roll(then + 1500)
    (debt,) = SegmentAiring.objects.owed()
    assert (debt.segment_key, debt.entry, debt.why) == (lost.segment_key, lost.entry, "off_air")
    (segment,) = [one for one in spots if one.key == lost.segment_key]
    assert open_debts(market).keys() == {segment.pk}

    do_publish_if_ready(market, after(then + 1600))
    good = market.fair_turns.get(makes_good=True)
    assert good.segment == segment
    assert open_debts(market) == {}
    do_publish_if_ready(market, after(then + 1700))
    assert market.fair_turns.get(makes_good=True).entry == good.entry

    (coming,) = [a for a in airings_of([segment], NOW, after(48 * HOUR)) if a.makes_good]
    at = seconds_of(coming.start)
    journal(market, at - 120, at + 120)
    roll(at + 1500)
    debt.refresh_from_db()
    assert debt.replaced_by.replacement.entry == good.entry
    assert debt.start not in open_debts(market).values()
    told = {airing.entry: airing for airing in airings_of([segment], NOW, after(48 * HOUR))}
    assert told[debt.entry].made_good_by == told[good.entry].start
    assert (told[good.entry].status, told[good.entry].makes_good) == ("aired", True)
