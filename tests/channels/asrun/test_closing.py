"""Editors choose what makes good for a card, or write a debt off."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import ModelLogEntry

from cms.channels.asrun.airings import airings_of
from cms.channels.asrun.closing.actions import (
    do_cancel_makegood,
    do_choose_makegood,
    do_write_off,
)
from cms.channels.asrun.closing.offers import offers_for
from cms.channels.asrun.debts import open_debts, open_rows
from cms.channels.asrun.makegoods import do_settle
from cms.channels.asrun.personal import do_forget_titles, tell_airings
from cms.channels.asrun.promoted import Makegood, PlannedMakegood, SegmentAiring
from cms.channels.fair.models import RotationTurn
from cms.core.actions import do_choose_language
from cms.core.refusals import Refused
from cms.traders.models import FeaturedSegment, Product
from cms.traders.personal.doors import Leaving
from tests.airings import make_airing
from tests.channels.asrun.conftest import NOW, after
from tests.channels.pages import page, text
from tests.examples import examples

HOUR, DAY = 3600, 86_400
TODAY = "2026-11-24"
REASON = "Acaranya tidak tayang lagi, pedagang sudah setuju."


@pytest.fixture(autouse=True)
def no_repeats(channel):
    """What is planned for a day airs on that day alone."""
    channel.repeats_daily = False
    channel.save()


def card_of(product, video, end=120):
    return FeaturedSegment.objects.create(
        product=product, video=video, begin=100, end=end, state="approved"
    )


@pytest.fixture
def debt(channel, card, do_air, roll):
    """The card was promised, and the channel was off the air."""
    do_air(card, 600)
    roll(2000)
    return SegmentAiring.objects.get(segment_key=card.key)


def offered(debt, now=2400):
    return [offer.name for offer in offers_for(debt, after(now))]


def test_a_repeat_that_an_editor_chooses_closes_the_debt_of_a_card(
    channel, card, debt, do_air, journal, roll, editor_national
):
    do_air(card, 27 * HOUR, 2400)
    (offer,) = offers_for(debt, after(2400))
    assert (offer.seconds, offer.title) == (20, card.video.title)
    chosen = do_choose_makegood(debt, offer.name, editor_national, after(2400))
    assert open_debts(channel) == {}
    (coming,) = [a for a in airings_of([card], after(2400), after(2 * DAY)) if a.makes_good]
    assert (coming.status, coming.start) == ("coming", chosen.start)
    at = (chosen.start - NOW).total_seconds()
    journal(channel, at - 200, at + 300)
    roll(at + 1500)
    debt.refresh_from_db()
    made = debt.replaced_by.replacement
    assert (made.entry, made.status, made.makes_good) == (chosen.entry, "aired", True)
    assert open_debts(channel) == {}
    assert [a.made_good_by for a in airings_of([card], NOW, after(2 * DAY))] == [made.start, None]


def test_a_chosen_airing_that_failed_is_owed_to_nobody_and_opens_the_debt(
    channel, card, debt, do_air, roll, editor_national
):
    do_air(card, 27 * HOUR, 2400)
    chosen = do_choose_makegood(debt, offered(debt)[0], editor_national, after(2400))
    roll((chosen.start - NOW).total_seconds() + 1500)
    failed = SegmentAiring.objects.get(entry=chosen.entry)
    assert (failed.status, failed.makes_good) == ("missed", True)
    assert open_debts(channel) == {card.pk: debt.start}
    assert list(SegmentAiring.objects.owed()) == [debt]


def test_another_card_of_the_product_will_do_and_none_of_another_or_shorter(
    channel, card, debt, sambal, make_video, do_air, journal, roll, editor_national
):
    other = Product.objects.create(
        stall=sambal.stall, name="Kerupuk (contoh)", slug="kerupuk", price=1000, unit="kg"
    )
    long = card_of(sambal, make_video("Resep (contoh)", 300))
    short = card_of(sambal, make_video("Kilas (contoh)", 300), end=110)
    foreign = card_of(other, make_video("Pasar (contoh)", 300))
    for number, segment in enumerate((short, foreign, long)):
        do_air(segment, 27 * HOUR + number * 600, 2400)
    (name,) = offered(debt)
    chosen = do_choose_makegood(debt, name, editor_national, after(2400))
    assert (chosen.card_key, chosen.owed_key) == (long.key, card.key)
    at = (chosen.start - NOW).total_seconds()
    journal(channel, at - 200, at + 300)
    roll(at + 1500)
    assert Makegood.objects.get(debt=debt).replacement.segment_key == long.key


def test_what_begins_within_a_day_was_promised_for_itself_and_is_not_offered(debt, card, do_air):
    do_air(card, 20 * HOUR, 2400)
    assert offered(debt) == []
    do_air(card, 30 * HOUR, 2400)
    (name,) = offered(debt)
    assert name.startswith(f"{card.video_id}-")
    assert offered(debt, now=7 * HOUR) == []


def test_one_airing_is_chosen_for_one_debt(channel, card, debt, do_air, editor_national):
    make_airing(channel, card, after(-HOUR))
    do_air(card, 27 * HOUR, 2400)
    (name,) = offered(debt)
    oldest, younger = open_rows(channel, card.key)
    do_choose_makegood(oldest, name, editor_national, after(2400))
    assert open_rows(channel, card.key) == [younger] == [debt]
    with pytest.raises(Refused):
        do_choose_makegood(younger, name, editor_national, after(2400))
    for do in (do_choose_makegood, do_write_off):
        with pytest.raises(Refused):
            do(oldest, "Sudah diputuskan.", editor_national, after(2400))
    do_write_off(younger, REASON, editor_national, after(2400))
    assert open_debts(channel) == {}


def test_a_choice_is_taken_back_while_it_is_not_on_air(
    debt, card, channel, do_air, editor_national
):
    do_air(card, 27 * HOUR, 2400)
    chosen = do_choose_makegood(debt, offered(debt)[0], editor_national, after(2400))
    with pytest.raises(Refused):
        do_cancel_makegood(debt, str(chosen.pk), editor_national, after(28 * HOUR))
    do_cancel_makegood(debt, str(chosen.pk), editor_national, after(HOUR))
    assert open_debts(channel) == {card.pk: debt.start}
    assert len(offered(debt)) == 1


def test_what_is_written_off_is_owed_no_more_and_its_trader_reads_why(
    debt, card, channel, editor_national, journal, roll
):
    do_write_off(debt, REASON, editor_national, after(2400))
    assert open_debts(channel) == {}
    (airing,) = airings_of([card], NOW, after(HOUR))
    assert (airing.status, airing.owed, airing.written_off) == ("missed", False, REASON)
    assert airing.made_good_by is None
    with pytest.raises(Refused):
        do_write_off(debt, REASON, editor_national, after(2400))
    logged = ModelLogEntry.objects.get(action="channels.write_off")
    assert (logged.user, logged.data["promised"]) == (editor_national, debt.start.isoformat())
    # A journal that comes late says that it was on air after all.
    journal(channel, 560, 1000)
    roll(3600)
    (airing,) = airings_of([card], NOW, after(HOUR))
    assert (airing.status, airing.written_off) == ("aired", None)


def test_a_trader_has_the_reason_in_their_copy_and_it_goes_with_them(debt, card, editor_national):
    do_write_off(debt, REASON, editor_national, after(2400))
    card.product.stall.trader = editor_national
    card.product.stall.save()
    assert [row["written_off"] for row in tell_airings(editor_national)] == [REASON]
    do_forget_titles(Leaving(NOW, (), (), (card.key,), ()))
    assert Makegood.objects.get().reason == ""
    assert REASON not in str(list(ModelLogEntry.objects.values_list("data", flat=True)))


@pytest.fixture
def editor(client, editor_national, clock):
    clock(2400)
    client.force_login(editor_national)
    return client


def test_an_editor_chooses_cancels_and_writes_off_on_the_page_of_a_debt(
    editor, channel, card, debt, do_air
):
    do_air(card, 27 * HOUR, 2400)
    url = page("debt", channel, TODAY, debt.pk)
    assert url in text(editor.get(page("as_run", channel, TODAY)))
    said = text(editor.get(url))
    (name,) = offered(debt)
    assert f'value="{name}"' in said
    assert "Sambal bawang" in said
    assert "Pengganti tercatat." in text(editor.post(url, {"offer": name}, follow=True))
    said = text(editor.get(url))
    assert "Batalkan pengganti Rabu 25 November 2026" in said
    assert "Tutup tanpa pengganti" not in said
    chosen = PlannedMakegood.objects.get()
    assert "Pengganti dibatalkan." in text(editor.post(url, {"cancel": chosen.pk}, follow=True))
    said = text(editor.post(url, {"reason": "pendek"}))
    assert "pendek</textarea>" in said
    assert open_debts(channel) == {card.pk: debt.start}
    assert "Utang ditutup." in text(editor.post(url, {"reason": REASON}, follow=True))
    assert editor.get(url).status_code == 404


@pytest.mark.parametrize("given", [{}, {"offer": "x"}, {"cancel": "x"}, {"cancel": "9" * 40}])
def test_what_is_no_decision_changes_nothing(editor, channel, debt, given):
    url = page("debt", channel, TODAY, debt.pk)
    assert editor.post(url, given).status_code in (200, 302)
    assert open_rows(channel, debt.segment_key) == [debt]


def test_without_a_repeat_the_page_says_what_to_do(editor, channel, debt, editor_national):
    url = page("debt", channel, TODAY, debt.pk)
    assert "Belum ada acara dengan kartu produk ini" in text(editor.get(url))
    do_choose_language(editor_national, "en")
    assert "No programme with a card of this product" in text(editor.get(url))


def test_a_clip_goes_by_fair_turns_and_may_be_written_off(editor, channel, spot):
    owed = make_airing(channel, spot, after(600))
    said = text(editor.get(page("debt", channel, TODAY, owed.pk)))
    assert "Klip ini didahulukan Giliran Adil dengan sendirinya." in said
    assert "Tutup tanpa pengganti" in said


def test_the_page_of_a_debt_tells_of_its_own_replacement_alone(editor, channel, spot):
    owed = [make_airing(channel, spot, after(second)) for second in (0, 600)]
    RotationTurn.objects.create(
        channel=channel,
        segment=spot,
        segment_key=spot.key,
        begins=after(HOUR),
        start=after(HOUR),
        milliseconds=15_000,
        entry="1-1",
        reason="debt",
        makes_good=True,
    )
    said = [text(editor.get(page("debt", channel, TODAY, one.pk))) for one in owed]
    assert ["Gantinya" in one for one in said] == [True, False]
    assert ["Tutup tanpa pengganti" in one for one in said] == [False, True]


EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["promised", "chosen", "settle", "write_off", "late", "shorter"]),
        st.integers(0, 1),
        st.sampled_from(["aired", "cut", "missed"]),
        st.integers(0, 9),
    ),
    max_size=16,
)


@given(events=EVENTS)
@settings(
    examples(40),
    # Each example ends with a rollback.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_whatever_happens_each_debt_is_open_replaced_or_written_off_once(
    channel, card, spot, editor_national, events
):
    with transaction.atomic():
        for number, event in enumerate(events):
            happen(channel, (card, spot), editor_national, after(60 * number), event)
            check(channel)
        transaction.set_rollback(True)


def happen(channel, segments, editor, moment, event):
    what, which, status, place = event
    rows = SegmentAiring.objects.filter(channel=channel).order_by("start")
    match what:
        case "promised":
            make_airing(channel, segments[which], moment, status)
        case "chosen":
            # Of another segment of the product, for what the first is owed.
            made = make_airing(channel, segments[which], moment, status, makes_good=True)
            PlannedMakegood.objects.create(
                channel=channel,
                owed_key=segments[0].key,
                card_key=made.segment_key,
                entry=made.entry,
                start=moment,
                chosen=moment,
            )
        case "settle":
            do_settle(channel, moment)
        case "write_off" if owed := SegmentAiring.objects.owed().order_by("start")[place:].first():
            do_write_off(owed, REASON, editor, moment)
        case "late":
            rows.filter(pk__in=rows[place : place + 1].values("pk")).update(status="aired")
        case "shorter":
            good = rows.filter(makes_good=True)[place : place + 1]
            rows.filter(pk__in=good.values("pk")).update(status="cut")


def check(channel):
    rows = SegmentAiring.objects.filter(channel=channel)
    promised = rows.promised()
    counted = [promised.filter(status=status).count() for status in ("aired", "cut", "missed")]
    assert sum(counted) == promised.count()
    closings = list(Makegood.objects.select_related("debt", "replacement"))
    closed = {one.debt_id for one in closings}
    debts, owed = set(rows.debts()), set(rows.owed())
    assert owed == {one for one in debts if one.pk not in closed}
    assert len(closed) == len(closings)
    made = [one.replacement_id for one in closings if one.replacement_id]
    assert len(made) == len(set(made))
    for one in closings:
        assert (one.replacement is None) == bool(one.reason)
        assert not one.debt.makes_good
        if one.replacement:
            assert one.debt.start < one.replacement.start
            assert one.replacement.makes_good


def test_reasons_stand_in_the_airing_in_any_language(debt, card, editor_national):
    do_write_off(debt, REASON, editor_national, after(2400))
    with override("en"):
        (airing,) = airings_of([card], NOW, NOW + timedelta(hours=1))
    assert airing.written_off == REASON
