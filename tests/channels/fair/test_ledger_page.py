"""What editors read of fair turns."""

from cms.channels.actions import do_publish_if_ready
from tests.channels.pages import after, page, text


def test_editors_read_who_is_next_who_waits_and_why(
    market, pasar_a, pasar_b, make_spot, add_break, editor, clock
):
    make_spot(pasar_a, commodity="Cabai")
    make_spot(pasar_a, commodity="Cabai")
    make_spot(pasar_b)
    add_break(market, 15)
    said = text(editor.get(page("fair", market)))
    assert "2 segmen menunggu" in said
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
    before = text(editor.get(page("fair", market) + "?tanggal=2026-11-23"))
    assert "Tidak ada giliran pada hari itu." in before
