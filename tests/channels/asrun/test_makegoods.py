"""From journals to debts of segments, and to what makes good for them."""

from datetime import timedelta

import pytest

from cms.channels.actions import do_publish_rundown, do_unplan
from cms.channels.asrun import makegoods
from cms.channels.asrun.airings import airings_of
from cms.channels.asrun.debts import open_debts
from cms.channels.asrun.makegoods import do_settle
from cms.channels.asrun.models import AsRunDay
from cms.channels.asrun.promoted import Makegood, SegmentAiring
from cms.channels.asrun.rolling import do_forget_as_run
from cms.channels.fair.models import RotationTurn
from cms.traders.actions import do_decline_segment, do_delete, do_refuse_segment
from cms.traders.models import FeaturedSegment
from cms.videos.actions import do_withdraw
from media_pipeline.model.rundown import Card
from tests.airings import make_airing
from tests.channels.asrun.conftest import NOW, after

DAY = 86_400


def told() -> list[tuple[str, int, str, bool]]:
    rows = SegmentAiring.objects.order_by("start")
    return [(r.status, r.shown_seconds, r.why, r.makes_good) for r in rows]


@pytest.fixture
def take_turn(channel, spot, do_air):
    """Air the spot so many seconds after NOW, in a turn that a debt took."""

    def take(start: float) -> RotationTurn:
        do_air(spot, start)
        (airing,) = airings_of([spot], after(start - 10), after(start + 10))
        return RotationTurn.objects.create(
            channel=channel,
            segment=spot,
            segment_key=spot.key,
            begins=airing.start,
            start=airing.start,
            milliseconds=15_000,
            entry=airing.entry,
            reason="debt",
            makes_good=True,
        )

    return take


def test_a_spot_that_aired_is_promised_and_owed_nothing(channel, spot, do_air, journal, roll):
    do_air(spot, 600)
    journal(channel, 560, 700)
    roll(1600)
    assert told() == [("aired", 15, "", False)]
    (airing,) = airings_of([spot], NOW, after(DAY))
    assert (airing.status, airing.aired, airing.owed) == ("aired", 15, False)
    assert open_debts(channel) == {}


def test_a_spot_that_was_missed_is_owed_until_its_replacement_aired(
    channel, spot, do_air, take_turn, journal, roll
):
    do_air(spot, 600)
    roll(1700)
    assert told() == [("missed", 0, "off_air", False)]
    missed = SegmentAiring.objects.get()
    assert open_debts(channel) == {spot.pk: missed.start}
    take_turn(2400)
    assert open_debts(channel) == {}
    (coming,) = airings_of([spot], after(1800), after(DAY))
    assert (coming.status, coming.makes_good) == ("coming", True)
    journal(channel, 2300, 2500)
    roll(3700)
    assert told() == [("missed", 0, "off_air", False), ("aired", 15, "", True)]
    assert open_debts(channel) == {}
    debt, made = airings_of([spot], NOW, after(DAY))
    assert (debt.made_good_by, debt.owed, made.makes_good) == (made.start, False, True)


def test_a_replacement_that_failed_closes_nothing_and_owes_nothing(
    channel, spot, do_air, take_turn, journal, roll
):
    do_air(spot, 600)
    take_turn(2400)
    journal(channel, 2300, 2406)
    roll(4000)
    assert told() == [("missed", 0, "off_air", False), ("cut", 7, "off_air", True)]
    debt = SegmentAiring.objects.get(makes_good=False)
    assert open_debts(channel) == {spot.pk: debt.start}
    assert Makegood.objects.count() == 0


def test_a_card_in_a_programme_is_judged_at_its_own_time(
    channel, spot, card, do_air, journal, roll
):
    do_air(card, 600)
    journal(channel, 560, 708)
    roll(1700)
    (row,) = SegmentAiring.objects.filter(segment_key=card.key)
    assert (row.status, row.promised_seconds, row.why) == ("cut", 20, "off_air")
    assert 96 < (row.start - after(600)).total_seconds() < 104


