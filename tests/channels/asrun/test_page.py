"""The page, the file and the command that tell what a channel aired."""

import csv
import io
import json

import pytest
from django.core.management import CommandError, call_command

from cms.channels.actions import do_plan, do_publish_rundown
from cms.channels.asrun.models import AiredEntry
from cms.channels.asrun.sheet import safe
from cms.core.actions import do_choose_language
from tests.channels.asrun.conftest import NOW, after
from tests.channels.pages import page, text

DAY = "2026-11-24"


@pytest.fixture
def now():
    return after(2000)


@pytest.fixture
def aired(channel, make_video, journal, roll):
    """A day with one programme that aired, one that was cut and one that was missed."""
    for number, at in enumerate((600, 900, 1200)):
        title = ("Kabar (contoh)", "Tempe (contoh)", '=HYPERLINK("x")')[number]
        do_plan(channel, make_video(title, 300), after(at), NOW)
    do_publish_rundown(channel, NOW)
    journal(channel, 0, 1000)
    roll(2200)
    return channel


@pytest.fixture
def editor(client, editor_national, aired):
    client.force_login(editor_national)
    return client


def table(said: str) -> str:
    return said.partition("<tbody>")[2].partition("</tbody>")[0]


def test_the_page_says_what_aired_what_was_cut_and_why(editor, aired):
    said = text(editor.get(page("as_run", aired, DAY)))
    assert "Hasil tayang Selasa 24 November 2026" in said
    assert "Lengkap sampai 12.56 WIB." in said
    assert "300 dari 300" in table(said)
    assert "Terpotong" in table(said)
    assert "Saluran tidak mengudara" in table(said)
    assert "tayang 12." in table(said)


def test_the_rundown_of_the_day_leads_there(editor, aired):
    assert page("as_run", aired, DAY) in text(editor.get(page("day", aired, DAY)))


def test_filters_search_and_pages(editor, aired, monkeypatch):
    missed = text(editor.get(page("as_run", aired, DAY) + "?status=missed&jenis=utama"))
    assert "HYPERLINK" in table(missed)
    assert "Kabar" not in table(missed)
    found = text(editor.get(page("as_run", aired, DAY) + "?cari=tempe"))
    assert "Tempe" in table(found)
    assert "Kabar" not in table(found)
    nothing = text(editor.get(page("as_run", aired, DAY) + "?cari=tidak+ada"))
    assert "Tidak ada yang cocok." in nothing
    odd = editor.get(page("as_run", aired, DAY) + "?status=x&jenis=y&cari=%00&halaman=zzz")
    assert odd.status_code == 200
    assert "Kabar" in table(text(odd))
    monkeypatch.setattr("cms.channels.asrun.views.ON_A_PAGE", 1)
    second = text(editor.get(page("as_run", aired, DAY) + "?jenis=utama&halaman=2"))
    assert "Halaman 2 dari 3" in second
    assert "?jenis=utama&amp;halaman=3" in second


def test_a_day_without_a_record_says_so(editor, aired):
    said = text(editor.get(page("as_run", aired, "2026-11-20")))
    assert "Belum ada catatan untuk hari ini." in said
    assert "Belum ada yang tercatat." in said


@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume")
def test_the_file_is_utf8_and_computes_nothing(editor, aired):
    answer = editor.get(page("as_run_sheet", aired, DAY) + "?jenis=utama")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert f'filename="tayang-nasional-{DAY}.csv"' in answer["Content-Disposition"]
    assert answer.streaming
    data = b"".join(answer)
    assert data.startswith(b"\xef\xbb\xbf")
    heads, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    assert heads[:3] == ["Nama saluran", "Tanggal", "Mulai"]
    assert [row[5] for row in rows] == [
        "Kabar (contoh)",
        "Tempe (contoh)",
        '\'=HYPERLINK("x")',
    ]
    assert [row[7] for row in rows] == ["Tayang penuh", "Terpotong", "Tidak tayang"]
    assert rows[0][1] == DAY
    assert rows[0][4] == "WIB"
    assert rows[0][8:10] == ["300", "300"]
    assert rows[2][9:] == ["0", "", "", "Saluran tidak mengudara"]


@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume")
def test_what_runs_over_midnight_ends_on_the_next_day_in_the_file_too(editor, aired):
    row = AiredEntry.objects.get(title="Kabar (contoh)")
    row.start, row.end = after(11 * 3600), after(13 * 3600)
    row.pieces = [[int(at.timestamp() * 1000) for at in (row.start, row.end)]]
    row.save()
    data = b"".join(editor.get(page("as_run_sheet", aired, DAY) + "?cari=Kabar"))
    _, told = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    begin, end = "2026-11-24 23:30:00", "2026-11-25 01:30:00"
    assert told[1:4] == [DAY, begin, end]
    assert told[10:12] == [begin, end]


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_what_begins_like_a_formula_is_text(cell):
    assert safe(cell) == f"'{cell}"
    assert safe(-1) == -1
    assert safe("a=1") == "a=1"


def test_an_editor_of_another_cooperative_finds_nothing_there(client, aired, editor_jatim):
    client.force_login(editor_jatim)
    for name in ("as_run", "as_run_sheet"):
        assert client.get(page(name, aired, DAY)).status_code == 404
    client.logout()
    assert client.get(page("as_run", aired, DAY)).status_code == 302
    rows = AiredEntry.objects.visible_to(editor_jatim)
    assert rows.count() == 0


@pytest.mark.parametrize("day", ["2026-13-01", "gestern", "0001-01-01", "2027-11-24"])
def test_what_is_no_day_is_not_there(editor, aired, day):
    assert editor.get(page("as_run", aired, day)).status_code == 404


@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume")
def test_it_is_in_english_for_who_reads_english(editor, aired, editor_national):
    do_choose_language(editor_national, "en")
    said = text(editor.get(page("as_run", aired, DAY)))
    assert "Complete up to 12:56 WIB." in said
    assert "The channel was off air" in said
    data = b"".join(editor.get(page("as_run_sheet", aired, DAY)))
    assert "Aired in full" in data.decode()


def test_the_command_tells_the_same_as_json(aired):
    out = io.StringIO()
    call_command("as_run", "nasional", DAY, stdout=out)
    told = json.loads(out.getvalue())
    assert told["complete"].startswith("2026-11-24T12:56")
    kinds = [e for e in told["entries"] if e["kind"] == "programme"]
    assert kinds[0]["aired"] == 300.0
    assert [e["status"] for e in kinds] == ["aired", "cut", "missed"]
    for wrong in (("tidak-ada", DAY), ("nasional", "kemarin")):
        with pytest.raises(CommandError):
            call_command("as_run", *wrong)
