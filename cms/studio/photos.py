"""From what a phone uploads to a photo that is safe to keep and to show.

The upload itself is never stored: a new JPEG is drawn from its pixels, upright and
without its metadata, since phones write where a photo was taken into it.
"""

import struct
import warnings
from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import ExifTags, Image, UnidentifiedImageError
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage
from wagtail.models import Collection

FORMATS = ("JPEG", "PNG", "WEBP")
LARGEST_FILE = 12 * 2**20
"""Bytes. The largest phone cameras write about 8 MB."""
LARGEST_PICTURE = 60_000_000
"""Pixels of a JPEG, which is decoded at a fraction; a phone's best camera makes 50 million."""
LARGEST_WHOLE = 20_000_000
"""Pixels of PNG and WebP, which are decoded whole, at up to 8 bytes each."""
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""By EXIF's orientation. `exif_transpose` would write the metadata anew, and fail on odd ones."""
SMALLEST_SIDE = 200
LONGEST_SIDE = 1600


def check_photo(upload: UploadedFile) -> ContentFile:
    """Return `upload` as a clean JPEG; raise ValidationError with one sentence."""
    if (upload.size or 0) > LARGEST_FILE:
        raise ValidationError(_("Foto ini lebih dari 12 MB. Pilih foto yang lebih kecil."))
    try:
        return _drawn_anew(_opened(upload))
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
        struct.error,
    ) as error:
        # Pillow's decoders raise all of these on broken files.
        raise ValidationError(_("Berkas ini bukan foto, atau rusak. Pilih foto lain.")) from error


def _opened(upload: UploadedFile) -> Image.Image:
    """Read the header alone and refuse what would fill the memory."""
    with warnings.catch_warnings():
        # We check the size ourselves, by one limit.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            picture = Image.open(upload, formats=FORMATS)
        except Image.DecompressionBombError as error:
            raise ValidationError(_too_many_pixels()) from error
    width, height = picture.size
    if width * height > (LARGEST_PICTURE if picture.format == "JPEG" else LARGEST_WHOLE):
        raise ValidationError(_too_many_pixels())
    if min(width, height) < SMALLEST_SIDE:
        raise ValidationError(_("Foto ini terlalu kecil. Paling sedikit 200 × 200 piksel."))
    return picture


def _too_many_pixels() -> str:
    return _("Ukuran gambar foto ini terlalu besar. Pilih foto dari kamera ponsel Anda.")


def _drawn_anew(picture: Image.Image) -> ContentFile:
    """Make it small first: at full size each copy of a phone's photo is 200 MB."""
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    turn = _turn(picture)
    upright = (picture if turn is None else picture.transpose(turn)).convert("RGBA")
    ground = Image.new("RGB", upright.size, "white")
    ground.paste(upright, mask=upright.getchannel("A"))
    data = BytesIO()
    ground.save(data, "JPEG", quality=85, optimize=True)
    return ContentFile(data.getvalue())


def _turn(picture: Image.Image) -> Image.Transpose | None:
    """Return what makes the photo upright, None where its metadata say nothing or are broken."""
    try:
        return TURNS.get(picture.getexif().get(ExifTags.Base.Orientation, 1))
    except (SyntaxError, ValueError, TypeError, OSError, struct.error):
        # Pillow's reader raises all of these on what phones and apps write there.
        return None


def do_keep_photo(photo: ContentFile, title: str, collection: Collection) -> AbstractImage:
    """Keep a checked photo in the co-operative's own collection."""
    return get_image_model().objects.create(
        title=title,
        collection=collection,
        file=ImageFile(photo.file, name="produk.jpg"),
        file_size=photo.size,
    )
