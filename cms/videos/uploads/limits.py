"""What one person may send, whichever way the bytes go."""

from django.conf import settings
from django.utils.translation import gettext as _

from cms.core.formats import ukuran
from cms.videos.uploads.answers import Answer

MOST_OPEN = 20
"""Unfinished uploads of one person."""


def check_length(length: int, largest: int | None = None) -> None:
    """Refuse a file that is empty or larger than `largest`, and than any may be."""
    largest = min(largest or settings.LARGEST_UPLOAD, settings.LARGEST_UPLOAD)
    if length <= 0:
        raise Answer(400, _("Berkas ini kosong. Kirim ulang dari galeri Anda."))
    if length > largest:
        most = ukuran(largest)
        raise Answer(413, _("Berkas terlalu besar. Batasnya %(most)s.") % {"most": most})


def check_open(count: int, most: int) -> None:
    """Refuse another upload to who has `count` unfinished ones."""
    if count >= most:
        raise Answer(429, _("Terlalu banyak unggahan yang belum selesai. Selesaikan dulu."))


def no_such_cooperative() -> Answer:
    """Return the refusal of a co-operative that the person may not upload to."""
    return Answer(403, _("Pilih koperasi tempat Anda boleh mengunggah."))


def gone() -> Answer:
    """Return the answer for an upload that is not there, or not this person's."""
    return Answer(404, _("Unggahan ini tidak ada lagi. Kirim ulang berkasnya."))


def deleted() -> Answer:
    """Return the answer for an upload whose video somebody has deleted since."""
    return Answer(410, _("Video dari unggahan ini sudah dihapus. Kirim ulang bila perlu."))