def test_a_journal_that_comes_late_takes_the_debt_away(channel, spot, do_air, journal, roll):
    do_air(spot, 600)
    roll(1700)
    row = SegmentAiring.objects.get()
    journal(channel, 560, 700)
    roll(2400)
    assert told() == [("aired", 15, "", False)]
    assert SegmentAiring.objects.get().pk == row.pk
    assert open_debts(channel) == {}


def test_what_made_good_for_what_aired_after_all_is_extra(
    channel, spot, do_air, take_turn, journal, roll
):
    do_air(spot, 600)
    do_air(spot, 1200)
    take_turn(2400)
    journal(channel, 2300, 2500)
    roll(4000)
    first, second = SegmentAiring.objects.filter(makes_good=False).order_by("start")
    assert Makegood.objects.get().debt == first
    journal(channel, 560, 700, origin="dua")
    roll(4700)
    assert [status for status, *_ in told()] == ["aired", "missed", "aired"]
    # The link stays: nothing else is closed by it, and the second debt is owed as before.
    assert Makegood.objects.get().debt == first
    assert open_debts(channel) == {spot.pk: second.start}
    airing, *_ = airings_of([spot], NOW, after(DAY))
    assert (airing.status, airing.made_good_by) == ("aired", None)


def test_rolling_up_again_keeps_rows_and_links(channel, spot, do_air, take_turn, journal, roll):
    do_air(spot, 600)
    take_turn(2400)
    journal(channel, 2300, 2500)
    roll(4000)
    before = list(SegmentAiring.objects.values()), list(Makegood.objects.values())
    AsRunDay.objects.update(touched=99, rolled=None)
    assert roll(4000) > 0
    assert (list(SegmentAiring.objects.values()), list(Makegood.objects.values())) == before
    assert do_settle(channel, after(4000)) == 0


def test_two_workers_at_once_link_each_once(channel, spot, monkeypatch):
    debts = [make_airing(channel, spot, after(second)) for second in (0, 60)]
    made = [
        make_airing(channel, spot, after(second), "aired", makes_good=True) for second in (120, 180)
    ]
    link = makegoods._link

    def later(links, now):
        # Between what this worker read and what it writes another one settles all.
        monkeypatch.setattr(makegoods, "_link", link)
        do_settle(channel, now)
        return link(links, now)

    monkeypatch.setattr(makegoods, "_link", later)
    do_settle(channel, NOW)
    pairs = Makegood.objects.order_by("debt__start").values_list("debt", "replacement")
    assert list(pairs) == [(d.pk, m.pk) for d, m in zip(debts, made, strict=True)]


def test_a_replacement_that_is_not_whole_any_more_opens_its_debt(
    channel, spot, do_air, take_turn, journal, roll
):
    do_air(spot, 600)
    take_turn(2400)
    journal(channel, 2300, 2500)
    roll(4000)
    SegmentAiring.objects.filter(makes_good=True).update(status="cut")
    do_settle(channel, after(4000))
    assert Makegood.objects.count() == 0
    assert open_debts(channel).keys() == {spot.pk}


def _take_out(channel, spot, at: float) -> None:
    do_unplan(channel.planned.get(video=spot.video), after(at))
    do_publish_rundown(channel, after(at))


@pytest.fixture
def promised(channel, spot, do_air):
    """The spot, promised for an hour and a half after NOW."""
    do_air(spot, 5400)


def test_what_its_trader_deleted_before_its_time_is_owed_to_nobody(promised, channel, spot, roll):
    do_delete(spot, after(1200))
    do_publish_rundown(channel, after(1200))
    roll(7000)
    assert [(r.status, r.taken_back) for r in SegmentAiring.objects.all()] == [("missed", True)]
    assert not SegmentAiring.objects.owed().exists()


def test_what_its_trader_took_back_stays_so_when_it_is_approved_again(
    promised, channel, spot, sambal, roll
):
    sambal.active = False
    sambal.save()
    _take_out(channel, spot, 1200)
    roll(7000)
    (airing,) = airings_of([spot], NOW, after(DAY))
    assert (airing.status, airing.owed) == ("missed", False)
    assert open_debts(channel) == {}
    sambal.active = True
    sambal.save()
    AsRunDay.objects.update(touched=99, rolled=None)
    assert roll(7000) > 0
    assert open_debts(channel) == {}


