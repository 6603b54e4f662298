"""The page of A4 and the picture, read as a machine and a phone read them."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from django.utils.translation import override
from PIL import Image
from pypdf import PdfReader

from cms.audience.proofs.document import Names
from cms.audience.proofs.drawing import pdf_of, picture_of
from tests.audience.proofs.conftest import make_document, make_issued


def text_of(data: bytes) -> str:
    """All text of all pages, one space between words."""
    words = " ".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)
    return " ".join(words.replace("\u00a0", " ").split())


def pages_of(data: bytes) -> int:
    return len(PdfReader(BytesIO(data)).pages)


def heights_of(data: bytes) -> list[tuple[float, str]]:
    """Where on the page (points from its foot) each piece of text stands."""
    found: list[tuple[float, str]] = []

    def note(text: str, _cm: object, matrix: list[float], *_rest: object) -> None:
        if text.strip():
            found.append((matrix[5], text.strip()))

    PdfReader(BytesIO(data)).pages[0].extract_text(visitor_text=note)
    return found


@pytest.mark.parametrize("lacking", [1, 2, 7])
@pytest.mark.parametrize("airings", [1, 13, 20, 31, 60, 500])
def test_no_row_of_the_table_is_behind_or_below_what_closes_the_page(airings, lacking):
    heights = heights_of(pdf_of([make_issued(make_document(airings, lacking=lacking))], "x"))
    foot = next(height for height, text in heights if "Periksa keasliannya" in text)
    rows = [height for height, text in heights if "November 2026" in text and height < 540]
    assert len(rows) >= min(airings, 28)
    assert min(rows) > foot + 14
    assert min(height for height, _ in heights) > 40


@pytest.mark.parametrize("airings", [0, 1, 31, 500])
def test_a_month_is_one_page_however_often_the_segment_aired(airings):
    data = pdf_of([make_issued(make_document(airings))], "November")
    assert pages_of(data) == 1
    text = text_of(data)
    assert "BT-17-2026-0007" in text
    assert "Kode tanda: 7K4M-2QXD-9FTE" in text
    assert "siar.example/b/7K4M-2QXD-9FTE" in text
    reach = "Jangkauan sekitar 1.280 penonton (perkiraan, ± 64), 37 ketukan ke WhatsApp."
    assert reach in text
    assert "Jangkauan adalah perkiraan" in text


def test_days_that_stand_out_are_named_below_all_other_sentences():
    days = tuple(date(2026, 11, day) for day in (3, 4, 5, 9))
    document = replace(make_document(31), outliers=days)
    data = pdf_of([make_issued(document)], "November")
    text = text_of(data)
    assert "Jangkauan jauh di atas hari lain: 3 November 2026, 4 November 2026," in text
    assert "5 November 2026 dan 1 hari lain." in text
    heights = heights_of(data)
    lowest = min(height for height, words in heights if "hari lain" in words)
    assert lowest > next(height for height, words in heights if words == "Tanggal") + 8


def test_a_proof_from_before_margins_says_only_that_reach_is_an_estimate():
    document = replace(make_document(1), margin=0)
    text = text_of(pdf_of([make_issued(document)], "x"))
    assert "Jangkauan sekitar 1.280 penonton (perkiraan), 37 ketukan" in text


def test_the_properties_of_the_file_name_siar_and_leave_nothing_unsaid():
    told = PdfReader(BytesIO(pdf_of([make_issued(make_document(1))], "November"))).metadata
    assert (told.title, told.author, told.creator) == ("November", "Siar", "Siar")
    assert told.subject == "Bukti Tayang"


def test_the_paper_says_whose_it_is_and_what_became_of_each_airing():
    text = text_of(pdf_of([make_issued(make_document(13))], "November"))
    assert "Lapak Bumbu (contoh), Blok A-12" in text
    assert "Sambal bawang botol 150 g, 30 detik" in text
    assert "1–30 November 2026" in text
    assert "Minggu 1 November 2026, 09.30 WIB" in text
    for word in ("Tayang", "Terpotong", "Tidak tayang", "Pengganti", "Waktunya dipakai azan."):
        assert word in text
    assert "2 dari 4 yang terpotong atau tidak tayang sudah diganti." in text
    assert "Dijumlahkan" not in text


def test_a_table_of_days_says_that_it_is_one_and_where_the_whole_list_is():
    text = text_of(pdf_of([make_issued(make_document(500))], "November"))
    assert "Dijumlahkan per hari supaya muat satu halaman." in text
    assert "Senin 30 November 2026" in text


def test_a_month_without_airings_says_so():
    text = text_of(pdf_of([make_issued(make_document(0))], "November"))
    assert "Tidak ada tayangan yang dijanjikan dalam masa ini." in text


@pytest.mark.parametrize("airings", [13, 31, 500])
def test_the_longest_names_stay_on_the_page_and_a_shortened_one_shows_that(airings):
    document = make_document(airings, name="Siaran " + "Sangat Panjang " * 8)
    people = Names("Lapak " + "Panjang " * 9, "Blok ABCDEFGHIJKLMNO", "Sambal " + "bawang " * 10)
    data = pdf_of([make_issued(document, people)], "November")
    assert pages_of(data) == 1
    assert "…" in text_of(data)


def test_pictographs_in_a_name_are_left_out_and_the_rest_is_there():
    data = pdf_of([make_issued(make_document(1), Names("Lapak 🌶️ Pedas", "", "Sambal"))], "x")
    assert "Lapak Pedas" in text_of(data)


def test_names_that_were_forgotten_are_not_on_the_paper():
    issued = replace(make_issued(make_document(1)), people=None)
    text = text_of(pdf_of([issued], "x"))
    assert "Lapak Bumbu" not in text
    assert "Nama telah dihapus atas permintaan pedagang" in text


def test_all_traders_of_a_market_have_a_page_each():
    issued = make_issued(make_document(13))
    assert pages_of(pdf_of([issued] * 3, "x")) == 3
    assert pages_of(pdf_of([], "x")) == 1


def test_the_same_proof_is_the_same_file_each_time():
    issued = make_issued(make_document(13))
    assert pdf_of([issued], "x") == pdf_of([issued], "x")


def test_the_paper_is_english_where_english_is_chosen():
    with override("en"):
        text = text_of(pdf_of([make_issued(make_document(13))], "x"))
    for word in ("Proof of airing", "promised", "Did not air", "Sunday 1 November 2026, 09:30 WIB"):
        assert word in text
    for word in ("dijanjikan", "Terpotong", "Waktunya", "Jangkauan", "Terbit"):
        assert word not in text


def test_the_picture_is_upright_and_light_enough_for_a_phone():
    data = picture_of(make_issued(make_document(31)))
    picture = Image.open(BytesIO(data))
    assert (picture.format, picture.size) == ("PNG", (1080, 1350))
    assert len(data) < 100_000
