"""The guide's rows: what loops is folded, what an editor meant is seen; midnight is no wall."""

from datetime import datetime, timedelta

import pytest

from cms.channels.guide import Programme
from cms.channels.models import Channel
from cms.site.guide_rows import ROOM, STANDING, folded_for_grid, listed, standing_out
from tests.site.conftest import put_rundown

LOOP = ("Kabar pagi (contoh)", "Dapur pasar (contoh)", "Promo sambal (contoh)")


def loop(start: datetime, minutes: int, **special: str) -> list[Programme]:
    """A programme a minute, the loop's titles in turn; `special` gives minutes a note."""
    notes = {int(key.removeprefix("at")): note for key, note in special.items()}
    made = []
    for n in range(minutes):
        at = start + timedelta(minutes=n)
        title = "Kelas koperasi (contoh)" if notes.get(n) == "" else LOOP[n % 3]
        note = notes.get(n, "")
        end = at + timedelta(minutes=1)
        made.append(Programme(at, end, title, note, "SU", "programme", "", ""))
    return made


def test_few_short_programmes_are_all_listed(now):
    assert [row.folded for row in listed(loop(now, ROOM))] == [False] * ROOM


def test_what_an_editor_noted_or_planned_once_stands_alone_among_what_loops(now):
    rows = listed(loop(now, 180, at63="Khusus (contoh)", at100=""))
    alone = [row.programmes[0] for row in rows if not row.folded]
    assert [p.note for p in alone] == ["Khusus (contoh)", ""]
    assert alone[1].title == "Kelas koperasi (contoh)"
    assert sum(row.count for row in rows) == 180


def test_in_the_grid_it_is_named_first_and_the_columns_stay_in_time(now):
    start = now.replace(minute=0)
    rows = folded_for_grid(loop(start, 120, at64="Khusus (contoh)"))
    assert [(row.start - start) // timedelta(minutes=15) for row in rows] == list(range(8))
    assert rows[4].titles()[0] == "Dapur pasar (contoh) – Khusus (contoh)"
    assert [bool(row.lead) for row in rows].count(True) == 1


def test_where_every_programme_has_a_note_none_stands_out(now):
    notes = {f"at{n}": "contoh" for n in range(STANDING + 1)}
    assert standing_out(loop(now, 90, **notes)) == frozenset()


def test_fillers_that_are_short_take_no_row(now):
    filler = Programme(now, now + timedelta(minutes=5), "Pengisi", "", "SU", "filler", "", "")
    assert listed([filler]) == []
    assert folded_for_grid([filler]) == []


def test_a_programme_begins_and_ends_where_it_does_whatever_fills_beside_it(now):
    start = now.replace(minute=0)

    def filler(begin: float, end: float) -> Programme:
        span = (start + timedelta(minutes=begin), start + timedelta(minutes=end))
        return Programme(*span, "Pengisi", "", "SU", "filler", "", "")

    begin, end = start + timedelta(minutes=2), start + timedelta(minutes=9)
    kabar = Programme(begin, end, "Kabar (contoh)", "", "SU", "programme", "", "")
    day = [filler(0, 2), kabar, filler(9, 15), *loop(start + timedelta(minutes=15), ROOM)]
    for rows in (listed(day), folded_for_grid(day)):
        assert (rows[0].start, rows[0].end, rows[0].single) == (begin, end, kabar)


@pytest.fixture
def looping(inkoppas, now) -> Channel:
    """A channel with a film a minute for two days, from 13.00 WIB on Tuesday."""
    channel = Channel.objects.create(cooperative=inkoppas, name="Putar", slug="putar")
    films = [(LOOP[n % 3], 60, "") for n in range(2880)]
    # 23.58.00 WIB on Tuesday and 00.04.00 WIB on Wednesday
    films[658] = ("Menjelang tengah malam (contoh)", 60, "")
    films[664] = ("Lewat tengah malam (contoh)", 60, "")
    put_rundown(channel, now.replace(hour=6, minute=0), films)
    return channel


@pytest.mark.parametrize("minute", [44, 50, 59])
@pytest.mark.parametrize("path", ["/guide/putar/", "/guide/"])
def test_the_guide_of_the_evening_reaches_over_midnight(get, looping, now, frozen, minute, path):
    frozen.move_to(now.replace(hour=16, minute=minute))
    page = get(path).split("<main")[1]
    assert "Lewat tengah malam (contoh)" in page
    assert ("Menjelang tengah malam (contoh)" in page) or minute == 59
    if path == "/guide/putar/":
        assert "<h2>Rabu 25 November 2026</h2>" in page


def test_after_midnight_the_guide_is_that_of_the_new_day(get, looping, now, frozen):
    frozen.move_to(now.replace(hour=17, minute=0, second=1))
    page = get("/guide/putar/").split("<main")[1]
    assert "Rabu 25 November 2026" in page
    assert "<h2>" not in page
    assert "Lewat tengah malam (contoh)" in page


def test_the_last_minutes_of_a_part_of_the_day_show_what_comes(get, looping, now, frozen):
    frozen.move_to(now.replace(hour=10, minute=59))  # 17.59 WIB
    page = get("/guide/putar/").split("<main")[1]
    assert ">18.00</time>" in page
    assert "17.00</time>" not in page


def test_a_row_that_stands_for_many_says_that_it_opens(get, looping):
    page = get("/guide/putar/")
    assert '<span class="more">Lihat 15 acara</span>' in page
    assert get("/guide/putar/?hari=2026-11-24&jam=14.00").count('class="programme') == 15
