"""Fair breaks on air: who has a turn, what stands, and what an edit changes."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cms.channels import catalogue, in_force
from cms.channels.actions import do_plan, do_publish_if_ready
from cms.channels.admin.block_advice import block_advice
from cms.channels.fair.ledger import Queue
from cms.channels.fair.spots import known_spots
from cms.channels.models import Channel, Filler, OwnWindow, RotationTurn, WeeklySlot
from cms.channels.template.actions import do_remove_slot
from cms.cooperatives.models import Region
from cms.core.refusals import Refused
from cms.traders.actions import do_refuse_segment
from tests.airings import make_airing
from tests.channels.pages import NOW, after
from tests.channels.weeks import NewBlock, do_add_block

HOUR = 3600


def entries(channel):
    in_force.forget()
    return [e for e in in_force.read(channel.slug).entries if e.kind == "promotion"]


def turns(channel):
    return list(channel.fair_turns.values_list("start", "segment_key", "reason"))


def shown(channel):
    """Return the keys of the segments whose cards are on air, in order."""
    return [card.id for e in entries(channel) for card in e.cards]


def test_spots_take_turns_as_promotions_with_their_cards(market, pasar_a, make_spot, add_break):
    made = [make_spot(pasar_a, 15) for _ in range(6)]
    add_break(market, 15)
    on_air = entries(market)
    assert len(on_air) >= 8
    keys = [turn.segment_key.hex for turn in market.fair_turns.all()]
    assert shown(market) == keys[: len(on_air)]
    assert [e.id for e in on_air] == [t.entry for t in market.fair_turns.all()][: len(on_air)]
    assert set(Counter(keys[:6]).values()) == {1}
    assert {turn.segment_id for turn in market.fair_turns.all()} == {one.pk for one in made}
    assert all(card.label == "Promosi" for e in on_air for card in e.cards)


def test_planning_again_at_any_moment_moves_no_turn(market, pasar_a, make_spot, add_break):
    for number in range(7):
        make_spot(pasar_a, 15 if number % 2 else 30, commodity=f"K{number % 3}")
    add_break(market, 15)
    add_break(market, 20, 100)
    first = turns(market)
    assert len(first) > 12
    for hours in (0.1, 1, 2.6, 7.51, 8, 20, 27, 40, 46):
        do_publish_if_ready(market, after(hours * HOUR))
        found = turns(market)
        assert found[: len(first)] == first
        first = found


def test_a_day_is_the_same_before_and_after_it_is_settled(market, pasar_a, make_spot, add_break):
    for _ in range(5):
        make_spot(pasar_a)
    add_break(market, 15)
    day = date(2026, 11, 30)
    before = [d for d in catalogue.dated_of(market, day) if d.block]
    assert len(before) == 4
    for hours in (30, 60, 90, 120):
        do_publish_if_ready(market, after(hours * HOUR))
    assert [d for d in catalogue.dated_of(market, day) if d.block] == before


def test_what_was_promised_stands_when_a_new_spot_is_approved(
    market, pasar_a, make_spot, add_break
):
    for _ in range(4):
        make_spot(pasar_a)
    add_break(market, 15)
    first = turns(market)
    new = make_spot(pasar_a)
    do_publish_if_ready(market, after(60))
    found = turns(market)
    promised = [one for one in first if one[0] < after(24 * HOUR)]
    assert found[: len(promised)] == promised
    assert len(promised) == 4
    assert found[len(promised)][1] == new.key


def test_a_break_that_stands_empty_takes_who_is_approved_meanwhile(
    market, pasar_a, make_spot, add_break
):
    add_break(market, 15)
    assert turns(market) == []
    new = make_spot(pasar_a)
    assert market in Channel.objects.using_video(new.video_id)
    do_publish_if_ready(market, after(60))
    assert [key for _, key, _ in turns(market)][:1] == [new.key]
    other = make_spot(pasar_a)
    do_publish_if_ready(market, after(120))
    assert [key for _, key, _ in turns(market)][:2] == [new.key, other.key]


def test_a_break_that_is_added_for_today_is_filled_though_all_have_a_turn_later(
    market, pasar_a, make_spot, add_break
):
    for _ in range(4):
        make_spot(pasar_a)
    add_break(market, 15)
    add_break(market, 20)
    promised = [one for one in turns(market) if one[0] < after(24 * HOUR)]
    assert len(promised) == 8
    add_break(market, 17)
    found = turns(market)
    assert found[:4] == promised[:4]
    assert [one for one in found if one in promised] == promised
    new = found[4:8]
    assert {at.hour + 7 for at, *_ in new} == {17}
    # Whoever aired longest ago as of that break, and nobody next to a turn of their own.
    assert [key for _, key, _ in new] == [key for _, key, _ in promised[:4]]
    assert new[-1][1] != promised[4][1]
    assert {turn.details["alike"] for turn in market.fair_turns.all()} == {""}
    for hours in (1, 5.3, 9):
        do_publish_if_ready(market, after(hours * HOUR))
        assert turns(market)[: len(found)] == found


def test_a_market_of_one_stall_fills_what_is_added_and_says_that_it_had_no_other(
    market, pasar_a, make_spot, add_break
):
    only = make_spot(pasar_a)
    make_spot(pasar_a, stall=only.product.stall)
    add_break(market, 20)
    before = turns(market)
    add_break(market, 17)
    (new,) = market.fair_turns.filter(start__lt=before[0][0])
    # As of that break neither clip aired before: the same one has both turns.
    assert (new.details["alike"], new.segment_key) == ("stall", before[0][1])
    assert turns(market)[1] == before[0]


def test_a_stall_of_many_clips_has_as_many_turns_as_one_of_a_single_clip(
    market, pasar_a, make_spot, add_break
):
    many = make_spot(pasar_a).product.stall
    for _ in range(5):
        make_spot(pasar_a, stall=many)
    others = [make_spot(pasar_a).product.stall for _ in range(2)]
    for hour in (15, 17, 19):
        add_break(market, hour, 15)
    had = Counter(turn.stall_key for turn in market.fair_turns.all()[:6])
    assert had == dict.fromkeys([many.key, *(stall.key for stall in others)], 2)


def test_stalls_of_one_trader_in_one_market_take_turns_as_one(
    market, pasar_a, pasar_b, make_spot, add_break, trader_a
):
    mine = [make_spot(pasar_a), make_spot(pasar_a)]
    elsewhere, other = make_spot(pasar_b), make_spot(pasar_a)
    for one in [*mine, elsewhere]:
        type(one.product.stall).objects.filter(pk=one.product.stall_id).update(trader=trader_a)
    for hour in (15, 17, 19, 21):
        add_break(market, hour, 15)
    had = [turn.segment_id for turn in market.fair_turns.all()[:4]]
    assert had.count(other.pk) == 2
    assert {*had} == {other.pk, *(one.pk for one in mine)}
    # In another market the same trader has a stall of its own.
    known = known_spots(market, [date(2026, 11, 24)])
    keys = [known[one.key.hex].spot.stall for one in [*mine, elsewhere]]
    assert keys == [mine[0].product.stall.key.hex] * 2 + [elsewhere.product.stall.key.hex]


def test_a_segment_that_is_deleted_and_made_again_gives_its_stall_no_better_place(
    market, pasar_a, make_spot, add_break
):
    spots = {one.pk: one for one in (make_spot(pasar_a) for _ in range(3))}
    add_break(market, 15, 15)
    first = market.fair_turns.first()
    gone, now = spots[first.segment_id], first.start + timedelta(hours=5)
    stall = gone.product.stall
    do_publish_if_ready(market, now)
    gone.delete()
    make_spot(pasar_a, stall=stall)
    do_publish_if_ready(market, now + timedelta(seconds=30))
    had = [turn.stall_key for turn in market.fair_turns.all()]
    assert len(set(had[:3])) == 3
    assert had[3] == had[0] == stall.key
    queue = Queue(market, now)
    assert queue.first(3)[-1].stall_name == stall.name
    assert (queue.week[stall.key.hex], queue.average) == (1, 1 / 3)


def test_a_refused_spot_leaves_the_air_and_its_turns_go_to_others(
    market, pasar_a, make_spot, add_break, moderator_a
):
    spots = {one.key: one for one in (make_spot(pasar_a) for _ in range(4))}
    add_break(market, 15)
    gone = turns(market)[1][1]
    do_refuse_segment(spots[gone], moderator_a, "Gambar gelap.", after(60))
    do_publish_if_ready(market, after(60))
    left = [key for _, key, _ in turns(market)]
    assert gone not in left
    assert gone.hex not in shown(market)
    assert len(left) > 3


def test_a_spot_that_is_refused_while_its_break_is_on_does_not_come_any_more(
    market, pasar_a, make_spot, add_break, moderator_a
):
    spots = {one.key: one for one in (make_spot(pasar_a, 60) for _ in range(4))}
    add_break(market, 15, 300)
    third = market.fair_turns.all()[2]
    now = market.fair_turns.all()[0].start + timedelta(seconds=20)
    do_publish_if_ready(market, now)
    do_refuse_segment(spots[third.segment_key], moderator_a, "Gambar gelap.", now)
    do_publish_if_ready(market, now)
    at = [e for e in entries(market) if e.start >= 0][:3]
    assert third.segment_key.hex not in {c.id for e in at for c in e.cards}
    assert market.fair_turns.filter(pk=third.pk).exists()


def test_own_traders_come_first_and_those_of_the_co_operatives_above_fill_what_they_leave(
    market, pasar_a, pasar_b, pasar_c, make_spot, add_break
):
    own, near, far = make_spot(pasar_a), make_spot(pasar_b), make_spot(pasar_c)
    add_break(market, 15, 50)
    found = market.fair_turns.all()[:3]
    assert [turn.segment_id for turn in found] == [own.pk, near.pk, far.pk]
    assert [turn.details["level"] for turn in found] == [0, 1, 2]
    assert found[1].details["passed"] == [["shown", 1, own.key.hex]]


def test_dates_regions_certificates_and_cards_inside_programmes_are_heeded(
    market, pasar_a, make_spot, add_break
):
    elsewhere = make_spot(pasar_a)
    elsewhere.regions.add(Region.objects.create(name="Bali", slug="bali"))
    here = make_spot(pasar_a)
    here.regions.add(pasar_a.region)
    tomorrow = make_spot(pasar_a, starts_on=date(2026, 11, 25))
    over = make_spot(pasar_a, ends_on=date(2026, 11, 23))
    lapsing = make_spot(pasar_a)
    lapsing.product.certificates.create(kind="pirt", number="1", expires_on=date(2026, 11, 24))
    card = make_spot(pasar_a)
    type(card).objects.filter(pk=card.pk).update(kind="card")
    add_break(market, 15, 600)
    days = {}
    for turn in market.fair_turns.all():
        days.setdefault((turn.start + timedelta(hours=7)).date(), set()).add(turn.segment_id)
    assert days[date(2026, 11, 24)] == {here.pk, lapsing.pk}
    assert days[date(2026, 11, 25)] == {here.pk, tomorrow.pk}
    assert over.pk not in set.union(*days.values())
    why = {p[0] for turn in market.fair_turns.all() for p in turn.details["passed"]}
    assert {"region", "dates", "papers"} <= why


def test_promotions_that_editors_plan_count_for_the_share_of_the_hour(
    market, pasar_a, make_spot, add_break
):
    planned = make_spot(pasar_a, 690)  # 11 min 30 s of the 12
    others = [make_spot(pasar_a, 15) for _ in range(4)]
    type(planned).objects.filter(pk=planned.pk).update(kind="card")
    do_plan(market, planned.video, datetime(2026, 11, 24, 8, 10, tzinfo=UTC), NOW)  # 15.10
    add_break(market, 15)
    today = market.fair_turns.filter(start__lt=after(10 * HOUR))
    assert today.count() == 2
    assert market.fair_turns.filter(start__gte=after(10 * HOUR)).count() >= 2
    assert {turn.segment_id for turn in today} <= {one.pk for one in others}


def test_what_airs_on_an_heir_only_by_relay_has_its_turns_on_the_channel_that_owns_it(
    market, pasar_a, jatim, make_spot, add_break, make_video
):
    for _ in range(3):
        make_spot(pasar_a)
    heir = Channel.objects.create(
        cooperative=pasar_a, name="Pasar (contoh)", slug="pasar", parent=market
    )
    Filler.objects.create(channel=heir, video=make_video("Pengisi P (contoh)", 20), sort_order=0)
    OwnWindow.objects.create(
        channel=heir, date=date(2026, 11, 24), start=time(16), end=time(16, 30)
    )
    add_break(market, 15)
    add_break(heir, 15)
    add_break(heir, 16)
    hours = {(turn.start + timedelta(hours=7)).hour for turn in heir.fair_turns.all()}
    assert hours == {16}
    assert {(t.start + timedelta(hours=7)).hour for t in market.fair_turns.all()} == {15}


def test_a_break_that_is_taken_off_gives_back_its_turns(market, pasar_a, make_spot, add_break):
    make_spot(pasar_a)
    add_break(market, 15)
    add_break(market, 18)
    do_remove_slot(market.weekly.get(clock=time(15)), NOW)
    hours = {(turn.start + timedelta(hours=7)).hour for turn in market.fair_turns.all()}
    assert hours == {18}


def test_breaks_that_overlap_give_no_moment_twice(market, pasar_a, make_spot, add_break):
    for _ in range(30):
        make_spot(pasar_a)
    add_break(market, 15, 120)
    add_break(market, 15, 120, minute=1)
    add_break(market, 23, 120, minute=59)
    found = [(t.start, t.start + timedelta(milliseconds=t.milliseconds)) for t in turns_of(market)]
    assert all(one[1] <= two[0] for one, two in pairwise(found))
    assert len([1 for start, _ in found if start < after(3 * HOUR)]) == 12


def turns_of(channel):
    return channel.fair_turns.order_by("start")


def test_a_fair_break_takes_no_list(market, inkoppas):
    playlist = inkoppas.playlists.create(name="Daftar (contoh)")
    block = NewBlock(WeeklySlot.Content.FAIR, playlist, 60)
    with pytest.raises(Refused):
        do_add_block(market, block, [0], time(15), NOW)


def test_a_deleted_segment_leaves_its_turns_in_the_ledger(market, pasar_a, make_spot, add_break):
    spots = [make_spot(pasar_a) for _ in range(3)]
    add_break(market, 15)
    first = market.fair_turns.first()
    do_publish_if_ready(market, first.start + timedelta(seconds=10))
    next(one for one in spots if one.pk == first.segment_id).delete()
    do_publish_if_ready(market, first.start + timedelta(seconds=30))
    kept = RotationTurn.objects.get(pk=first.pk)
    assert (kept.segment_id, kept.segment_key) == (None, first.segment_key)


def test_settling_asks_the_same_number_of_questions_for_few_and_for_many(
    market, pasar_a, make_spot, add_break
):
    def questions():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            do_publish_if_ready(market, after(90))
        return len(asked)

    make_spot(pasar_a)
    add_break(market, 15)
    few = questions()
    for _ in range(8):
        make_spot(pasar_a)
    do_publish_if_ready(market, after(60))
    assert questions() <= few + 2


def test_editors_are_told_of_fair_breaks_that_nobody_fills(market, pasar_a, make_spot, add_break):
    add_break(market, 15)
    (told,) = block_advice(market, date(2026, 11, 24))
    assert "Giliran Adil" in told.sentence
    make_spot(pasar_a)
    do_publish_if_ready(market, after(60))
    assert list(block_advice(market, date(2026, 11, 24))) == []


def test_an_airing_that_was_missed_is_made_good_before_others_and_only_once(
    market, pasar_a, make_spot, add_break
):
    spots = [make_spot(pasar_a) for _ in range(5)]
    owed = spots[3]
    missed = make_airing(market, owed, after(-24 * HOUR))
    add_break(market, 15)
    first = market.fair_turns.first()
    assert (first.segment_id, first.reason, first.makes_good) == (owed.pk, "debt", True)
    assert first.details["since"] == missed.start.isoformat()
    before = turns(market)
    for hours in (1, 3, 12):
        do_publish_if_ready(market, after(hours * HOUR))
        assert turns(market)[: len(before)] == before
    assert market.fair_turns.filter(makes_good=True).count() == 1
