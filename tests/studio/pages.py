"""What a trader's phone sends and reads."""

from io import BytesIO

import pillow_heif
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image


def product_form(**changes: object) -> dict[str, object]:
    """The fields of a product as the form sends them."""
    return {"name": "Sambal terasi", "price": "21000", "unit": "botol", "active": "on"} | changes


def make_photo(
    width: int = 800, height: int = 600, form: str = "JPEG", **options: object
) -> SimpleUploadedFile:
    """A photo as a phone would upload it."""
    data = BytesIO()
    Image.new("RGB", (width, height), "orange").save(data, form, **options)
    return SimpleUploadedFile("IMG_0001.jpg", data.getvalue(), "image/jpeg")


def make_heic(width: int = 640, height: int = 480, **options: object) -> SimpleUploadedFile:
    """A photo as an iPhone makes it: left of its middle orange, right of it blue."""
    picture = Image.new("RGB", (width, height), "orange")
    picture.paste("blue", (width // 2, 0, width, height))
    heif, data = pillow_heif.from_pillow(picture), BytesIO()
    heif.save(data, **options)
    return SimpleUploadedFile("IMG_0001.HEIC", data.getvalue(), "image/heic")


def read(client: Client, address: str) -> str:
    """Return what the page at `address` holds, each stretch of blanks as one."""
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().replace("\u00a0", " ").split())
