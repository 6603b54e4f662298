"""Pictures that anybody may have sent: opened under limits, drawn anew, small and upright.

What is drawn anew has no metadata: phones write where a photo was taken into it.
"""

import struct
import warnings
from collections.abc import Sequence
from io import BytesIO
from typing import IO

from PIL import ExifTags, Image, UnidentifiedImageError

from cms.traders import heif

LARGEST = 60_000_000
"""Pixels of a JPEG, which is decoded at a fraction, and of a HEIF, which is decoded in a process
of its own; a phone's best camera makes 50 million."""
LARGEST_WHOLE = 20_000_000
"""Pixels of all others, which are decoded whole, at up to 8 bytes each."""
LONGEST_SIDE = 1600
BROKEN = (
    *(UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError),
    *(ValueError, TypeError, EOFError, MemoryError, struct.error),
)
"""What Pillow's decoders raise on files that are none, or broken."""
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


class TooLarge(ValueError):
    """The picture has more pixels than are decoded."""


def opened(file: IO[bytes], formats: Sequence[str]) -> Image.Image:
    """Return the picture in `file`, of which only the header was read; a HEIF is decoded, and small.

    Raise TooLarge for what would fill the memory, or one of BROKEN.
    """
    if heif.FORMAT in formats and heif.is_heif(file):
        return Image.open(BytesIO(_decoded(file)), formats=["PPM"])
    with warnings.catch_warnings():
        # The size is checked here, by one limit.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            picture = Image.open(file, formats=formats)
        except Image.DecompressionBombError as error:
            raise TooLarge(str(error)) from error
    width, height = picture.size
    if width * height > (LARGEST if picture.format == "JPEG" else LARGEST_WHOLE):
        raise TooLarge(f"a picture of {width} × {height} pixels is not decoded")
    return picture


def _decoded(file: IO[bytes]) -> bytes:
    try:
        return heif.decode(file, most_pixels=LARGEST, longest=LONGEST_SIDE)
    except OverflowError as error:
        raise TooLarge(str(error)) from error


def drawn_anew(picture: Image.Image) -> Image.Image:
    """Return `picture` upright, in plain colours, at most LONGEST_SIDE; raise one of BROKEN.

    It is made small first: at full size each copy of a phone's photo is 200 MB.
    """
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    turn = _turn(picture)
    upright = (picture if turn is None else picture.transpose(turn)).convert("RGBA")
    ground = Image.new("RGB", upright.size, "white")
    ground.paste(upright, mask=upright.getchannel("A"))
    return ground


def _turn(picture: Image.Image) -> Image.Transpose | None:
    """Return what makes the photo upright, None where its metadata say nothing or are broken."""
    try:
        return TURNS.get(picture.getexif().get(ExifTags.Base.Orientation, 1))
    except (SyntaxError, ValueError, TypeError, OSError, struct.error):
        # Pillow's reader raises all of these on what phones and apps write there.
        return None
