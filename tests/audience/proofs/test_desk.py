"""A coordinator issues and prints the month of a market, and of no other."""

import csv
from io import BytesIO, StringIO

import pytest
from pypdf import PdfReader

from cms.audience.proofs.actions import do_forget_names
from cms.audience.proofs.models import Proof
from cms.traders.models import FeaturedSegment, Product, Stall

pytestmark = pytest.mark.django_db
MONTH = "/admin/bukti-tayang/pasar-a/2026-11/"


@pytest.fixture
def desk_a(client, synced_tree, coordinator_a):
    """The coordinator of market A, signed in."""
    client.force_login(coordinator_a)
    return client


@pytest.fixture
def another(stall_a, pasar_a, video_a, november, put_on_air, now):
    """A second trader's segment in market A, which aired once; a name like a formula."""
    stall = Stall.objects.create(cooperative=pasar_a, name='=HYPERLINK("http://x")', slug="lain")
    product = Product.objects.create(stall=stall, name="@Kue", slug="kue", price=1000, unit="buah")
    segment = FeaturedSegment.objects.create(product=product, video=video_a, begin=40, end=55)
    put_on_air(segment, now.replace(day=3))
    return segment


def rows_of(response) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(response.content.decode("utf-8-sig"))))


def test_one_press_issues_and_prints_the_month_of_every_trader(desk_a, another):
    page = desk_a.get(MONTH).content.decode()
    assert "Terbitkan bukti untuk 2 segmen" in page
    assert "Cetak PDF" not in page
    assert "2 bukti baru diterbitkan." in desk_a.post(MONTH, follow=True).content.decode()
    assert [proof.number[-4:] for proof in Proof.objects.order_by("pk")] == ["0001", "0002"]
    data = desk_a.get(f"{MONTH}bukti.pdf").content
    pages = [page.extract_text() for page in PdfReader(BytesIO(data)).pages]
    assert len(pages) == 2
    assert [proof.number in " ".join(pages) for proof in Proof.objects.all()] == [True, True]


def test_pressing_again_issues_nothing_new(desk_a, november):
    desk_a.post(MONTH)
    assert "0 bukti baru diterbitkan." in desk_a.post(MONTH, follow=True).content.decode()
    assert Proof.objects.count() == 1


def test_two_segments_of_one_product_are_told_apart_by_their_videos(desk_a, november):
    assert "Dapur Pasar" in desk_a.get(MONTH).content.decode()


def test_looking_issues_nothing(desk_a, november):
    for name in ("", "bukti.pdf", "bukti.csv"):
        assert desk_a.get(f"{MONTH}{name}").status_code == 200
    assert not Proof.objects.exists()


def test_the_sheet_has_a_row_an_airing_and_no_formula(desk_a, another):
    desk_a.post(MONTH)
    rows = rows_of(desk_a.get(f"{MONTH}bukti.csv"))
    assert len(rows) == 6
    names = {row["Nama lapak"] for row in rows}
    assert names == {"Lapak Bumbu (contoh)", '\'=HYPERLINK("http://x")'}
    assert {row["Nama produk"] for row in rows} == {"Sambal bawang", "'@Kue"}
    cut = next(row for row in rows if row["Status"] == "Terpotong")
    assert (cut["Tanggal"], cut["Pukul"], cut["Zona"]) == ("2026-11-06", "09:38:00", "WIB")
    assert (cut["Detik dijanjikan"], cut["Detik tayang"]) == ("15", "6")
    assert cut["Sebab"] == "Waktunya dipakai azan."


def test_names_that_were_forgotten_are_in_neither_file(desk_a, november, stall_a):
    desk_a.post(MONTH)
    do_forget_names([stall_a.pk])
    assert {row["Nama lapak"] for row in rows_of(desk_a.get(f"{MONTH}bukti.csv"))} == {""}
    text = PdfReader(BytesIO(desk_a.get(f"{MONTH}bukti.pdf").content)).pages[0].extract_text()
    assert "Lapak Bumbu" not in text


def test_who_has_one_market_comes_to_it_at_once(desk_a, november):
    assert desk_a.get("/admin/bukti-tayang/").url == MONTH
    assert "/admin/bukti-tayang/" in desk_a.get("/admin/").content.decode()


@pytest.mark.parametrize("month", ["2026-12", "2026-13", "kapan"])
def test_a_month_that_has_not_begun_is_not_there(desk_a, november, month):
    assert desk_a.get(f"/admin/bukti-tayang/pasar-a/{month}/").status_code == 404


@pytest.mark.parametrize("who", ["coordinator_b", "editor_a", "editor_sulsel"])
@pytest.mark.parametrize("name", ["", "bukti.pdf", "bukti.csv"])
def test_a_market_that_is_not_theirs_is_not_there(
    request, client, synced_tree, november, who, name
):
    client.force_login(request.getfixturevalue(who))
    assert client.get(f"{MONTH}{name}").status_code == 404
    assert client.post(MONTH).status_code == 404
    assert not Proof.objects.exists()


@pytest.mark.parametrize("who", ["stranger", "trader_a"])
def test_who_has_no_role_in_the_cms_is_sent_to_the_door(
    request, client, synced_tree, november, who
):
    client.force_login(request.getfixturevalue(who))
    for name in ("", "bukti.pdf", "bukti.csv"):
        response = client.get(f"{MONTH}{name}")
        assert response.status_code == 302
        assert response.url.startswith("/masuk/")


def test_a_coordinator_of_the_province_has_all_its_markets(
    client, make_user, jatim, another, tempe
):
    client.force_login(make_user("pengurus-jatim", jatim, "coordinator"))
    page = client.get("/admin/bukti-tayang/").content.decode()
    assert "/admin/bukti-tayang/pasar-a/" in page
    assert "/admin/bukti-tayang/pasar-b/" in page
    assert client.get(MONTH).status_code == 200
