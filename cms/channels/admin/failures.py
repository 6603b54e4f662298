"""What an editor is told when an edit cannot be put on air."""

import logging

from django.utils.translation import gettext as _

from cms.channels.actions import Contradiction
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
