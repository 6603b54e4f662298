"""A sentence over the picture: told within a look, part of no segment, harmless whatever it says."""

from xml.etree import ElementTree

import m3u8
import pytest
from hypothesis import given
from hypothesis import strategies as st

from media_pipeline.manifests.hls_tags import attributes
from media_pipeline.model.keys import generation_mark, notice_file
from media_pipeline.model.notice import Notice, decode_notice, encode_notice
from media_pipeline.model.ticks import TIMESCALE, ticks_of
from media_pipeline.playout import dateranges
from tests.media_pipeline.origin.conftest import LAUNCH
from tests.media_pipeline.origin.test_heirs import block, inherit

BEGIN = ticks_of(LAUNCH)


def tell(studio, text: str, first: float, last: float, *, name: str = "contoh", number: int = 7):
    """Have the channel tell `text` from `first` to `last`, in seconds after its launch."""
    span = (BEGIN + round(first * TIMESCALE), BEGIN + round(last * TIMESCALE))
    studio.store.write(notice_file(name), encode_notice(Notice(number, text, *span)))
    studio.store.write(generation_mark(), f"{name} {text} {first}".encode())


def told(studio, name: str = "contoh", rendition: str = "v144") -> list[str]:
    answer = studio.get(f"/live/{name}/{rendition}.m3u8")
    assert answer.status_code == 200
    return [line for line in answer.text.splitlines() if "id.siar.notice" in line]


@pytest.fixture
def country(studio):
    studio.publish("a", *[4] * 40)
    studio.publish("c", *[4] * 5)
    return studio.air(studio.rundown("a"))


def test_it_is_told_with_the_next_look_in_each_rendition_and_ends(studio, country) -> None:
    studio.at(30)
    assert told(studio) == []
    tell(studio, "Pasar tutup pukul 15.00", 1, 90)
    studio.at(31)
    for rendition in ("v144", "a48"):
        (line,) = told(studio, rendition=rendition)
        assert line == (
            '#EXT-X-DATERANGE:ID="notice-7",CLASS="id.siar.notice",'
            'START-DATE="2026-11-24T05:00:01.000Z",DURATION=89,X-TEXT="Pasar tutup pukul 15.00"'
        )
    studio.at(95)
    assert told(studio) == []


def test_what_begins_before_the_window_begins_with_it(studio, country) -> None:
    tell(studio, "Lama", 1, 150)
    studio.at(120)
    (line,) = told(studio)
    first = m3u8.loads(studio.get("/live/contoh/v144.m3u8").text).segments[0]
    assert first.program_date_time.strftime("%H:%M:%S") in line


def test_it_is_told_from_the_tick_at_which_it_begins_to_the_one_at_which_it_ends() -> None:
    notice = Notice(7, "Pengumuman", BEGIN + 100, BEGIN + 200)
    bounds = [(0, 100), (0, 101), (199, 300), (200, 300)]
    lines = [[*dateranges.notices([notice], BEGIN + a, BEGIN + b)] for a, b in bounds]
    assert [len(each) for each in lines] == [0, 1, 1, 0]


def test_it_is_taken_away_with_the_next_look(studio, country) -> None:
    tell(studio, "Salah", 1, 90)
    studio.at(30)
    assert told(studio)
    studio.store.delete(notice_file("contoh"))
    studio.store.write(generation_mark(), b"contoh dicabut")
    studio.at(31)
    assert told(studio) == []


def test_segments_numbers_and_all_other_lines_stay_what_they_were(studio, country) -> None:
    studio.at(30)
    before = studio.get("/live/contoh/v144.m3u8")
    tell(studio, "Pengumuman", 1, 90)
    studio.at(30.5)
    after = studio.get("/live/contoh/v144.m3u8")
    kept = [line for line in after.text.splitlines() if "id.siar.notice" not in line]
    assert kept == before.text.splitlines()
    assert after.headers["etag"] != before.headers["etag"]


def test_who_relays_tells_it_unless_it_tells_something_itself_or_shows_its_own(
    studio, country
) -> None:
    inherit(studio, "provinsi", "contoh")
    inherit(studio, "pasar", "provinsi", block(studio, 40, "c"))
    tell(studio, "Dari pusat", 1, 150)
    studio.at(30)
    assert "Dari pusat" in told(studio, "provinsi")[0]
    assert "Dari pusat" in told(studio, "pasar")[0]
    tell(studio, "Dari provinsi", 1, 100, name="provinsi", number=8)
    studio.at(32)
    assert "Dari pusat" in told(studio, "contoh")[0]
    for name in ("provinsi", "pasar"):
        (line,) = told(studio, name)
        assert "Dari provinsi" in line
    # In hours of its own the market tells nothing of its parents'.
    studio.at(50)
    assert told(studio, "pasar") == []
    # When the province has no more to say, the nation's goes on.
    studio.at(110)
    assert "Dari pusat" in told(studio, "pasar")[0]


def test_dash_tells_it_as_an_event_of_each_period_that_it_touches(studio, country) -> None:
    tell(studio, 'Awas <b>"banjir"</b> & ombak', 1, 90)
    studio.at(30)
    root = ElementTree.fromstring(studio.get("/live/contoh/manifest.mpd").text)
    space = {"d": "urn:mpeg:dash:schema:mpd:2011"}
    (stream,) = root.findall(".//d:EventStream[@schemeIdUri='id.siar.notice']", space)
    (event,) = stream.findall("d:Event", space)
    assert event.get("id") == "7"
    assert int(event.get("presentationTime")) == TIMESCALE
    assert int(event.get("duration")) == 89 * TIMESCALE
    assert 'Awas <b>\\"banjir\\"</b> & ombak' in event.text


def test_a_broken_notice_is_left_out_and_said(studio, country, capsys) -> None:
    studio.store.write(notice_file("contoh"), b'{"id":')
    studio.at(30)
    assert told(studio) == []
    assert "notice_refused" in capsys.readouterr().out
    tell(studio, "x" * 121, 1, 90)
    studio.at(31)
    assert told(studio) == []


def test_a_notice_of_a_channel_that_is_not_on_air_harms_nobody(studio, country) -> None:
    tell(studio, "Siapa?", 1, 90, name="tiada")
    studio.at(30)
    assert told(studio) == []
    assert studio.get("/live/tiada/v144.m3u8").status_code == 404


@given(st.text(max_size=120))
def test_no_text_breaks_out_of_its_line_or_of_its_quotes(text) -> None:
    notice = decode_notice(encode_notice(Notice(1, text, BEGIN, BEGIN + TIMESCALE)))
    (line,) = dateranges.notices([notice], BEGIN, BEGIN + TIMESCALE)
    assert len(line.splitlines()) == 1
    assert line.count('"') == 8
    assert line.endswith(attributes({"X-TEXT": notice.line}))