def test_what_an_editor_took_out_is_owed(promised, channel, spot, roll):
    _take_out(channel, spot, 1200)
    roll(7000)
    assert told() == [("missed", 0, "edited", False)]
    assert open_debts(channel).keys() == {spot.pk}


@pytest.mark.parametrize("turn_down", [do_refuse_segment, do_decline_segment])
def test_what_the_co_operative_turned_down_after_it_was_promised_is_owed(
    promised, channel, spot, coordinator_a, roll, turn_down
):
    turn_down(spot, coordinator_a, "Fotonya kabur.", after(1200))
    _take_out(channel, spot, 1200)
    roll(7000)
    assert open_debts(channel).keys() == {spot.pk}


def test_what_was_promised_to_a_stall_that_the_co_operative_hides_is_owed(
    promised, channel, spot, roll
):
    stall = spot.product.stall
    stall.active = False
    stall.save()
    _take_out(channel, spot, 1200)
    roll(7000)
    assert open_debts(channel).keys() == {spot.pk}


@pytest.fixture
def long_spot(channel, sambal, make_video, do_air):
    """A spot of 300 seconds, on air 600 seconds after NOW."""
    video = make_video("Dapur (contoh)", 300)
    made = FeaturedSegment.objects.create(
        product=sambal, video=video, begin=0, end=300, kind="spot", state="approved"
    )
    do_air(made, 600)
    return made


@pytest.mark.parametrize("by_trader", [True, False])
def test_a_spot_whose_video_is_withdrawn_while_it_is_on_air_is_cut(
    channel, long_spot, journal, roll, by_trader
):
    do_withdraw(long_spot.video, after(730))
    if by_trader:
        do_delete(FeaturedSegment.objects.get(pk=long_spot.pk), after(730))
    do_publish_rundown(channel, after(730))
    journal(channel, 560, 1000)
    roll(2000)
    (row,) = SegmentAiring.objects.filter(segment_key=long_spot.key)
    assert (row.status, row.why, row.taken_back) == ("cut", "withdrawn", by_trader)
    assert 130 < row.shown_seconds < 160
    assert open_debts(channel) == ({} if by_trader else {long_spot.pk: row.start})


def test_a_spot_on_air_goes_on_to_its_end_when_its_segment_is_taken_back(
    channel, long_spot, journal, roll
):
    FeaturedSegment.objects.filter(pk=long_spot.pk).update(state="submitted")
    do_publish_rundown(channel, after(730))
    journal(channel, 560, 1000)
    roll(2000)
    assert told() == [("aired", 300, "", False)]


def test_cards_that_are_no_segments_are_left_out(channel, roll, do_air, spot, monkeypatch):
    card = Card("bukan-kunci", 0, 900_000, "", "", "", "", "", "")
    monkeypatch.setattr(
        "cms.channels.catalogue.cards_in", lambda pks, place: dict.fromkeys(pks, (card,))
    )
    do_air(spot, 600)
    assert roll(1700) > 0
    assert told() == []


def test_a_replacement_outlives_the_debt_that_it_closed(
    channel, spot, do_air, take_turn, journal, roll
):
    do_air(spot, 600)
    take_turn(2400)
    journal(channel, 2300, 2500)
    roll(4000)
    year = timedelta(days=400)
    do_forget_as_run(after(1500) + year)
    assert SegmentAiring.objects.count() == 2
    do_forget_as_run(after(3000) + year)
    assert SegmentAiring.objects.count() == Makegood.objects.count() == 0


def test_airings_outlive_their_segment(channel, spot, do_air, journal, roll):
    do_air(spot, 600)
    journal(channel, 560, 700)
    roll(1600)
    key = spot.key
    do_delete(spot, after(2000))
    AsRunDay.objects.update(touched=99, rolled=None)
    roll(4000)
    assert SegmentAiring.objects.get().segment_key == key
    assert told() == [("aired", 15, "", False)]
