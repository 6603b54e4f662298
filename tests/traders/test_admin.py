"""The co-operative's side in the CMS: own rows, own actions, decisions by who may decide."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from cms.cooperatives.models import Cooperative
from cms.core.models import Fact, User
from cms.traders.models import FeaturedSegment, Product, Stall
from cms.videos.models import Video

State = FeaturedSegment.State
pytestmark = pytest.mark.usefixtures("synced_tree")


def _url(model: type, view: str, *args: object) -> str:
    return reverse(model.snippet_viewset.get_url_name(view), args=args)  # type: ignore[attr-defined]


@pytest.fixture
def desk(client: Client, coordinator_a: User) -> Client:
    """The coordinator of market A at the CMS."""
    client.force_login(coordinator_a)
    return client


def _stall(cooperative: Cooperative, **changes: object) -> dict[str, object]:
    data = {"cooperative": cooperative.pk, "name": "Lapak Ikan (contoh)", "active": "on"}
    return data | {"whatsapp": "0811-2222-3333"} | changes


def test_a_coordinator_enters_a_stall_and_its_number_is_normalised(
    desk: Client, pasar_a: Cooperative
) -> None:
    assert desk.post(_url(Stall, "add"), _stall(pasar_a)).status_code == 302
    stall = Stall.objects.get()
    assert (stall.whatsapp, stall.slug) == ("+6281122223333", "lapak-ikan-contoh")


def test_a_wrong_number_is_said_at_the_field(desk: Client, pasar_a: Cooperative) -> None:
    page = desk.post(_url(Stall, "add"), _stall(pasar_a, whatsapp="031 5678901"))
    assert "Ini nomor telepon rumah" in page.content.decode()
    assert not Stall.objects.exists()


def test_a_stall_cannot_be_put_into_another_market(
    desk: Client, pasar_b: Cooperative, trader_b: User
) -> None:
    for changes in ({}, {"trader": trader_b.pk}):
        assert desk.post(_url(Stall, "add"), _stall(pasar_b, **changes)).status_code == 200
    assert not Stall.objects.exists()


def test_lists_and_rows_of_other_markets_are_closed(
    desk: Client, stall_b: Stall, tempe: Product, segment_a: FeaturedSegment
) -> None:
    assert "Lapak Tempe" not in desk.get(_url(Stall, "list")).content.decode()
    assert "Sambal bawang" in desk.get(_url(FeaturedSegment, "list")).content.decode()
    for row in (stall_b, tempe):
        for view in ("edit", "delete", "usage", "history"):
            assert desk.get(_url(type(row), view, row.pk)).status_code == 404, view
    assert desk.get(_url(Stall, "verify", stall_b.pk)).status_code == 404


def test_a_segment_of_another_markets_product_or_video_is_refused(
    desk: Client, sambal: Product, tempe: Product, video_a: Video
) -> None:
    data = {"product": tempe.pk, "video": video_a.pk, "begin": "0", "end": "10", "label": "Promosi"}
    assert desk.post(_url(FeaturedSegment, "add"), data).status_code == 200
    assert not FeaturedSegment.objects.exists()
    assert desk.post(_url(FeaturedSegment, "add"), data | {"product": sambal.pk}).status_code == 302
    assert FeaturedSegment.objects.get().state == State.SUBMITTED


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"end": "2"}, "Selesai harus sesudah mulai."),
        ({"end": "500"}, "Video ini hanya 90,0 detik."),
        ({"begin": "10", "end": "30"}, "Saat itu sudah dipakai produk lain"),
    ],
)
def test_times_that_cannot_be_are_said_in_the_form(
    desk: Client, segment_a: FeaturedSegment, changes: dict[str, str], sentence: str
) -> None:
    data = {
        "product": segment_a.product_id,
        "video": segment_a.video_id,
        "begin": "30",
        "end": "40",
        "label": "Promosi",
    }
    page = desk.post(_url(FeaturedSegment, "add"), data | changes)
    assert sentence in page.content.decode()


def test_the_coordinator_approves_and_refuses_on_one_page(
    desk: Client, segment_a: FeaturedSegment, video_a: Video
) -> None:
    address = _url(FeaturedSegment, "decide", segment_a.pk)
    assert address in desk.get(_url(FeaturedSegment, "list")).content.decode()
    assert "Sambal bawang" in desk.get(address).content.decode()
    page = desk.post(address, {"decision": "refuse", "reason": " "})
    assert "Tulis satu kalimat alasannya" in page.content.decode()
    ticks = {"number": "on", "consent": "on"}
    desk.post(address, {"decision": "approve", "reason": "", **ticks})
    segment_a.refresh_from_db()
    assert segment_a.state == State.APPROVED
    desk.post(address, {"decision": "refuse", "reason": "Sertifikat sudah lewat."})
    segment_a.refresh_from_db()
    assert (segment_a.state, segment_a.refusal) == (State.REFUSED, "Sertifikat sudah lewat.")
    edit = desk.get(_url(FeaturedSegment, "edit", segment_a.pk)).content.decode()
    assert "Sertifikat sudah lewat." in edit
    assert Fact.objects.filter(topic="cards.changed", subject=str(video_a.pk)).count() == 2


@pytest.mark.parametrize(
    ("who", "status"), [("editor_a", 302), ("coordinator_b", 404), ("editor_sulsel", 404)]
)
def test_others_decide_nothing(
    client: Client,
    segment_a: FeaturedSegment,
    who: str,
    status: int,
    request: pytest.FixtureRequest,
) -> None:
    client.force_login(request.getfixturevalue(who))
    address = _url(FeaturedSegment, "decide", segment_a.pk)
    assert client.post(address, {"decision": "approve"}).status_code == status
    segment_a.refresh_from_db()
    assert segment_a.state == State.SUBMITTED


def test_a_stall_is_verified_and_the_sign_taken_back(
    desk: Client, stall_a: Stall, coordinator_a: User
) -> None:
    address = _url(Stall, "verify", stall_a.pk)
    desk.post(address, {"decision": "verify"})
    stall_a.refresh_from_db()
    assert stall_a.verified_by == coordinator_a
    desk.post(address, {"decision": "withdraw"})
    stall_a.refresh_from_db()
    assert not stall_a.is_verified


def test_saving_and_deleting_in_the_cms_announce_cards(
    desk: Client, segment_a: FeaturedSegment, sambal: Product, video_a: Video, now: datetime
) -> None:
    told = Fact.objects.filter(topic="cards.changed", subject=str(video_a.pk))
    data = {
        "stall": sambal.stall_id,
        "name": "Sambal bawang",
        "price": "19000",
        "unit": "botol",
        "active": "on",
    }
    assert desk.post(_url(Product, "edit", sambal.pk), data).status_code == 302
    assert told.count() == 1
    sambal.refresh_from_db()
    assert sambal.price == 19_000
    assert desk.post(_url(Product, "delete", sambal.pk)).status_code == 302
    assert told.count() == 2
    assert not Product.objects.exists()


def test_deleting_several_at_once_announces_cards_and_spares_other_markets(
    desk: Client, segment_a: FeaturedSegment, sambal: Product, tempe: Product, video_a: Video
) -> None:
    address = reverse("wagtail_bulk_action", args=["traders", "product", "delete"])
    desk.post(f"{address}?id={sambal.pk}&id={tempe.pk}")
    assert list(Product.objects.all()) == [tempe]
    assert Fact.objects.filter(topic="cards.changed", subject=str(video_a.pk)).exists()


def test_a_trader_has_no_business_in_the_cms(
    client: Client, trader_a: User, sambal: Product
) -> None:
    client.force_login(trader_a)
    assert client.get(_url(Product, "edit", sambal.pk)).status_code in (302, 403, 404)
    client.post(_url(Product, "edit", sambal.pk), {"name": "x"})
    sambal.refresh_from_db()
    assert sambal.name == "Sambal bawang"
