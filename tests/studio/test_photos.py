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
