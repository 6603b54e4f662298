"""Jadwal Acara: folding short programmes, the grid, the pages."""

import html
import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.channels.guide import Programme
from cms.channels.models import Channel
from cms.site.guide_rows import cells, fold
from tests.site.conftest import put_rundown

START = datetime(2026, 11, 24, 6, tzinfo=UTC)


def programmes(*minutes: float) -> list[Programme]:
    """Programmes end to end from 13.00 WIB."""
    made, at = [], START
    for number, length in enumerate(minutes):
        end = at + timedelta(minutes=length)
        title = f"Acara {number % 5}"
        made.append(Programme(at, end, title, "", "SU", "programme", "", ""))
        at = end
    return made


def test_programmes_of_a_quarter_hour_or_more_stand_alone():
    assert [len(row.programmes) for row in fold(programmes(60, 15, 30))] == [1, 1, 1]


def test_short_programmes_of_one_quarter_hour_are_one_row():
    rows = fold(programmes(*[1] * 40))
    assert [len(row.programmes) for row in rows] == [15, 15, 10]
    assert rows[0].titles() == [f"Acara {n}" for n in range(5)]


def test_a_short_programme_between_long_ones_keeps_its_own_row():
    rows = fold(programmes(18, 5, 37))
    assert [(cell.row.programmes[0].title, cell.span) for cell in cells(rows, START, 12)] == [
        ("Acara 0", 1),
        ("Acara 1", 1),
        ("Acara 2", 2),
    ]


def test_what_began_before_the_window_takes_only_the_columns_that_are_left():
    rows = fold(programmes(90, 90, 90))
    placed = cells(rows, START + timedelta(minutes=60), 12)
    assert [cell.span for cell in placed] == [2, 6, 4]


@given(st.lists(st.floats(0.2, 200), min_size=1, max_size=60), st.integers(0, 300))
def test_a_line_of_the_grid_never_leaves_its_columns(lengths, later):
    start = START + timedelta(minutes=later)
    shown = [p for p in programmes(*lengths) if p.end > start]
    placed = cells(fold(shown), start, 12)
    assert sum(cell.span for cell in placed) <= 12
    assert all(cell.span >= 1 for cell in placed)


@given(st.lists(st.floats(0.2, 200), min_size=1, max_size=60))
def test_folding_loses_no_programme_and_keeps_the_order(lengths):
    made = programmes(*lengths)
    assert [p for row in fold(made) for p in row.programmes] == made


def test_without_any_channel_the_guide_keeps_its_name(get, db):
    page = get("/guide/", status=404)
    assert "<title>Jadwal Acara · Siar</title>" in page
    assert "<h1>Jadwal Acara</h1>" in page


def test_the_guide_shows_all_channels_and_chooses_the_visitors(get, national, regional):
    page = get("/guide/", wilayah="jawa-timur")
    chosen = page.split('<li class="chosen">')[1].split("</li>\n")[0]
    assert "Film Jatim (contoh)" in chosen
    assert "Dapur Pasar: sambal" in page
    assert "Selasa 24 November 2026" in page


def test_a_window_over_midnight_shows_nothing_twice(get, inkoppas, now):
    channel = Channel.objects.create(cooperative=inkoppas, name="Malam", slug="malam")
    evening = now.replace(hour=15, minute=0)  # 22.00 WIB
    put_rundown(channel, evening, [("Wayang (contoh)", 3 * 3600, ""), ("", 2 * 3600, "")])
    page = get("/guide/?hari=2026-11-24&mulai=22").split("<main")[1]
    assert page.count("Wayang (contoh)") == 1
    assert "3 jam" in page


def test_the_day_of_one_channel_lists_its_parts(get, national):
    assert "Kelas Koperasi (contoh)" in get("/guide/nasional/?mulai=12")
    assert "Belum ada acara untuk" in get("/guide/nasional/?mulai=0")
    assert "Belum ada acara untuk Rabu 25 November 2026" in get("/guide/nasional/?hari=2026-11-25")


def test_a_channel_of_short_films_fits_a_phone_and_every_film_can_be_found(get, inkoppas, now):
    channel = Channel.objects.create(cooperative=inkoppas, name="Pendek", slug="pendek")
    films = [(f"Film pendek {n % 10} (contoh)", 30, "") for n in range(2880)]
    put_rundown(channel, now - timedelta(hours=13), films)
    for path in ("/guide/", "/guide/pendek/"):
        assert len(get(path).encode()) <= 15_000
    link = re.search(
        r'href="(/guide/pendek/\?hari=2026-11-24&amp;jam=13\.15)"', get("/guide/pendek/")
    )
    page = get(html.unescape(link[1])).split("<main")[1]
    assert page.count("<b>Film pendek") == 30
    assert "13.15–13.30" in page
    assert len(page.encode()) <= 15_000


def test_a_day_or_hour_that_is_none_gives_today(get, national):
    for question in ("hari=2026-99-99", "hari=1900-01-01", "mulai=99", "jam=x%00", "hari=٢"):
        get(f"/guide/?{question}")
        get(f"/guide/nasional/?{question}")


@pytest.mark.parametrize("path", ["/guide/", "/guide/nasional/", "/live/nasional/"])
def test_machines_read_the_broadcast_of_a_channel(get, national, path):
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', get(path), re.S)
    data = json.loads(text)
    events = data if isinstance(data, list) else [data]
    on = next(e for e in events if e["name"] == "Dapur Pasar: sambal")
    assert on["@type"] == "BroadcastEvent"
    assert on["isLiveBroadcast"] is True
    assert on["publishedOn"]["name"] == "Siar Nasional"
    assert (on["startDate"], on["endDate"]) == (
        "2026-11-24T06:00:00+00:00",
        "2026-11-24T07:00:00+00:00",
    )
    assert on["url"] == "http://testserver/live/nasional/"
    assert "Pengisi" not in [event["name"] for event in events]
