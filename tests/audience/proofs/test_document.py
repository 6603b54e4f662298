"""What a proof says as values: sums that hold, a table that fits, a code that none can make."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.audience.proofs import codes
from cms.audience.proofs.document import (
    Differences,
    Line,
    Names,
    differences,
    document_from,
    plain,
    same_record,
    sums_of,
)
from cms.audience.proofs.drawing.pdf import fit
from cms.audience.proofs.rows import rows_of
from cms.audience.proofs.words import cells_of, period
from tests.audience.proofs.conftest import make_document

KEY = "rahasia pemasangan contoh"
# hypothesis gives moments their zone itself.
FIRST, LAST = (datetime(2026, 11, day, tzinfo=UTC).replace(tzinfo=None) for day in (1, 30))
statuses = st.sampled_from(["aired", "cut", "missed"])
lines = st.builds(
    Line,
    start=st.datetimes(FIRST, LAST, timezones=st.just(UTC)),
    channel=st.sampled_from(["Siar", "Siar Jatim"]),
    zone=st.sampled_from(["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]),
    promised=st.integers(0, 60),
    aired=st.integers(0, 60),
    status=statuses,
    makes_good=st.booleans(),
)


@given(st.lists(lines))
def test_promised_is_aired_and_cut_and_missed_whatever_happened(found):
    sums = sums_of(found)
    assert sums.promised == sums.aired + sums.cut + sums.missed
    assert sums.promised + sums.replacements == len(found)


def test_a_replacement_is_not_itself_promised():
    sums = sums_of(make_document(13).lines)
    assert (sums.promised, sums.aired, sums.cut, sums.missed) == (13, 9, 2, 2)
    assert (sums.made_good, sums.replacements) == (2, 2)
    assert (sums.promised_seconds, sums.aired_seconds) == (390, 294)


@given(st.lists(lines, max_size=60))
def test_every_airing_is_in_one_row_whatever_the_table_is_made_of(found):
    document = replace(make_document(0), lines=tuple(found))
    for unit in ("airing", "day", "month"):
        in_rows = [line for row in rows_of(document, unit) for line in row.lines]
        assert sorted(map(repr, in_rows)) == sorted(map(repr, found))


@given(st.lists(lines, max_size=20))
def test_what_was_written_is_read_the_same(found):
    document = replace(make_document(0), lines=tuple(found))
    assert document_from(plain(document)) == document


@pytest.mark.parametrize("airings", [0, 1, 13])
def test_few_airings_have_a_row_each(airings):
    assert fit(make_document(airings)).unit == "airing"


@pytest.mark.parametrize("airings", [31, 500])
def test_more_than_fit_have_a_row_a_day_and_none_is_lost(airings):
    table = fit(make_document(airings))
    assert table.unit == "day"
    assert len(table.cells) <= 31
    words = " ".join(cells.status for cells in table.cells).replace(",", "").split()
    counted = sum(int(word) for word in words if word.isdigit())
    assert counted == len(make_document(airings).lines)


def test_an_airing_at_one_in_the_night_is_of_the_day_of_the_stalls_own_clock():
    line = Line(datetime(2026, 11, 9, 16, 30, tzinfo=UTC), "Siar", "Asia/Jakarta", 30, 30, "aired")
    document = replace(make_document(0), lines=(line,))
    assert rows_of(document, "day")[0].day == date(2026, 11, 9)
    assert rows_of(replace(document, zone="Asia/Makassar"), "day")[0].day == date(2026, 11, 10)


def test_moments_are_written_as_people_here_write_them():
    start = datetime(2021, 10, 6, 12, 30, tzinfo=UTC)
    for zone, text in (
        ("Asia/Jakarta", "Rabu 6 Oktober 2021, 19.30\u00a0WIB"),
        ("Asia/Makassar", "Rabu 6 Oktober 2021, 20.30\u00a0WITA"),
        ("Asia/Jayapura", "Rabu 6 Oktober 2021, 21.30\u00a0WIT"),
    ):
        line = Line(start, "Siar", zone, 30, 30, "aired")
        assert cells_of(replace(make_document(0), lines=(line,)), "airing")[0].when == text


def test_a_missed_airing_says_why_and_when_it_was_replaced_and_the_replacement_says_for_what():
    start, later = datetime(2026, 11, 13, 8, 10, tzinfo=UTC), datetime(2026, 11, 14, 8, tzinfo=UTC)
    missed = Line(start, "Siar", "Asia/Jakarta", 30, 0, "missed", "off_air", later)
    instead = Line(later, "Siar", "Asia/Jakarta", 30, 30, "aired", makes_good=True)
    first, second = cells_of(replace(make_document(0), lines=(missed, instead)), "airing")
    assert (first.status, second.status) == ("Tidak tayang", "Pengganti")
    assert first.why == "Saluran tidak mengudara. Diganti Sabtu 14 November 2026, 15.00\u00a0WIB."
    assert second.why == "Untuk Jumat 13 November 2026, 15.10\u00a0WIB."


def test_days_of_one_month_are_written_once():
    assert period(date(2026, 11, 1), date(2026, 11, 24)) == "1–24 November 2026"
    assert period(date(2026, 11, 1), date(2026, 12, 4)) == "1 November 2026 – 4 Desember 2026"


def test_what_has_changed_since_is_told_by_airing():
    before = make_document(13)
    plain_line, cut, missed = before.lines[0], before.lines[3], before.lines[5]
    assert (cut.status, missed.status) == ("cut", "missed")
    healed = replace(cut, status="aired", aired=30, reason="")
    instead = replace(cut, made_good=cut.start)
    for gone, new, found in (
        ([cut], [healed], Differences(changed=1)),
        ([cut], [instead], Differences(replaced=1)),
        ([cut], [replace(healed, made_good=cut.start)], Differences(changed=1)),
        ([], [replace(cut, start=cut.start.replace(second=59))], Differences(added=1)),
        ([cut, missed], [], Differences(gone=2)),
        ([], [plain_line], Differences(added=1)),
        ([cut], [instead, cut], Differences(added=1)),
        ([], [], Differences()),
    ):
        kept = [line for line in before.lines if line not in gone]
        after = replace(before, lines=(*new, *kept))
        assert differences(before, after) == found
        assert same_record(before, after) == (found == Differences())
    assert same_record(before, replace(before, lines=before.lines[::-1]))


def test_a_channel_that_is_renamed_changes_no_record():
    before = make_document(13)
    renamed = [replace(line, channel=f"{line.channel} Baru") for line in before.lines]
    after = replace(before, lines=tuple(renamed))
    assert same_record(before, after)
    assert differences(before, after) == Differences()


def test_two_airings_at_one_moment_are_two():
    before = make_document(1)
    after = replace(before, lines=(*before.lines, replace(before.lines[0], channel="Lain")))
    assert not same_record(before, after)
    assert differences(before, after) == Differences(added=1)


def test_a_code_stands_for_every_figure_the_number_and_the_names():
    facts = plain(make_document(3))
    seal = codes.seal_of(plain(Names("Lapak", "A-1", "Tempe")), "garam")
    code = codes.code_of(KEY, "BT-1-2026-0001", facts, seal)
    assert len(code) == 12
    others = {
        codes.code_of(KEY, "BT-1-2026-0002", facts, seal),
        codes.code_of(KEY, "BT-1-2026-0001", facts | {"taps": 38}, seal),
        codes.code_of(KEY, "BT-1-2026-0001", facts, codes.seal_of({"stall": "Lain"}, "garam")),
        codes.code_of("kunci lain", "BT-1-2026-0001", facts, seal),
    }
    assert code not in others
    assert len(others) == 4


def test_a_code_does_not_depend_on_the_order_in_which_a_database_keeps_keys():
    facts = plain(make_document(3))
    turned = dict(reversed(facts.items()))
    assert codes.code_of(KEY, "1", facts, "s") == codes.code_of(KEY, "1", turned, "s")


@pytest.mark.parametrize("typed", ["7k4m-2qxd-9fte", "7K4M 2QXD 9FTE", "7K4M2QXD9FTE"])
def test_a_code_is_read_however_it_is_typed(typed):
    assert codes.shown(codes.read(typed)) == "7K4M-2QXD-9FTE"


def test_letters_that_look_like_digits_are_read_as_those():
    assert codes.read("oOiI-lL00-0000") == "001111000000"


@pytest.mark.parametrize("typed", ["", "7K4M", "BT-17-2026-0007", "7K4M-2QXD-9FT!", "ü" * 12])
def test_what_cannot_be_a_code_is_none(typed):
    assert codes.read(typed) == ""
