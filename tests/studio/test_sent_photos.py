"""Photos that are sent before their form, and kept when the form cannot be saved."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from cms.core import clock
from cms.core.models import User
from cms.studio import sent
from cms.studio.models import SentPhoto
from cms.traders.models import Certificate, Product, Stall
from cms.traders.personal.copy import do_write_copy
from cms.traders.personal.erasing import do_erase
from tests.originals import keep_originals_in
from tests.studio.pages import make_heic, make_photo, product_form
from tests.videos.asgi_client import Reply, Uploads, b64

pytestmark = pytest.mark.django_db
Photo = Callable[..., SimpleUploadedFile]
ADD = "/studio/produk/tambah/"


@pytest.fixture(autouse=True)
def folders(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.UPLOADS_FOLDER = tmp_path / "uploads"
    keep_originals_in(settings, tmp_path / "originals")
    return tmp_path


@pytest.fixture
def waiting(stall_a: Stall, trader_a: User) -> SentPhoto:
    """A photo of trader A that waits for its form."""
    photo = ContentFile(make_photo().read())
    return sent.do_keep_waiting(photo, trader_a, clock.now(), name="IMG_1.jpg")


def _phone(user: User) -> Uploads:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return Uploads(f"sessionid={client.cookies['sessionid'].value}")


def _begin(phone: Uploads, length: int) -> Reply:
    metadata = f"filename {b64('IMG_1.HEIC')},purpose {b64('photo')}"
    return phone.ask("POST", upload_length=length, upload_metadata=metadata)


def _send(phone: Uploads, data: bytes) -> Reply:
    """Send `data` over a line that breaks once."""
    path, half = _begin(phone, len(data)).headers["location"], len(data) // 2
    assert phone.patch(path, 0, [data[:half]], cut=True).status is None
    return phone.patch(path, int(phone.ask("HEAD", path).headers["upload-offset"]), [data[half:]])


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_photo_over_a_line_that_breaks_waits_small_and_upright_for_its_form(
    stall_a: Stall, trader_a: User, folders: Path
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    answer = _send(_phone(trader_a), make_heic(2000, 1000, exif=exif.tobytes()).read())
    row = SentPhoto.objects.get()
    assert (answer.status, answer.headers["siar-video"]) == (204, str(row.pk))
    assert (row.user, row.name) == (trader_a, "IMG_1.HEIC")
    assert Image.open(BytesIO(row.jpeg)).size == (800, 1600)
    assert not list((folders / "originals").iterdir())


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_what_is_no_photo_gets_its_sentence_and_is_not_kept(
    stall_a: Stall, trader_a: User, folders: Path
) -> None:
    answer = _send(_phone(trader_a), b"%PDF-1.7" * 100)
    assert answer.status == 403
    assert "bukan foto" in answer.text
    assert not SentPhoto.objects.exists()
    assert not list((folders / "originals").iterdir())
    assert not list((folders / "uploads").iterdir())


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_photo_has_a_limit_of_its_own_and_only_traders_send_one(
    stall_a: Stall, trader_a: User, coordinator_a: User
) -> None:
    assert _begin(_phone(trader_a), 12 * 2**20 + 1).status == 413
    assert _begin(_phone(trader_a), 12 * 2**20).status == 201
    assert _begin(_phone(coordinator_a), 1000).status in (403, 404)


def test_a_photo_whose_upload_is_cancelled_at_its_end_is_taken_back(
    waiting: SentPhoto, now: datetime
) -> None:
    SentPhoto.objects.update(upload="a")
    purpose = sent.PhotoPurpose()
    assert not purpose.do_take_back(waiting.pk, "b", now)
    assert purpose.do_take_back(waiting.pk, "a", now)
    assert not SentPhoto.objects.exists()
    assert not purpose.do_take_back(waiting.pk, "a", now)


def test_an_arrival_that_is_repeated_makes_no_second_photo(
    stall_a: Stall, trader_a: User, now: datetime
) -> None:
    def arrive() -> int:
        sent.originals().save("originals/a.jpg", ContentFile(make_photo().read()))
        names = {"target": "", "name": "a.jpg", "upload": "0" * 32}
        return sent.PhotoPurpose().do_arrive("originals/a.jpg", trader_a, now, **names)

    assert arrive() == arrive()
    assert SentPhoto.objects.count() == 1
    assert not sent.originals().exists("originals/a.jpg")


def test_photos_that_were_sent_become_those_of_the_product(
    studio: Client, waiting: SentPhoto, trader_a: User, synced_tree: None
) -> None:
    more = [sent.do_keep_waiting(ContentFile(make_photo().read()), trader_a, clock.now())]
    form = product_form(sent=[waiting.pk], more_sent=[row.pk for row in more])
    assert studio.post(ADD, form).status_code == 302
    product = Product.objects.get()
    assert product.image is not None
    assert product.image.uploaded_by_user == trader_a
    assert product.photos.count() == 1
    assert not SentPhoto.objects.exists()


def test_what_was_sent_stays_when_another_field_errs(
    studio: Client, waiting: SentPhoto, synced_tree: None
) -> None:
    page = studio.post(ADD, product_form(price="0", sent=[waiting.pk])).content.decode()
    assert f'name="sent" value="{waiting.pk}"' in page
    address = reverse("studio:sent_photo", args=[waiting.pk])
    assert address in page
    shown = studio.get(address)
    assert (shown["Content-Type"], shown.content) == ("image/jpeg", bytes(waiting.jpeg))


def test_what_came_with_the_form_stays_too_without_a_script(
    studio: Client, stall_a: Stall, photo: Photo, synced_tree: None
) -> None:
    form = product_form(price="0", camera=photo(), more=[photo(), photo(400, 400)])
    page = studio.post(ADD, form).content.decode()
    first, *more = [row.pk for row in SentPhoto.objects.all()]
    assert f'name="sent" value="{first}"' in page
    assert all(f'name="more_sent" value="{pk}"' in page for pk in more)
    assert len(more) == 2
    assert studio.post(ADD, product_form(sent=[first], more_sent=more)).status_code == 302
    product = Product.objects.get()
    assert product.image is not None
    assert product.photos.count() == 2
    assert not SentPhoto.objects.exists()


def test_a_photo_of_a_certificate_stays_when_its_day_errs(
    studio: Client, sambal: Product, photo: Photo, synced_tree: None
) -> None:
    address = reverse("studio:certificate_add", args=[sambal.key])
    form = {"kind": "halal", "number": "ID 1", "expires_on": "2020-01-01"}
    page = studio.post(address, {**form, "photo": photo()}).content.decode()
    row = SentPhoto.objects.get()
    assert f'name="sent" value="{row.pk}"' in page
    until = f"{clock.now() + timedelta(days=90):%Y-%m-%d}"
    studio.post(address, {**form, "expires_on": until, "sent": [row.pk]})
    assert Certificate.objects.get().image is not None
    assert not SentPhoto.objects.exists()


def test_photos_of_others_and_those_that_are_gone_are_not_taken(
    studio: Client, stall_a: Stall, stall_b: Stall, trader_b: User, waiting: SentPhoto
) -> None:
    other = sent.do_keep_waiting(ContentFile(make_photo().read()), trader_b, clock.now())
    for wrong in (other.pk, waiting.pk + 99, "x", "9" * 30):
        page = studio.post(ADD, product_form(sent=[waiting.pk, wrong])).content.decode()
        assert "Foto yang dikirim tadi tidak ada lagi." in page
        assert f'value="{waiting.pk}"' in page
        assert f'name="sent" value="{wrong}"' not in page
    assert studio.get(reverse("studio:sent_photo", args=[other.pk])).status_code == 404
    assert not Product.objects.exists()
    assert SentPhoto.objects.count() == 2


def test_sent_photos_count_among_the_five_further_ones(
    studio: Client, waiting: SentPhoto, photo: Photo
) -> None:
    form = product_form(more=[photo() for _ in range(5)], more_sent=[waiting.pk])
    page = studio.post(ADD, form).content.decode()
    assert "Foto tambahan paling banyak 5." in page
    assert f'name="more_sent" value="{waiting.pk}"' in page


def test_photos_wait_three_days_and_a_trader_has_two_dozen_at_most(
    waiting: SentPhoto, trader_a: User
) -> None:
    assert sent.do_sweep(waiting.sent_at + sent.KEEP) == 0
    rows = [sent.do_keep_waiting(ContentFile(b"x"), trader_a, clock.now()) for _ in range(24)]
    assert list(SentPhoto.objects.all()) == rows
    assert sent.do_sweep(clock.now() + sent.KEEP + timedelta(seconds=1)) == 24


def test_a_waiting_photo_is_in_the_copy_and_goes_with_its_trader(
    waiting: SentPhoto, trader_a: User, trader_b: User, stall_b: Stall
) -> None:
    other = sent.do_keep_waiting(ContentFile(b"x"), trader_b, clock.now())
    target = BytesIO()
    do_write_copy(trader_a, target, clock.now())
    told = json.loads(ZipFile(target).read("data.json"))["waiting_photos"]
    assert [row["name"] for row in told] == ["IMG_1.jpg"]
    do_erase(trader_a, clock.now())
    assert list(SentPhoto.objects.all()) == [other]
