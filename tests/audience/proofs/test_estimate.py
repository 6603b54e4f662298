"""How sure a reach is said to be, and which days stand out."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.audience.models import ReachDay
from cms.audience.proofs.document import document_from
from cms.audience.proofs.estimate import FEWEST, LEAST, margin_of, outliers_of

FIRST = date(2026, 11, 1)


def days(*reach: int) -> dict[date, int]:
    return {FIRST + timedelta(days=n): devices for n, devices in enumerate(reach)}


@pytest.mark.parametrize(("reach", "margin"), [(0, 0), (1, 1), (20, 1), (21, 2), (1000, 50)])
def test_a_margin_is_a_twentieth_rounded_up(reach, margin):
    assert margin_of(reach) == margin


@pytest.mark.parametrize(
    ("reach", "count"),
    [
        ((10, 12, 9, 11, 803), 1),
        ((10, 10, 10, 10, 40), 1),
        ((10, 10, 10, 10, 39), 0),
        ((2, 2, 2, 2, 22), 1),
        ((2, 2, 2, 2, 21), 0),
        ((10, 12, 9, 803), 0),
        ((), 0),
    ],
)
def test_a_day_far_above_the_others_stands_out_and_among_few_none_does(reach, count):
    assert len(outliers_of(days(*reach))) == count


@given(st.lists(st.integers(1, 10_000), max_size=40))
def test_fewer_than_half_of_the_days_stand_out(reach):
    found = outliers_of(days(*reach))
    assert len(found) <= len(reach) / 2
    assert all(days(*reach)[day] > LEAST for day in found)
    assert len(reach) >= FEWEST or not found


def test_a_proof_says_its_margin_and_the_days_that_stand_out(issue, november):
    for day, devices in days(10, 12, 9, 11, 803).items():
        ReachDay.objects.create(key=november.key, day=day, devices=devices)
    document = issue(november).document
    assert (document.reach, document.margin) == (845, 43)
    assert document.outliers == (date(2026, 11, 5),)


def test_a_proof_that_was_issued_before_margins_is_read(proof):
    facts = {name: said for name, said in proof.facts.items() if name not in ("margin", "outliers")}
    assert document_from(facts).margin == 0
