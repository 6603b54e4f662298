"""What a channel owes to segments, and the airings that rows tell of."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from cms.channels.asrun.airings import airings_of
from cms.channels.asrun.debts import open_debts
from cms.channels.asrun.promoted import Makegood, SegmentAiring
from cms.channels.models import Channel
from tests.airings import make_airing
from tests.channels.asrun.conftest import NOW, after

HOUR = timedelta(hours=1)


@pytest.fixture
def row(channel, spot):
    """Return a function that makes an airing of the spot, so many seconds after NOW."""

    def make(second: float, status: str, why: str = "", **fields) -> SegmentAiring:
        on = fields.pop("channel", channel)
        return make_airing(on, spot, after(second), status, why=why, promised_ms=15_040, **fields)

    return make


def test_a_miss_is_owed_from_its_start_until_a_link_closes_it(row, channel, spot):
    row(0, "aired")
    first, second = row(60, "cut", "azan"), row(120, "missed", "cut_in")
    assert open_debts(channel) == {spot.pk: after(60)}
    for debt, seconds in ((first, 300), (second, 400)):
        made = row(seconds, "aired", makes_good=True)
        Makegood.objects.create(debt=debt, replacement=made, linked=NOW)
    assert open_debts(channel) == {}


def test_what_is_no_debt_is_not_owed(row, channel, spot, inkoppas):
    other = Channel.objects.create(cooperative=inkoppas, name="Lain (contoh)", slug="lain")
    row(0, "missed", "off_air", channel=other)
    row(60, "missed", "edited", taken_back=True)
    row(120, "missed", "off_air", makes_good=True)
    assert open_debts(channel) == {}
    assert open_debts(other) == {spot.pk: after(0)}
    spot.delete()
    assert open_debts(other) == {}


def test_the_database_links_a_debt_and_a_replacement_once(row):
    debt, other, made = row(0, "missed"), row(60, "missed"), row(120, "aired", makes_good=True)
    Makegood.objects.create(debt=debt, replacement=made, linked=NOW)
    for pair in ({"debt": other, "replacement": made}, {"debt": debt, "replacement": other}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Makegood.objects.create(**pair, linked=NOW)


def test_airings_say_when_how_long_and_why_not(row, channel, spot):
    row(0, "aired")
    debt = row(60, "cut", "azan")
    row(120, "missed", "off_air")
    row(180, "missed", "edited", taken_back=True)
    made = row(240, "aired", makes_good=True)
    Makegood.objects.create(debt=debt, replacement=made, linked=NOW)
    with override("id"):
        found = airings_of([spot], NOW, NOW + HOUR)
    assert [(a.start, a.status, a.promised, a.aired) for a in found] == [
        (after(0), "aired", 15, 15),
        (after(60), "cut", 15, 6),
        (after(120), "missed", 15, 0),
        (after(180), "missed", 15, 0),
        (after(240), "aired", 15, 15),
    ]
    assert [a.reason for a in found[:4]] == [
        "",
        "Waktunya dipakai azan.",
        "Saluran tidak mengudara.",
        "Segmen ditarik oleh pedagangnya.",
    ]
    assert [a.made_good_by for a in found] == [None, after(240), None, None, None]
    assert [(a.owed, a.makes_good) for a in found] == [
        (False, False),
        (False, False),
        (True, False),
        (False, False),
        (False, True),
    ]
    assert airings_of([spot], NOW + HOUR, NOW + 2 * HOUR) == []
    assert airings_of([], NOW, NOW + HOUR) == []


def test_reasons_are_told_in_english_too(row, spot):
    row(60, "missed", "cut_in")
    with override("en"):
        (airing,) = airings_of([spot], NOW, NOW + HOUR)
    assert airing.reason == "Breaking news cut in."


def test_what_is_planned_is_coming(channel, spot, do_air):
    do_air(spot, 600)
    (airing,) = airings_of([spot], NOW, NOW + HOUR)
    assert (airing.status, airing.channel) == ("coming", channel)
    assert (airing.promised, airing.aired) == (15, 0)
    assert abs((airing.start - after(600)).total_seconds()) < 4
