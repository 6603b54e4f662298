"""What an editor is told when an edit cannot be put on air."""

import logging

from django.utils.translation import gettext as _

from cms.channels.actions import Contradiction
from cms.channels.in_force import Unreadable
from media_pipeline.errors import StoreUnavailable

logger = logging.getLogger(__name__)


def sentence_of(failure: Contradiction | StoreUnavailable) -> str:
    """Return what happened to an edit that was rolled back, and log it for the operator."""
    logger.error("an edit was not put on air: %s", failure)
    if isinstance(failure, StoreUnavailable):
        return _("Penyimpanan siaran tidak terjangkau. Tidak ada yang berubah. Coba lagi sebentar.")
    return _(
        "Perubahan ini menyentuh yang sudah ditonton. Tidak ada yang berubah. "
        "Coba lagi sebentar, atau hubungi pengelola."
    )


def told_broken(why: Unreadable) -> str:
    """Return what is broken of a channel and who mends it, and log it for the operator."""
    logger.error("a page of the planner cannot be shown: %s", why)
    text = _(
        "Berkas siaran %(file)s hilang atau rusak, jadi susunan saluran ini belum dapat dibaca "
        "atau diubah: pengelola harus memulihkan berkas itu dari cadangan."
    )
    return text % {"file": why.file}
