"""Issuing: numbers without a gap, snapshots that stay, and names that can be forgotten."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from cms.audience.models import HourCount, ReachDay
from cms.audience.proofs.actions import do_forget_names, do_forget_orphans, do_issue, is_unaltered
from cms.audience.proofs.document import sums_of
from cms.audience.proofs.models import Proof
from cms.audience.proofs.record import documents_of, month_of
from cms.audience.proofs.words import cells_of
from cms.traders.actions import do_delete
from cms.traders.models import FeaturedSegment
from tests.audience.proofs.conftest import make_document
from tests.races import at_once


def test_a_proof_says_what_the_record_says(proof, segment_a):
    sums = sums_of(proof.document.lines)
    assert (sums.promised, sums.aired, sums.cut, sums.missed) == (4, 2, 1, 1)
    assert (sums.made_good, sums.replacements) == (1, 1)
    assert (sums.promised_seconds, sums.aired_seconds) == (60, 36)
    assert proof.document.lines[2].reason == "azan"
    assert proof.document.segment == segment_a.key.hex
    assert proof.people.stall == "Lapak Bumbu (contoh)"


def test_reach_and_taps_are_those_of_the_segment_and_its_days(issue, november, now):
    key, hour = november.key, now.replace(minute=0)
    HourCount.objects.create(key=key, hour=hour, place="siaran", impressions=50, taps=3)
    before = hour - timedelta(days=40)
    HourCount.objects.create(key=key, hour=before, place="siaran", impressions=9, taps=9)
    ReachDay.objects.create(key=key, day=hour.date(), devices=12)
    document = issue(november).document
    assert (document.impressions, document.taps, document.reach) == (50, 3, 12)


def test_what_its_trader_withdrew_says_so(issue, segment_a, put_on_air, now):
    put_on_air(segment_a, now - timedelta(days=1), "missed", why="withdrawn", taken_back=True)
    [row] = cells_of(issue(segment_a).document, "airing")
    assert row.why == "Segmen ditarik oleh pedagangnya."


def test_a_proof_holds_no_phone_number(proof):
    assert "6281234567890" not in f"{proof.facts} {proof.names}"


def test_a_running_month_goes_up_to_today(proof, now):
    assert f"{proof.last:%F}" == "2026-11-24"
    assert proof.document.until == now


@pytest.mark.parametrize("text", ["2026-12", "2026-13", "nanti", "", "2026-11-24", "0001-01"])
def test_a_month_that_has_not_begun_or_is_none_has_no_proof(text, now):
    assert month_of(text, "Asia/Jakarta", now) is None


def test_a_month_begins_with_the_clock_of_the_market(now):
    late = datetime(2026, 10, 31, 16, 30, tzinfo=UTC)
    assert month_of("2026-11", "Asia/Jakarta", late) is None
    assert month_of("2026-11", "Asia/Makassar", late) is not None


def test_an_airing_at_midnight_is_of_the_month_that_begins(segment_a, put_on_air):
    begin = datetime(2026, 10, 31, 17, tzinfo=UTC)
    end = datetime(2026, 11, 30, 17, tzinfo=UTC)
    for moment in (begin, end - timedelta(seconds=1), end):
        put_on_air(segment_a, moment)
    later = end + timedelta(days=1)
    found = {
        month: documents_of([segment_a], period, "Asia/Jakarta", later)[segment_a.pk]
        for month in ("2026-11", "2026-12")
        if (period := month_of(month, "Asia/Jakarta", later))
    }
    assert [line.start for line in found["2026-11"].lines] == [begin, end - timedelta(seconds=1)]
    assert [line.start for line in found["2026-12"].lines] == [end]


def test_what_has_not_changed_is_not_issued_twice(issue, proof, november, now):
    assert issue(november, None, now).pk == proof.pk
    assert Proof.objects.count() == 1


def test_what_has_changed_gets_the_next_number_and_the_first_stays(
    issue, proof, november, put_on_air, now
):
    proof.refresh_from_db()
    facts = dict(proof.facts)
    put_on_air(november, datetime(2026, 11, 20, 3, tzinfo=UTC))
    second = issue(november, None, now)
    assert (proof.number[-4:], second.number[-4:]) == ("0001", "0002")
    proof.refresh_from_db()
    assert proof.facts == facts
    assert is_unaltered(proof)


def test_each_market_and_year_counts_for_itself(issue, november, tempe, video_a, put_on_air, now):
    other = FeaturedSegment.objects.create(product=tempe, video=video_a, begin=30, end=45)
    put_on_air(other, now - timedelta(days=1))
    numbers = [issue(november).number, issue(other).number]
    markets = [november.product.stall.cooperative_id, tempe.stall.cooperative_id]
    assert numbers == [f"BT-{each}-2026-0001" for each in markets]
    assert issue(november, None, now + timedelta(days=60)).number.endswith("-2027-0001")


def test_the_year_of_a_number_is_that_of_the_market(issue, november):
    new_year = datetime(2026, 12, 31, 17, tzinfo=UTC)  # midnight in Jakarta
    for moment, year in ((new_year - timedelta(seconds=1), "2026"), (new_year, "2027")):
        assert issue(november, None, moment).number.split("-")[2] == year
        Proof.objects.all().delete()


def test_an_issue_that_is_undone_leaves_no_gap(issue, november, put_on_air):
    with transaction.atomic():
        issue(november)
        transaction.set_rollback(True)
    assert issue(november).number.endswith("-0001")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_numbers_without_a_gap(segment_a, now):
    at_once(
        *(
            lambda taps=taps: do_issue(segment_a, replace(make_document(1), taps=taps), None, now)
            for taps in range(8)
        )
    )
    numbers = sorted(Proof.objects.values_list("number", flat=True))
    assert [number[-4:] for number in numbers] == [f"{n:04}" for n in range(1, 9)]


def test_a_figure_that_was_altered_does_not_go_with_the_code(proof):
    assert is_unaltered(proof)
    proof.facts["taps"] = 999
    assert not is_unaltered(proof)


def test_a_name_that_was_altered_does_not_go_with_the_code(proof):
    proof.names["stall"] = "Lapak Lain"
    assert not is_unaltered(proof)


def test_a_proof_whose_names_were_forgotten_still_verifies(proof, stall_a):
    assert do_forget_names([stall_a.pk]) == 1
    proof.refresh_from_db()
    assert proof.people is None
    assert "Lapak Bumbu" not in f"{proof.facts} {proof.names} {proof.seal}"
    assert proof.salt == ""
    assert is_unaltered(proof)


def test_a_stall_that_is_deleted_leaves_no_name_and_a_proof_that_holds(proof, stall_a, now):
    assert do_forget_orphans() == 0
    do_delete(stall_a, now)
    proof.refresh_from_db()
    assert proof.people is None
    assert do_forget_orphans() == 1
    proof.refresh_from_db()
    assert "Lapak Bumbu" not in f"{proof.facts} {proof.names}"
    assert is_unaltered(proof)


def test_a_proof_outlives_its_segment(proof, november, now):
    november.delete()
    proof.refresh_from_db()
    assert proof.segment is None
    assert is_unaltered(proof)


def test_one_look_at_the_record_is_enough_for_many_segments(
    november, sambal, video_a, now, django_assert_max_num_queries
):
    more = [
        FeaturedSegment.objects.create(product=sambal, video=video_a, begin=n * 5, end=n * 5 + 4)
        for n in range(10, 20)
    ]
    period = month_of("2026-11", "Asia/Jakarta", now)
    related = FeaturedSegment.objects.select_related("product__stall__cooperative__region")
    segments = list(related.filter(pk__in=[november.pk, *(each.pk for each in more)]))
    with django_assert_max_num_queries(4):
        documents = documents_of(segments, period, "Asia/Jakarta", now)
    assert len(documents[november.pk].lines) == 5
    assert all(not documents[each.pk].lines for each in more)
