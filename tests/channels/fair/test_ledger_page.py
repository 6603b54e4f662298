"""What editors read of fair turns."""

from datetime import timedelta
from uuid import uuid4

from cms.channels.actions import do_publish_if_ready
from cms.channels.fair.ledger import had_on
from cms.channels.models import RotationTurn
from cms.channels.times import begin_of, end_of, local_date
from tests.channels.pages import after, page, text


def test_editors_read_who_is_next_who_waits_and_why(
    market, pasar_a, pasar_b, make_spot, add_break, editor, clock
):
    make_spot(pasar_a, commodity="Cabai")
    make_spot(pasar_a, commodity="Cabai")
    make_spot(pasar_b)
    add_break(market, 15)
    said = text(editor.get(page("fair", market)))
    assert "2 lapak menunggu" in said
    assert "Belum pernah tayang di saluran ini." in said
    assert "komoditasnya sama dengan sebelahnya" in said
    assert "Dari koperasi lain" in said


def test_the_day_shows_who_had_the_turns(market, pasar_a, make_spot, add_break, editor, clock):
    make_spot(pasar_a)
    add_break(market, 15)
    do_publish_if_ready(market, after(3600))
    clock(4 * 3600)
    said = text(editor.get(page("fair", market)))
    had = said[said.index("Sudah mendapat giliran") :]
    assert "Lapak 1 (contoh)" in had
    assert "minggu ini 1 kali" in said
    assert "Minggu ini rata-rata lapak 1 kali." in said
    assert said.index("Cara menghitung ulang") < said.index("sha256sum")
    before = text(editor.get(page("fair", market) + "?tanggal=2026-11-23"))
    assert "Tidak ada giliran pada hari itu." in before


def test_a_turn_at_midnight_is_of_the_day_that_begins(market):
    day = local_date(market, after(0))
    begin, end = begin_of(market, day), end_of(market, day)
    for start in (begin, end - timedelta(seconds=1), end):
        RotationTurn.objects.create(
            channel=market,
            segment_key=uuid4(),
            begins=start,
            start=start,
            milliseconds=15_000,
            entry=f"adil-{start:%d%H%M%S}",
            reason="new",
        )
    had = had_on(market, day, after(2 * 86_400))
    assert list(had.values_list("start", flat=True)) == [begin, end - timedelta(seconds=1)]
    tomorrow = had_on(market, day + timedelta(days=1), after(2 * 86_400))
    assert list(tomorrow.values_list("start", flat=True)) == [end]
