"""A spot from the trader's phone: made of photos, looked at, sent to the Koppas, deleted."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.images import get_image_model

from cms.cooperatives.models import Region
from cms.core import facts
from cms.core.models import User
from cms.studio.spot_states import of_clip
from cms.traders.actions import (
    do_accept_change,
    do_announce_cards,
    do_approve_segment,
    do_delete,
    do_refuse_segment,
    do_save_product,
)
from cms.traders.cards import cards_in, cards_of
from cms.traders.models import Clip, FeaturedSegment, Product, ProductPhoto, Stall
from cms.traders.spots import leftovers
from cms.traders.spots.actions import do_begin_from_photos
from cms.traders.spots.making import do_make_rows
from cms.traders.spots.outdated import shown_of
from cms.videos.models import Encode, EncodeTask, Media, Video
from tests.originals import keep_originals_in

pytestmark = pytest.mark.django_db
Photo = Callable[..., Any]


@pytest.fixture(autouse=True)
def folders(settings: Any, tmp_path: Path, media_folder: Path) -> None:
    settings.PUBLISHED = {"kind": "local", "folder": tmp_path / "published"}
    settings.SCRATCH_FOLDER = tmp_path / "scratch"
    keep_originals_in(settings, tmp_path / "originals")


@pytest.fixture
def product(sambal: Product, photo: Photo) -> Product:
    sambal.image = get_image_model().objects.create(title="Foto (contoh)", file=photo())
    sambal.save()
    return sambal


@pytest.fixture
def clip(product: Product, trader_a: User, now: datetime) -> Clip:
    return do_begin_from_photos(product, trader_a, now)


@pytest.fixture
def spot(clip: Clip, now: datetime, tmp_path: Path) -> FeaturedSegment:
    """The spot of a clip that a worker has made, and that waits to be encoded."""
    film = tmp_path / "clip.mp4"
    film.write_bytes(b"a film")
    Clip.objects.claim(clip.pk, "worker", now)
    return do_make_rows(clip, "worker", film, now)


@pytest.fixture
def ready(spot: FeaturedSegment, now: datetime) -> FeaturedSegment:
    """The same once it is encoded, a frame short of its 15 seconds."""
    Encode.objects.filter(video=spot.video).update(state="ready", progress=1)
    Media.objects.filter(video=spot.video).update(publication="a" * 32, duration_ms=14_960)
    facts.record("video.encoded", str(spot.video_id), {"publication": "a" * 32}, now)
    facts.deliver_due(now)
    spot.refresh_from_db()
    return FeaturedSegment.objects.get(pk=spot.pk)


def _page(client: Client, name: str, key: object) -> str:
    return client.get(reverse(f"studio:{name}", args=[key])).content.decode()


def test_a_trader_without_a_film_asks_for_a_clip_from_photos(
    studio: Client, product: Product
) -> None:
    assert reverse("studio:clip_photos") in studio.get("/studio/segmen/buat/").content.decode()
    answer = studio.post("/studio/segmen/dari-foto/", {"product": str(product.key)})
    made = Clip.objects.get()
    assert answer.headers["Location"] == reverse("studio:clip", args=[made.key])
    assert (made.product, made.source, made.seconds) == (product, "photos", 15)
    assert "Menunggu dibuat" in _page(studio, "clip", made.key)
    listed = studio.get("/studio/segmen/").content.decode()
    assert "Menunggu dibuat" in listed
    assert "Belum ada segmen" not in listed


def test_a_button_tapped_twice_makes_one_clip(studio: Client, product: Product) -> None:
    for _tap in range(2):
        answer = studio.post("/studio/segmen/dari-foto/", {"product": product.key})
    assert answer["Location"] == f"/studio/klip/{Clip.objects.get().key}/"


def test_clips_of_a_deleted_product_keep_nobody_from_making_others(
    studio: Client, product: Product, trader_a: User, now: datetime
) -> None:
    for _clip in range(5):
        Clip.objects.create(source="film", state="sending", created_at=now, created_by=trader_a)
    answer = studio.post("/studio/segmen/dari-foto/", {"product": product.key})
    assert answer.status_code == 302


def test_without_a_photo_the_form_says_what_to_do(studio: Client, sambal: Product) -> None:
    page = studio.post("/studio/segmen/dari-foto/", {"product": str(sambal.key)})
    assert "Produk ini belum punya foto. Tambahkan fotonya dulu." in page.content.decode()
    assert not Clip.objects.exists()


@pytest.mark.parametrize("way", ["dari-foto", "dari-klip"])
def test_another_stalls_product_cannot_be_chosen(studio: Client, tempe: Product, way: str) -> None:
    page = studio.post(f"/studio/segmen/{way}/", {"product": str(tempe.key)})
    assert "Pilih dari daftar ini." in page.content.decode()
    assert not Clip.objects.exists()


@pytest.mark.parametrize("name", ["clip", "clip_state", "clip_retry", "clip_delete", "clip_mark"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_clip_of_another_stall_is_not_there(
    client: Client, clip: Clip, stall_b: object, trader_b: User, name: str, method: str
) -> None:
    client.force_login(trader_b)
    answer = getattr(client, method)(reverse(f"studio:{name}", args=[clip.key]))
    assert answer.status_code in (404, 405)
    assert Clip.objects.filter(pk=clip.pk).exists()


@pytest.mark.parametrize("name", ["spot_state", "segment", "segment_delete"])
def test_a_spot_of_another_stall_is_not_there(
    client: Client, spot: FeaturedSegment, stall_b: object, trader_b: User, name: str
) -> None:
    client.force_login(trader_b)
    assert client.get(reverse(f"studio:{name}", args=[spot.key])).status_code == 404


@pytest.mark.parametrize("person", ["stranger", "coordinator_b", "editor_sulsel"])
@pytest.mark.parametrize("name", ["clip", "clip_state", "clip_delete"])
def test_who_has_no_stall_learns_nothing_of_a_clip(
    client: Client, clip: Clip, request: pytest.FixtureRequest, person: str, name: str
) -> None:
    client.force_login(request.getfixturevalue(person))
    answer = client.get(reverse(f"studio:{name}", args=[clip.key]))
    assert answer.status_code == 404
    assert "Sambal" not in answer.content.decode()


def test_the_state_is_told_to_the_script(studio: Client, spot: FeaturedSegment) -> None:
    address = reverse("studio:spot_state", args=[spot.key])
    told = studio.get(address).json()
    assert (told["code"], told["busy"]) == ("encoding", True)
    Encode.objects.filter(video=spot.video).update(state="encoding", progress=0.42, eta_seconds=130)
    EncodeTask.objects.filter(encode__video=spot.video).update(state="working")
    html = studio.get(address).json()["html"]
    assert "Sedang dibuat 42 %" in html
    assert "Siap sekitar 3 menit lagi." in html
    assert "Giliran" not in html
    assert '<progress max="100" value="42"' in html


def test_a_film_that_has_come_is_not_told_as_missing(clip: Clip, now: datetime) -> None:
    clip.state, clip.film, clip.segment = Clip.State.SENDING, "", None
    for film, begin, title in (
        ("", None, "Klip belum sampai"),
        ("", Decimal(3), "Bagian sudah ditandai"),
        ("a.mp4", None, "Klip sudah sampai"),
    ):
        clip.film, clip.begin = film, begin
        assert of_clip(clip, now).title == title


def test_a_clip_that_is_made_leads_to_its_segment(studio: Client, spot: FeaturedSegment) -> None:
    answer = studio.get(reverse("studio:clip", args=[spot.clip.key]))
    assert answer.headers["Location"] == reverse("studio:segment", args=[spot.key])


def test_a_spot_is_as_long_as_its_film(ready: FeaturedSegment) -> None:
    assert float(ready.end) == 14.9
    ready.full_clean()


def test_the_preview_shows_the_player_and_the_card_over_it(
    studio: Client, ready: FeaturedSegment
) -> None:
    page = _page(studio, "segment", ready.key)
    assert f'data-src="/vod/{"a" * 32}/master.m3u8"' in page
    [card] = cards_of(ready.video)
    assert (card.id, card.name, card.offset) == (ready.key.hex, "Sambal bawang", 0)


def test_a_card_in_a_programme_still_waits_for_approval(
    segment_a: FeaturedSegment, now: datetime
) -> None:
    Video.objects.filter(pk=segment_a.video_id).update(live=False)
    segment_a.video.refresh_from_db()
    assert segment_a.state != "approved"
    assert cards_of(segment_a.video) == ()


def test_what_is_not_ready_is_not_sent(studio: Client, spot: FeaturedSegment) -> None:
    page = studio.post(reverse("studio:segment", args=[spot.key]), {})
    assert "Klip ini belum siap. Kirim setelah siap." in page.content.decode()
    studio.post(reverse("studio:segment_submit", args=[spot.key]))
    spot.refresh_from_db()
    assert spot.state == "draft"


def test_a_spot_is_sent_with_its_days_and_regions(
    studio: Client,
    ready: FeaturedSegment,
) -> None:
    region = Region.objects.get(slug="jawa-timur")
    data = {"starts_on": "2026-11-25", "ends_on": "2026-12-24", "regions": [region.pk]}
    answer = studio.post(reverse("studio:segment", args=[ready.key]), data)
    assert answer.status_code == 302
    ready.refresh_from_db()
    assert ready.state == "submitted"
    assert (ready.starts_on, ready.ends_on) == (date(2026, 11, 25), date(2026, 12, 24))
    assert list(ready.regions.all()) == [region]


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ({"ends_on": "2026-11-23"}, "Tanggal ini sudah lewat."),
        ({"starts_on": "2026-12-02", "ends_on": "2026-12-01"}, "Hari terakhir harus sesudah"),
        ({"starts_on": "besok"}, "Tanggal belum benar."),
        ({"regions": "99999"}, "Pilih dari daftar ini."),
    ],
)
def test_days_that_cannot_be_get_one_sentence(
    studio: Client,
    ready: FeaturedSegment,
    days: dict[str, str],
    sentence: str,
) -> None:
    page = studio.post(reverse("studio:segment", args=[ready.key]), days)
    assert sentence in page.content.decode()
    ready.refresh_from_db()
    assert ready.state == "draft"


def _approved(segment: FeaturedSegment, by: User, now: datetime) -> None:
    """Let `segment` be sent in and approved by `by`, and what follows from it be done."""
    FeaturedSegment.objects.filter(pk=segment.pk).update(state="submitted")
    segment.refresh_from_db()
    do_approve_segment(segment, by, now)
    facts.deliver_due(now)


def test_an_approved_spot_can_be_watched_and_a_refused_one_no_longer(
    studio: Client, ready: FeaturedSegment, coordinator_a: User, now: datetime
) -> None:
    _approved(ready, coordinator_a, now)
    assert Video.objects.airable().filter(pk=ready.video_id).exists()
    do_refuse_segment(ready, coordinator_a, "Harga di foto berbeda.", now)
    facts.deliver_due(now)
    assert not Video.objects.public().filter(pk=ready.video_id).exists()


def test_what_failed_says_why_and_can_be_sent_again(studio: Client, clip: Clip) -> None:
    Clip.objects.filter(pk=clip.pk).update(state="failed", error_code="no_photo")
    page = _page(studio, "clip", clip.key)
    assert "Foto produk ini tidak bisa dibaca." in page
    assert "Kirim ulang" in page
    studio.post(reverse("studio:clip_retry", args=[clip.key]))
    clip.refresh_from_db()
    assert (clip.state, clip.error_code) == ("waiting", "")


def test_an_encode_that_failed_is_asked_for_again(studio: Client, spot: FeaturedSegment) -> None:
    Encode.objects.filter(video=spot.video).update(state="failed", error_code="step_failed")
    assert "Kirim ulang" in _page(studio, "segment", spot.key)
    studio.post(reverse("studio:clip_retry", args=[spot.clip.key]))
    assert sorted(e.state for e in spot.video.encodes.all()) == ["failed", "waiting"]


def _filmed(clip: Clip, now: datetime, folder: Path) -> FeaturedSegment:
    """The spot that a worker makes of `clip`, which shows the product as it is."""
    film = folder / "again.mp4"
    film.write_bytes(b"a film")
    clip.shown = shown_of(clip.product)
    Clip.objects.claim(clip.pk, "worker", now)
    return do_make_rows(clip, "worker", film, now)


@pytest.fixture
def told_once(ready: FeaturedSegment, product: Product) -> FeaturedSegment:
    """The spot of a clip that shows the product as it is."""
    Clip.objects.filter(segment=ready).update(shown=shown_of(product))
    return ready


def test_a_clip_that_is_as_its_product_is_not_made_again(
    studio: Client, told_once: FeaturedSegment
) -> None:
    assert "Buat klip baru" not in _page(studio, "segment", told_once.key)
    answer = studio.post(reverse("studio:clip_again", args=[told_once.clip.key]), follow=True)
    assert "Klip ini masih sama dengan produknya." in answer.content.decode()
    assert Clip.objects.count() == 1


@pytest.mark.parametrize("change", ["price", "name", "image", "more", "stall"])
def test_a_clip_of_a_product_that_has_changed_says_so(
    studio: Client, told_once: FeaturedSegment, product: Product, photo: Photo, change: str
) -> None:
    assert "Harga, foto, atau tulisan lama" not in studio.get("/studio/segmen/").content.decode()
    other = get_image_model().objects.create(title="Lain (contoh)", file=photo())
    match change:
        case "price":
            Product.objects.update(price=21_000)
        case "name":
            Product.objects.update(name="Sambal ijo")
        case "image":
            Product.objects.update(image=other)
        case "more":
            ProductPhoto.objects.create(product=product, image=other)
        case "stall":
            Stall.objects.update(block="B-7")
    assert "Buat klip baru" in _page(studio, "segment", told_once.key)
    assert "Harga, foto, atau tulisan lama" in studio.get("/studio/segmen/").content.decode()


def test_a_clip_of_a_renamed_product_airs_on_with_the_card_that_was_approved(
    studio: Client,
    told_once: FeaturedSegment,
    product: Product,
    trader_a: User,
    coordinator_a: User,
    now: datetime,
) -> None:
    FeaturedSegment.objects.filter(pk=told_once.pk).update(state="approved")
    picture, product.name, product.image = product.image, "Sambal ijo", None
    do_save_product(product, trader_a, now)
    [spot] = FeaturedSegment.objects.may_air_on(now.date())
    assert (spot.card_name, spot.card_image) == ("Sambal bawang", picture)
    [card] = cards_in([spot.video_id], "siaran-uji")[spot.video_id]
    assert (card.name, bool(card.image)) == ("Sambal bawang", True)
    assert "Kartu klip ini masih menyebut “Sambal bawang”" in _page(studio, "segment", spot.key)

    assert do_accept_change(spot, coordinator_a, now)
    assert not do_accept_change(spot, coordinator_a, now)
    [card] = cards_in([spot.video_id], "siaran-uji")[spot.video_id]
    assert (card.name, card.image) == ("Sambal ijo", "")


@pytest.mark.parametrize("page", ["/studio/", "/studio/produk/", "/studio/segmen/"])
def test_a_changed_price_that_airs_on_is_told_where_one_tap_makes_the_new_clip(
    studio: Client, told_once: FeaturedSegment, trader_b: User, stall_b: Stall, page: str
) -> None:
    address = reverse("studio:clip_again", args=[told_once.clip.key])
    FeaturedSegment.objects.filter(pk=told_once.pk).update(state="approved")
    assert address not in studio.get(page).content.decode()
    Product.objects.update(price=21_000)
    said = studio.get(page).content.decode()
    [form] = said.split(f'action="{address}"')[1:]
    assert "csrfmiddlewaretoken" in form.split("</form>")[0]
    studio.post(address)
    if page != "/studio/segmen/":
        assert address not in studio.get(page).content.decode()
    studio.force_login(trader_b)  # who has no such clip
    assert address not in studio.get(page).content.decode()


def test_a_clip_made_again_takes_the_place_of_the_old_one_when_it_is_approved(
    studio: Client,
    told_once: FeaturedSegment,
    coordinator_a: User,
    now: datetime,
    tmp_path: Path,
) -> None:
    region = Region.objects.get(slug="jawa-timur")
    told_once.regions.set([region])
    days = {"starts_on": date(2026, 11, 20), "ends_on": date(2026, 12, 24)}
    FeaturedSegment.objects.filter(pk=told_once.pk).update(state="approved", **days)
    Product.objects.update(price=21_000)
    address = reverse("studio:clip_again", args=[told_once.clip.key])
    # Whoever presses twice asks once.
    assert studio.post(address)["Location"] == studio.post(address)["Location"]
    made = _filmed(Clip.objects.get(segment=None), now, tmp_path)
    made.refresh_from_db()
    assert (made.state, made.starts_on, made.ends_on) == ("draft", *days.values())
    assert list(made.regions.all()) == [region]

    told_once.refresh_from_db()
    assert (told_once.state, told_once.ends_on) == ("approved", days["ends_on"])
    _approved(made, coordinator_a, now)
    told_once.refresh_from_db()
    assert told_once.ends_on == date(2026, 11, 24)
    # Once: who lets it air longer afterwards is not overruled by whatever happens to the new one.
    FeaturedSegment.objects.filter(pk=told_once.pk).update(ends_on=days["ends_on"])
    do_announce_cards([made.video_id], now)
    facts.deliver_due(now)
    told_once.refresh_from_db()
    assert told_once.ends_on == days["ends_on"]


def _changed(studio: Client, spot: FeaturedSegment, price: int) -> Clip:
    """The clip that is asked for anew once the product of `spot` has another price."""
    Product.objects.update(price=price)
    studio.post(reverse("studio:clip_again", args=[spot.clip.key]))
    return Clip.objects.get(segment=None)


@pytest.mark.parametrize("deleted", [False, True])
def test_what_is_on_air_ends_also_where_what_was_made_anew_of_it_was_made_anew_again(
    studio: Client,
    told_once: FeaturedSegment,
    coordinator_a: User,
    now: datetime,
    tmp_path: Path,
    deleted: bool,
) -> None:
    FeaturedSegment.objects.filter(pk=told_once.pk).update(state="approved")
    draft = _filmed(_changed(studio, told_once, 21_000), now, tmp_path)
    last = _filmed(_changed(studio, draft, 22_000), now, tmp_path)
    if deleted:
        studio.post(reverse("studio:segment_delete", args=[draft.key]))
    _approved(last, coordinator_a, now)
    told_once.refresh_from_db()
    assert told_once.ends_on == date(2026, 11, 24)


def test_each_of_two_spots_of_a_product_is_made_anew_by_a_clip_of_its_own(
    studio: Client,
    told_once: FeaturedSegment,
    product: Product,
    trader_a: User,
    now: datetime,
    tmp_path: Path,
) -> None:
    other = _filmed(do_begin_from_photos(product, trader_a, now), now, tmp_path)
    Product.objects.update(price=21_000)
    for each in (told_once, other):
        studio.post(reverse("studio:clip_again", args=[each.clip.key]))
    waiting = Clip.objects.filter(segment=None).values_list("replaces", flat=True)
    assert sorted(waiting) == [told_once.pk, other.pk]


def test_deleting_asks_first_and_takes_the_film_along(
    studio: Client, spot: FeaturedSegment
) -> None:
    address = reverse("studio:segment_delete", args=[spot.key])
    assert "Klipnya ikut terhapus" in studio.get(address).content.decode()
    assert Video.objects.exists()
    studio.post(address)
    assert not Video.objects.exists()
    assert not Clip.objects.exists()
    assert not FeaturedSegment.objects.exists()


def test_a_cancelled_clip_makes_no_video(
    studio: Client, clip: Clip, now: datetime, tmp_path: Path
) -> None:
    Clip.objects.claim(clip.pk, "worker", now)
    studio.post(reverse("studio:clip_delete", args=[clip.key]))
    film = tmp_path / "clip.mp4"
    film.write_bytes(b"a film")
    with pytest.raises(Exception, match="stopped"):
        do_make_rows(clip, "worker", film, now)
    assert not Video.objects.exists()


def test_the_film_of_a_product_that_goes_is_nowhere_any_more(
    ready: FeaturedSegment, coordinator_a: User, now: datetime
) -> None:
    _approved(ready, coordinator_a, now)
    assert Video.objects.public().exists()
    do_delete(ready.product, now)
    facts.deliver_due(now)
    assert not Video.objects.public().exists()
    leftovers.do_sweep(now)
    assert not Video.objects.exists()
    assert not Clip.objects.exists()


def test_videos_of_editors_are_left_alone_by_what_happens_to_cards(
    segment_a: FeaturedSegment, now: datetime
) -> None:
    do_delete(segment_a, now)
    facts.deliver_due(now)
    leftovers.do_sweep(now)
    assert Video.objects.public().get() == segment_a.video


@pytest.fixture
def sending(studio: Client, product: Product) -> Clip:
    """A clip that waits for its film."""
    studio.post("/studio/segmen/dari-klip/", {"product": str(product.key)})
    return Clip.objects.get()


def test_a_film_is_sent_and_marked_on_one_page(studio: Client, sending: Clip) -> None:
    page = _page(studio, "clip", sending.key)
    assert f'data-clip="{sending.key}"' in page
    assert f'data-most="{2**31}"' in page
    for field in ("begin", "seconds"):
        assert f'name="{field}"' in page
    assert "style=" not in page


def test_the_part_is_kept_with_and_without_script(studio: Client, sending: Clip) -> None:
    address = reverse("studio:clip_mark", args=[sending.key])
    plain = studio.post(address, {"begin": "12.5", "seconds": "30"})
    assert plain.status_code == 302
    sending.refresh_from_db()
    assert (float(sending.begin or 0), sending.seconds) == (12.5, 30)
    told = studio.post(
        address, {"begin": "3", "seconds": "60"}, headers={"accept": "application/json"}
    )
    assert told.json() == {"ok": True, "sentence": "Bagian disimpan."}
    sending.refresh_from_db()
    assert sending.seconds == 60


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"begin": "-1", "seconds": "15"}, "Mulai tidak boleh kurang dari 0."),
        ({"begin": "dua", "seconds": "15"}, "Detik belum benar."),
        ({"begin": "", "seconds": "15"}, "Bagian ini belum diisi."),
        ({"begin": "0", "seconds": "45"}, "Pilih dari daftar ini."),
        ({"begin": "1e9", "seconds": "15"}, "Detik belum benar."),
    ],
)
def test_a_part_that_cannot_be_gets_one_sentence(
    studio: Client, sending: Clip, data: dict[str, str], sentence: str
) -> None:
    page = studio.post(reverse("studio:clip_mark", args=[sending.key]), data)
    assert sentence in page.content.decode()
    sending.refresh_from_db()
    assert sending.begin is None


def test_the_page_of_a_spot_says_how_its_photo_and_price_are_changed(
    studio: Client, ready: FeaturedSegment
) -> None:
    page = _page(studio, "segment", ready.key)
    key = ready.product.key
    assert f'href="{reverse("studio:product", args=[key])}"' in page
    assert f'href="{reverse("studio:clip_photos")}?produk={key}"' in page
