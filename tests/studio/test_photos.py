"""What becomes of an uploaded photo, and which are refused."""

import struct
import zlib
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

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


def test_a_picture_with_holes_gets_a_white_ground() -> None:
    import io

    data = io.BytesIO()
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
        (_claimed(300, 300), "bukan foto"),
        (_claimed(20, 20), "terlalu kecil"),
        (SimpleUploadedFile("a.jpg", b"0" * (12 * 2**20 + 1)), "lebih dari 12 MB"),
    ],
    ids=["empty", "text", "svg", "claims 900 M", "claims 81 M", "no pixels", "tiny", "heavy"],
)
def test_what_is_no_fit_photo_gets_one_sentence(upload: SimpleUploadedFile, sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence) as refused:
        check_photo(upload)
    assert len(refused.value.messages) == 1


def test_half_a_photo_is_refused(photo: Photo) -> None:
    whole = photo(1200, 900).read()
    with pytest.raises(ValidationError, match="rusak"):
        check_photo(SimpleUploadedFile("a.jpg", whole[: len(whole) // 2]))
