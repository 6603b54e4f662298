"""What becomes of an uploaded photo, and which are refused."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageOps
from PIL.JpegImagePlugin import JpegImageFile

from cms.studio.photos import check_photo
from cms.traders import heif
from cms.traders.spots.photos import small
from tests.studio.pages import make_heic

Photo = Callable[..., SimpleUploadedFile]


def _claimed(width: int, height: int) -> SimpleUploadedFile:
    """A PNG of 60 bytes that claims to be enormous."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")
    return SimpleUploadedFile("besar.png", data)


def test_a_photo_loses_its_metadata_and_stands_upright(photo: Photo) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90°, as phones held upright write it
    exif[0x8825] = {1: "S", 2: (7.0, 15.0, 0.0)}  # where it was taken
    kept = Image.open(check_photo(photo(800, 600, exif=exif)))
    assert kept.size == (600, 800)
    assert not kept.getexif()
    assert kept.format == "JPEG"


def test_a_large_photo_is_made_smaller(photo: Photo) -> None:
    assert Image.open(check_photo(photo(4000, 3000))).size == (1600, 1200)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_of_every_orientation_stands_as_pillow_would_turn_it(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = BytesIO()
    halves = Image.new("RGB", (400, 300), "white")
    halves.paste("black", (0, 0, 150, 100))
    halves.save(data, "JPEG", exif=exif)
    kept = Image.open(check_photo(SimpleUploadedFile("a.jpg", data.getvalue()))).convert("1")
    expected = ImageOps.exif_transpose(Image.open(data)).convert("1")
    assert kept.size == expected.size
    corners = [(20, 20), (20, kept.height - 20), (kept.width - 20, 20)]
    assert [kept.getpixel(c) for c in corners] == [expected.getpixel(c) for c in corners]


@pytest.mark.parametrize(
    "odd",
    [
        b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + b"\x12\x01\x03\0\x01\0\0\0\x06\0\0\0",
        b"Exif\0\0bukan TIFF",
        b"Exif\0\0II*\0\x08\0\0\0\x02\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0"
        b"\x0f\x01\x0c\0\x01\0\0\0\x00\0\0\0",
    ],
    ids=["cut off", "no TIFF", "value outside"],
)
def test_a_photo_with_odd_metadata_is_a_photo(photo: Photo, odd: bytes) -> None:
    assert Image.open(check_photo(photo(800, 600, exif=odd))).format == "JPEG"


def test_a_large_photo_is_never_decoded_at_full_size(
    photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded = []
    load = JpegImageFile.load
    monkeypatch.setattr(JpegImageFile, "load", lambda self: decoded.append(self.size) or load(self))
    assert Image.open(check_photo(photo(6400, 4800))).size == (1600, 1200)
    assert decoded[0] == (3200, 2400)


def test_a_picture_with_holes_gets_a_white_ground() -> None:
    data = BytesIO()
    Image.new("RGBA", (300, 300), (0, 0, 0, 0)).save(data, "PNG")
    kept = Image.open(check_photo(SimpleUploadedFile("a.png", data.getvalue())))
    assert kept.getpixel((150, 150)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("upload", "sentence"),
    [
        (SimpleUploadedFile("a.jpg", b""), "bukan foto"),
        (SimpleUploadedFile("a.jpg", b"halo" * 100), "bukan foto"),
        (SimpleUploadedFile("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "bukan foto"),
        (_claimed(30_000, 30_000), "terlalu besar"),
        (_claimed(9_000, 9_000), "terlalu besar"),
        (_claimed(5_000, 5_000), "terlalu besar"),
        (_claimed(300, 300), "bukan foto"),
        (_claimed(20, 20), "terlalu kecil"),
        (SimpleUploadedFile("a.jpg", b"0" * (12 * 2**20 + 1)), "lebih dari 12 MB"),
    ],
    ids=[
        "empty",
        "text",
        "svg",
        "claims 900 M",
        "claims 81 M",
        "claims 25 M",
        "no pixels",
        "tiny",
        "heavy",
    ],
)
def test_what_is_no_fit_photo_gets_one_sentence(upload: SimpleUploadedFile, sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence) as refused:
        check_photo(upload)
    assert len(refused.value.messages) == 1


def test_half_a_photo_is_refused(photo: Photo) -> None:
    whole = photo(1200, 900).read()
    with pytest.raises(ValidationError, match="rusak"):
        check_photo(SimpleUploadedFile("a.jpg", whole[: len(whole) // 2]))


def _near(colour: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return all(abs(one - other) < 30 for one, other in zip(colour, wanted, strict=True))


def test_a_heic_is_a_photo_and_stands_as_its_file_says() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x8825] = {1: "S", 2: (7.0, 15.0, 0.0)}
    # The encoder turns it as HEIF does, and the EXIF says so once more: it is turned once.
    kept = Image.open(check_photo(make_heic(exif=exif.tobytes())))
    assert (kept.format, kept.size) == ("JPEG", (480, 640))
    assert not kept.getexif()
    assert _near(kept.getpixel((240, 100)), (255, 165, 0))
    assert _near(kept.getpixel((240, 540)), (0, 0, 255))
    assert small(make_heic()).size == (640, 480)  # as the photo of an editor, for a clip


def test_a_large_heic_is_made_smaller() -> None:
    assert Image.open(check_photo(make_heic(2400, 600))).size == (1600, 400)


def test_a_heic_that_claims_to_be_enormous_is_not_decoded() -> None:
    data = bytearray(make_heic().read())
    place = data.index(b"ispe") + 8
    assert struct.unpack_from(">II", data, place) == (640, 480)
    struct.pack_into(">II", data, place, 20_000, 20_000)
    with pytest.raises(ValidationError, match="terlalu besar"):
        check_photo(SimpleUploadedFile("bom.heic", bytes(data)))


@pytest.mark.parametrize("limit", [("MEMORY", 2**26), ("PATIENCE", 0.01)])
def test_a_heic_beyond_a_limit_ends_its_own_process_alone(
    limit: tuple[str, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heif, *limit)
    with pytest.raises(ValidationError, match="rusak"):
        check_photo(make_heic())


@pytest.mark.parametrize("damage", ["cut", "noise"])
def test_a_broken_heic_is_refused(damage: str) -> None:
    data = make_heic().read()
    broken = data[: len(data) // 2] if damage == "cut" else data[:16] + b"\xa5" * len(data)
    with pytest.raises(ValidationError, match="rusak"):
        check_photo(SimpleUploadedFile("a.heic", broken))
