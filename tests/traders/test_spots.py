"""A spot made of photos: what the worker makes of a product, read from the pixels of its film."""

import re
import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.images import ImageFile
from PIL import Image, ImageDraw, ImageOps
from wagtail.images import get_image_model

from cms.core.models import User
from cms.core.refusals import Refused
from cms.traders.actions import do_delete
from cms.traders.models import Clip, FeaturedSegment, Product, ProductPhoto
from cms.traders.spots import drawing, making, photos
from cms.traders.spots.actions import do_begin_from_photos
from cms.traders.spots.outdated import shown_of
from cms.videos.models import Video
from media_pipeline import tools
from tests.originals import keep_originals_in

pytestmark = pytest.mark.django_db
State = Clip.State


@pytest.fixture(autouse=True)
def folders(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PUBLISHED = {"kind": "local", "folder": tmp_path / "published"}
    settings.SCRATCH_FOLDER = tmp_path / "scratch"
    keep_originals_in(settings, tmp_path / "originals")
    return tmp_path


def _image(data: bytes) -> Any:
    made = get_image_model()(title="Foto (contoh)", width=800, height=600)
    made.file.save("foto.jpg", ImageFile(BytesIO(data), name="foto.jpg"), save=False)
    made.file_size = len(data)
    made.save()
    return made


def _photo(colour: str, size: tuple[int, int] = (1200, 700), line: int = 600) -> bytes:
    """A photo of one colour with a white line down its middle."""
    picture = Image.new("RGB", size, colour)
    ImageDraw.Draw(picture).rectangle((line, 0, line + 6, size[1]), "white")
    data = BytesIO()
    picture.save(data, "JPEG", quality=95)
    return data.getvalue()


@pytest.fixture
def product(sambal: Product) -> Product:
    sambal.image = _image(_photo("#1c5a2a"))
    sambal.save()
    ProductPhoto.objects.create(product=sambal, image=_image(_photo("#20409a", (700, 1200), 350)))
    return sambal


@pytest.fixture
def clock(now: datetime) -> Callable[[], datetime]:
    return lambda: now


def _frame(film: Path, seconds: float, folder: Path) -> Image.Image:
    target = folder / f"frame-{seconds}.png"
    command = [tools.ffmpeg(), "-nostdin", "-v", "error", "-y", "-ss", str(seconds)]
    subprocess.run([*command, "-i", str(film), "-frames:v", "1", str(target)], check=True)
    return Image.open(target).convert("RGB")


def _told(film: Path) -> str:
    command = [tools.ffmpeg(), "-nostdin", "-hide_banner", "-i", str(film)]
    sound = ["-af", "ebur128=peak=true:framelog=quiet", "-f", "null", "-"]
    return subprocess.run([*command, *sound], capture_output=True, text=True, check=True).stderr


def test_a_clip_from_photos_shows_price_and_qr_and_moves_and_sounds(
    product: Product, trader_a: User, now: datetime, clock: Any, tmp_path: Path
) -> None:
    clip = do_begin_from_photos(product, trader_a, now)
    assert making.do_make_due(clock) == 1
    clip.refresh_from_db()
    assert clip.state == State.MADE
    segment = clip.segment
    assert segment is not None
    assert (segment.kind, segment.state) == ("spot", "draft")
    assert (segment.begin, segment.end) == (0, 15)
    video = segment.video
    assert video.cooperative == product.stall.cooperative
    assert not video.live
    assert video.encodes.get().state == "waiting"

    film = tmp_path / "originals" / str(video.media.original)
    told = _told(film)
    assert "1280x720" in told
    assert re.search(r"Duration: 00:00:15\.0[0-4]", told)
    assert re.search(r"frame= *375 ", told)
    loudness = float(re.findall(r"I:\s+(-?[\d.]+) LUFS", told)[-1])
    assert -28 < loudness < -18
    first, second = _frame(film, 1, tmp_path), _frame(film, 2, tmp_path)
    # The line of the photo has gone a pixel a frame to the left.
    assert _line(first) - _line(second) == pytest.approx(25, abs=2)
    assert segment.key == clip.key
    assert clip.shown == shown_of(product)
    _assert_code_reads(second, making.words_of(product, segment.key).address)
    price = second.crop((drawing.LEFT, 150, drawing.RIGHT, 260))
    yellow = sum(
        n for n, (r, g, b) in price.getcolors(2**24) or [] if r > 200 and g > 130 and b < 90
    )
    assert yellow > 800


def _line(frame: Image.Image) -> int:
    row = [frame.getpixel((x, 300)) for x in range(drawing.WINDOW[0])]
    return next(x for x, pixel in enumerate(row) if min(pixel) > 180)  # type: ignore[type-var]


def _assert_code_reads(frame: Image.Image, address: str) -> None:
    """Every module of the QR is what it is to be, at its middle."""
    wanted = drawing.code(address)
    left = (drawing.QR_BOX[0] + drawing.QR_BOX[2] - wanted.width) // 2
    top = (drawing.QR_BOX[1] + drawing.QR_BOX[3] - wanted.height) // 2
    seen = frame.convert("L").crop((left, top, left + wanted.width, top + wanted.height))
    step = 5
    for x in range(step // 2, wanted.width, step):
        for y in range(step // 2, wanted.height, step):
            assert (seen.getpixel((x, y)) > 128) == (wanted.getpixel((x, y)) > 128)  # type: ignore[operator]


def test_a_product_without_a_photo_is_refused_in_one_sentence(
    sambal: Product, trader_a: User, now: datetime
) -> None:
    with pytest.raises(Refused, match="belum punya foto"):
        do_begin_from_photos(sambal, trader_a, now)


def test_photos_that_cannot_be_read_fail_the_clip_and_make_no_video(
    sambal: Product, trader_a: User, now: datetime, clock: Any
) -> None:
    sambal.image = _image(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    sambal.save()
    clip = do_begin_from_photos(sambal, trader_a, now)
    making.do_make_due(clock)
    clip.refresh_from_db()
    assert (clip.state, clip.error_code) == (State.FAILED, "no_photo")
    assert not Video.objects.exists()


def test_a_picture_that_claims_to_be_huge_is_not_decoded() -> None:
    data = BytesIO()
    Image.new("1", (5000, 5000)).save(data, "PNG")
    data.seek(0)
    with pytest.raises(ValueError, match="not decoded"):
        photos.small(data)


def test_a_photo_with_broken_metadata_is_a_slide_all_the_same() -> None:
    entries = b"\x12\x01\x03\0\x01\0\0\0\x06\0\0\0" + b"\x0f\x01\x0c\0\x01" + bytes(7)
    data = BytesIO()
    broken = b"Exif\0\0II*\0\x08\0\0\0\x02\0" + entries
    Image.new("RGB", (400, 300)).save(data, "JPEG", exif=broken)
    data.seek(0)
    with pytest.raises(AttributeError):
        ImageOps.exif_transpose(Image.open(data))
    data.seek(0)
    assert photos.small(data).size == (300, 400)


def test_a_clip_that_was_taken_over_makes_no_second_video(
    product: Product, trader_a: User, now: datetime, tmp_path: Path
) -> None:
    clip = do_begin_from_photos(product, trader_a, now)
    assert Clip.objects.claim(clip.pk, "one", now)
    assert not Clip.objects.claim(clip.pk, "two", now)
    assert Clip.objects.claim(clip.pk, "two", now + timedelta(minutes=3))
    film = tmp_path / "clip.mp4"
    film.write_bytes(b"a film")
    clip.refresh_from_db()
    with pytest.raises(making.Cancelled):
        making.do_make_rows(clip, "one", film, now)
    segment = making.do_make_rows(clip, "two", film, now)
    assert list(Video.objects.all()) == [segment.video]


def test_a_clip_that_costs_worker_after_worker_is_given_up(
    product: Product, trader_a: User, now: datetime, clock: Any
) -> None:
    clip = do_begin_from_photos(product, trader_a, now)
    for minute in (0, 3, 6):
        assert Clip.objects.claim(clip.pk, "lost", now + timedelta(minutes=minute))
    assert making.do_make_due(lambda: now + timedelta(minutes=9)) == 0
    clip.refresh_from_db()
    assert (clip.state, clip.error_code) == (State.FAILED, "unexpected")


def test_a_clip_of_a_product_that_was_deleted_is_not_made(
    product: Product, trader_a: User, now: datetime, clock: Any
) -> None:
    do_begin_from_photos(product, trader_a, now)
    do_delete(product, now)
    making.do_make_due(clock)
    assert not FeaturedSegment.objects.exists()


@pytest.mark.parametrize(
    ("written", "drawn"),
    [
        ("Keripik 🌶️ pedas “level 5”", "Keripik pedas “level 5”"),
        ("👨‍👩‍👧 Warung Émak ½ harga", "Warung Émak ½ harga"),
        ("🌶️", ""),
    ],
)
def test_signs_that_the_font_lacks_are_no_boxes_on_air(written: str, drawn: str) -> None:
    assert drawing.drawable(written) == drawn
    unit = f"/kg {written}"
    words = drawing.Words("Promosi", written, "Rp1", unit, written, written, "Pindai", "x")
    clean = words._replace(name=drawn, unit=f"/kg {drawn}", stall=drawn, place=drawn)
    assert drawing.ground(words).tobytes() == drawing.ground(clean).tobytes()
