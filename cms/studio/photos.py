"""From what a phone uploads to a photo that is safe to keep and to show.

The upload itself is never stored: a new JPEG is drawn from its pixels, upright and
without its metadata, since phones write where a photo was taken into it.
"""

import secrets
from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.images import ImageFile
from django.utils.translation import gettext as _
from PIL import Image
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage
from wagtail.models import Collection

from cms.core.models import User
from cms.traders.pictures import BROKEN, TooLarge, drawn_anew, opened

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
LARGEST_FILE = 12 * 2**20
"""Bytes. The largest phone cameras write about 8 MB."""
SMALLEST_SIDE = 200


def check_photo(upload: File) -> ContentFile:
    """Return `upload` as a clean JPEG; raise ValidationError with one sentence."""
    if (upload.size or 0) > LARGEST_FILE:
        raise ValidationError(_("Foto ini lebih dari 12 MB. Pilih foto yang lebih kecil."))
    try:
        picture = opened(upload, FORMATS)
        if min(picture.size) < SMALLEST_SIDE:
            raise ValidationError(_("Foto ini terlalu kecil. Paling sedikit 200 × 200 piksel."))
        return _as_file(drawn_anew(picture))
    except TooLarge as error:
        raise ValidationError(
            _("Ukuran gambar foto ini terlalu besar. Pilih foto dari kamera ponsel Anda.")
        ) from error
    except BROKEN as error:
        raise ValidationError(_("Berkas ini bukan foto, atau rusak. Pilih foto lain.")) from error


def _as_file(picture: Image.Image) -> ContentFile:
    data = BytesIO()
    picture.save(data, "JPEG", quality=85, optimize=True)
    return ContentFile(data.getvalue())


def do_keep_photo(
    photo: ContentFile, title: str, collection: Collection, trader: User | None
) -> AbstractImage:
    """Keep a checked photo in the co-operative's own collection; it stays the `trader`'s own."""
    return get_image_model().objects.create(
        title=title,
        collection=collection,
        uploaded_by_user=trader,
        file=ImageFile(photo.file, name=f"produk-{secrets.token_hex(8)}.jpg"),
        file_size=photo.size,
    )
