"""The coordinator's queue: what is listed, what a person answers for, and who gets there."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from cms.cooperatives.actions import do_add_member
from cms.cooperatives.models import Cooperative, Membership, Region
from cms.core import clock
from cms.core.models import User
from cms.traders.models import Certificate, Consent, FeaturedSegment, Product, Stall
from tests.traders.made import GIVEN, make_certificate, make_consent

State = FeaturedSegment.State
pytestmark = pytest.mark.usefixtures("synced_tree")


def _url(view: str, *args: object) -> str:
    viewset = FeaturedSegment.snippet_viewset  # type: ignore[attr-defined]
    return reverse(viewset.get_url_name(view), args=args)


@pytest.fixture
def desk(client: Client, coordinator_a: User) -> Client:
    """The coordinator of market A at the CMS."""
    client.force_login(coordinator_a)
    return client


@pytest.fixture
def vouched(segment_a: FeaturedSegment, stall_a: Stall) -> FeaturedSegment:
    """A segment of a stall whose number and consent are in order."""
    Stall.objects.filter(pk=stall_a.pk).update(verified_at=GIVEN)
    make_consent(stall_a)
    return segment_a


def _certificate(product: Product, days: int, **fields: object) -> Certificate:
    until = clock.now().date() + timedelta(days=days)
    return make_certificate(product, until, **({"number": "ID-123"} | fields))


def test_each_waiting_segment_stands_with_what_is_checked(
    desk: Client, segment_a: FeaturedSegment, tempe: Product
) -> None:
    page = desk.get(_url("queue")).content.decode()
    assert "1 segmen menunggu" in page
    assert _url("decide", segment_a.pk) in page
    for point in ("Label “Promosi”", "Harga tertulis", "Nomor bisa dihubungi", "perlu bukti"):
        assert point in page
    assert "Nomor lapak ini belum diperiksa." in page
    assert "Persetujuan pedagang untuk foto dan rekaman belum dicatat." in page


def test_the_page_offers_a_chat_to_try_the_number(desk: Client, segment_a: FeaturedSegment) -> None:
    page = desk.get(_url("decide", segment_a.pk)).content.decode()
    assert "https://wa.me/6281234567890?text=" in page


def test_nothing_is_approved_before_each_judgement_is_ticked(
    desk: Client, segment_a: FeaturedSegment, coordinator_a: User
) -> None:
    Product.objects.update(name="Sambal termurah")
    address = _url("decide", segment_a.pk)
    page = desk.post(address, {"decision": "approve", "number": "on"}).content.decode()
    assert page.count("Periksa dulu, lalu centang.") == 2
    segment_a.refresh_from_db()
    assert segment_a.state == State.SUBMITTED
    ticks = {"number": "on", "claim": "on", "consent": "on"}
    assert desk.post(address, {"decision": "approve", **ticks}).status_code == 302
    segment_a.refresh_from_db()
    assert segment_a.state == State.APPROVED
    heard = Consent.objects.get()
    assert (heard.kind, heard.way, heard.recorded_by) == ("picture", "spoken", coordinator_a)


def test_a_whole_segment_needs_no_tick(desk: Client, vouched: FeaturedSegment) -> None:
    desk.post(_url("decide", vouched.pk), {"decision": "approve"})
    vouched.refresh_from_db()
    assert vouched.state == State.APPROVED


def test_an_ended_certificate_keeps_a_segment_from_being_approved(
    desk: Client, vouched: FeaturedSegment
) -> None:
    _certificate(vouched.product, -1)
    address = _url("decide", vouched.pk)
    assert "Belum bisa disetujui" in desk.get(address).content.decode()
    page = desk.post(address, {"decision": "approve"}).content.decode()
    assert "hanya berlaku sampai" in page
    vouched.refresh_from_db()
    assert vouched.state == State.SUBMITTED


def test_no_certificate_is_not_told_as_a_valid_one(desk: Client, vouched: FeaturedSegment) -> None:
    def point() -> str:
        page = desk.get(_url("decide", vouched.pk)).content.decode()
        return page[: page.index("Sertifikat berlaku pada hari tayang")].rpartition("<li>")[2]

    assert "Tidak ada sertifikat" in point()
    _certificate(vouched.product, 300, checked_at=GIVEN)
    assert "Beres" in point()


def test_approving_checks_the_certificates(desk: Client, vouched: FeaturedSegment) -> None:
    certificate = _certificate(vouched.product, 300)
    address = _url("decide", vouched.pk)
    assert "cocokkan dengan fotonya" in desk.get(address).content.decode()
    desk.post(address, {"decision": "approve", "certificate": "on"})
    certificate.refresh_from_db()
    assert certificate.checked_at is not None


def test_a_renewed_certificate_waits_in_the_queue_while_the_segment_stays(
    desk: Client, vouched: FeaturedSegment
) -> None:
    desk.post(_url("decide", vouched.pk), {"decision": "approve"})
    certificate = _certificate(vouched.product, 300)
    assert "Sertifikat baru yang belum diperiksa" in desk.get(_url("queue")).content.decode()
    desk.post(_url("decide", vouched.pk), {"decision": "certificates"})
    certificate.refresh_from_db()
    vouched.refresh_from_db()
    assert certificate.checked_at is not None
    assert vouched.state == State.APPROVED
    assert "Sertifikat baru yang belum" not in desk.get(_url("queue")).content.decode()


@pytest.mark.parametrize(
    ("decision", "state"), [("refuse", State.REFUSED), ("decline", State.DECLINED)]
)
def test_what_is_turned_down_needs_a_sentence(
    desk: Client, segment_a: FeaturedSegment, decision: str, state: str
) -> None:
    address = _url("decide", segment_a.pk)
    page = desk.post(address, {"decision": decision, "reason": " "}).content.decode()
    assert "Tulis satu kalimat alasannya" in page
    segment_a.refresh_from_db()
    assert segment_a.state == State.SUBMITTED
    desk.post(address, {"decision": decision, "reason": "Foto terlalu gelap."})
    segment_a.refresh_from_db()
    assert (segment_a.state, segment_a.refusal) == (state, "Foto terlalu gelap.")


def test_the_second_of_two_decisions_is_told_that_it_is_the_second(
    desk: Client, vouched: FeaturedSegment
) -> None:
    address = _url("decide", vouched.pk)
    desk.post(address, {"decision": "decline", "reason": "Bukan barang pasar."})
    answer = desk.post(address, {"decision": "approve"}, follow=True)
    assert "Segmen ini sudah diputuskan." in answer.content.decode()
    vouched.refresh_from_db()
    assert vouched.state == State.DECLINED


def test_the_first_page_names_certificates_that_end_within_two_weeks(
    desk: Client, vouched: FeaturedSegment
) -> None:
    assert "Sertifikat yang habis" not in desk.get("/admin/").content.decode()
    _certificate(vouched.product, 10)
    page = desk.get("/admin/").content.decode()
    assert "Sertifikat yang habis" in page
    assert "Halal ID-123 berlaku sampai" in page


@pytest.mark.parametrize(("role", "names_it"), [("editor", False), ("moderator", True)])
def test_certificates_near_their_end_are_named_to_those_alone_who_answer_for_them(
    client: Client,
    vouched: FeaturedSegment,
    coordinator_b: User,
    pasar_a: Cooperative,
    role: str,
    names_it: bool,
) -> None:
    """Who decides in one market may edit in another, and is not asked for its papers."""
    _certificate(vouched.product, 10)
    do_add_member(coordinator_b, pasar_a, Membership.Role(role))
    client.force_login(coordinator_b)
    for page in ("/admin/", _url("queue")):
        assert ("ID-123 berlaku sampai" in client.get(page).content.decode()) == names_it


@pytest.mark.parametrize("view", ["decide", "workflow_action"])
@pytest.mark.parametrize(
    ("who", "status"),
    [("coordinator_b", 404), ("editor_sulsel", 404), ("stranger", 302), ("trader_a", 302)],
)
def test_others_reach_no_segment_of_the_market(
    client: Client,
    segment_a: FeaturedSegment,
    who: str,
    status: int,
    view: str,
    request: pytest.FixtureRequest,
) -> None:
    client.force_login(request.getfixturevalue(who))
    rest = ["decide", 1] if view == "workflow_action" else []
    address = _url(view, segment_a.pk, *rest)
    for answer in (client.get(address), client.post(address, {"decision": "approve"})):
        assert answer.status_code == status
        assert "Sambal" not in answer.content.decode()
    segment_a.refresh_from_db()
    assert segment_a.state == State.SUBMITTED


def test_the_queue_of_another_market_tells_nothing(
    client: Client, coordinator_b: User, editor_a: User, segment_a: FeaturedSegment
) -> None:
    _certificate(segment_a.product, 3)
    client.force_login(coordinator_b)
    page = client.get(_url("queue")).content.decode()
    assert "0 segmen menunggu" in page
    assert "Sambal" not in page
    assert "Sambal" not in client.get("/admin/").content.decode()
    client.force_login(editor_a)
    assert client.get(_url("queue")).status_code == 302


def test_a_sentence_to_the_trader_is_never_an_approval(
    desk: Client, vouched: FeaturedSegment
) -> None:
    answer = desk.post(
        _url("decide", vouched.pk), {"decision": "approve", "reason": "Ganti fotonya."}
    )
    assert "Kalimat ini untuk segmen yang tidak disetujui." in answer.content.decode()
    vouched.refresh_from_db()
    assert vouched.state == State.SUBMITTED


@pytest.mark.parametrize("change", ["name", "regions", "stall"])
def test_what_changed_since_it_was_looked_at_is_looked_at_again(
    desk: Client, vouched: FeaturedSegment, change: str
) -> None:
    address = _url("decide", vouched.pk)
    seen = re.findall(r'name="seen" value="([0-9a-f]{64})"', desk.get(address).content.decode())
    match change:
        case "name":
            Product.objects.filter(pk=vouched.product_id).update(name="Barang lain")
        case "regions":
            vouched.regions.add(Region.objects.get_or_create(name="Jawa Timur")[0])
        case "stall":
            Stall.objects.filter(pk=vouched.product.stall_id).update(block="Z-9")
    page = desk.post(address, {"decision": "approve", "seen": seen[0]}).content.decode()
    assert "Segmen ini baru saja diubah." in page
    vouched.refresh_from_db()
    assert vouched.state == State.SUBMITTED
    seen = re.findall(r'name="seen" value="([0-9a-f]{64})"', page)
    assert desk.post(address, {"decision": "approve", "seen": seen[0]}).status_code == 302


def test_the_days_and_regions_of_a_spot_are_told(desk: Client, vouched: FeaturedSegment) -> None:
    FeaturedSegment.objects.update(kind="spot", starts_on="2026-12-01")
    vouched.regions.add(Region.objects.get_or_create(name="Jawa Timur")[0])
    page = " ".join(desk.get(_url("decide", vouched.pk)).content.decode().split())
    assert "Tayang sejak: Selasa 1 Desember 2026. Tayang sampai: tanpa batas." in page
    assert "Wilayah tayang: Jawa Timur." in page


def test_a_spot_whose_product_changed_is_looked_at_while_it_airs(
    desk: Client, vouched: FeaturedSegment
) -> None:
    changed = {"kind": "spot", "state": "approved", "card_name": "Sambal lama"}
    FeaturedSegment.objects.filter(pk=vouched.pk).update(**changed)
    page = desk.get(_url("queue")).content.decode()
    assert "Produk yang berubah sesudah disetujui" in page
    assert "sebelumnya Sambal lama" in page
    address = _url("decide", vouched.pk)
    assert "kartunya masih menyebut <b>Sambal lama</b>" in desk.get(address).content.decode()
    desk.post(address, {"decision": "approve"})
    vouched.refresh_from_db()
    assert (vouched.state, vouched.card_name) == (State.APPROVED, "")
    assert "Produk yang berubah" not in desk.get(_url("queue")).content.decode()


def test_what_is_new_is_looked_at_and_listed(
    desk: Client, sambal: Product, stall_a: Stall, tempe: Product
) -> None:
    Stall.objects.update(waiting_since=GIVEN)
    Product.objects.update(waiting_since=GIVEN, description="Termurah")
    page = desk.get(_url("queue")).content.decode()
    assert "Lapak baru yang belum tampil di pasar" in page
    assert "Produk baru yang belum tampil di pasar" in page
    assert "“termurah” membandingkan dengan semua yang lain" in page
    assert "Tempe daun" not in page
    assert desk.post(_url("queue"), {"product": str(tempe.key)}).status_code == 404
    for wrong in ({}, {"product": "x"}):
        assert desk.post(_url("queue"), wrong).status_code == 404
    page = desk.post(_url("queue"), {"product": str(sambal.key)}, follow=True).content.decode()
    assert "Sambal bawang sekarang tampil di pasar." in page
    assert list(Product.objects.public()) == [sambal]


def test_the_first_page_counts_what_is_new(desk: Client, sambal: Product) -> None:
    Product.objects.update(waiting_since=GIVEN)
    assert "0 segmen menunggu, 1 lapak atau produk baru" in desk.get("/admin/").content.decode()
