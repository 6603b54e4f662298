"""Several workers and editors are at the same day and the same debts at the same moment."""

import pytest
from django.db import connection

from cms.channels.asrun.closing.actions import do_choose_makegood, do_write_off
from cms.channels.asrun.closing.offers import offers_for
from cms.channels.asrun.debts import open_rows
from cms.channels.asrun.evidence import barred_programmes
from cms.channels.asrun.makegoods import do_settle
from cms.channels.asrun.promoted import Makegood, PlannedMakegood, SegmentAiring
from cms.channels.asrun.rolling import do_roll_up_day
from cms.channels.models import AsRunDay
from cms.core.refusals import Refused
from tests.airings import make_airing
from tests.channels.asrun.conftest import NOW, after
from tests.races import at_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgres,
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one write at a time"),
]
WORKERS, ROUNDS = 4, 6


def test_each_airing_has_one_row_and_each_debt_and_replacement_one_link(
    channel, spot, do_air, journal, roll
):
    for start in (600, 1200, 1800):
        do_air(spot, start)
    journal(channel, 560, 700)
    roll(3600)
    SegmentAiring.objects.all().delete()
    day = AsRunDay.objects.get(channel=channel, day=NOW.date())
    barred = barred_programmes()
    at_once(*[lambda: do_roll_up_day(day, day.complete, after(3600), barred)] * WORKERS)
    judged = SegmentAiring.objects.order_by("start")
    assert [one.status for one in judged] == ["aired", "missed", "missed"]

    debts = [*judged[1:], *(make_airing(channel, spot, after(2000 + n)) for n in range(30))]
    made = [
        make_airing(channel, spot, after(3000 + n), "aired", makes_good=True) for n in range(20)
    ]
    at_once(*[lambda: do_settle(channel, NOW)] * WORKERS)
    pairs = Makegood.objects.order_by("debt__start").values_list("debt", "replacement")
    assert list(pairs) == [(d.pk, m.pk) for d, m in zip(debts, made, strict=False)]


def refused(do, *args) -> bool:
    """Do it; return whether that was refused."""
    try:
        do(*args)
    except Refused:
        return True
    return False


def test_of_editors_who_decide_on_a_debt_together_one_does(channel, card, do_air, editor_national):
    for number in range(ROUNDS):
        do_air(card, 27 * 3600 + number * 600)
    for number in range(ROUNDS):
        debt = make_airing(channel, card, after(number))
        first, second, *_ = [offer.name for offer in offers_for(debt, NOW)] * 2
        decide = [
            lambda debt=debt, name=first: refused(
                do_choose_makegood, debt, name, editor_national, NOW
            ),
            lambda debt=debt, name=second: refused(
                do_choose_makegood, debt, name, editor_national, NOW
            ),
            lambda debt=debt: refused(do_write_off, debt, "Sudah selesai.", editor_national, NOW),
        ]
        assert sorted(at_once(*decide)) == [False, True, True]
        assert PlannedMakegood.objects.count() + Makegood.objects.count() == number + 1
        assert open_rows(channel, card.key) == []


def test_a_debt_that_is_written_off_while_a_worker_links_it_is_closed_once(
    channel, spot, editor_national
):
    for number in range(ROUNDS):
        debt = make_airing(channel, spot, after(number * 60))
        make_airing(channel, spot, after(number * 60 + 30), "aired", makes_good=True)
        lost, linked = at_once(
            lambda debt=debt: refused(do_write_off, debt, "Sudah selesai.", editor_national, NOW),
            lambda number=number: do_settle(channel, after(number)),
        )
        closing = Makegood.objects.get(debt=debt)
        assert (closing.replacement is not None) == lost
        assert linked == lost
        # What is left over is nobody's, so that the next round is like this one.
        SegmentAiring.objects.replacements().filter(replaces=None).delete()
