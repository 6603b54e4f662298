"""The still card of an install: a video like any other, made by code once."""

import tempfile
from datetime import datetime
from pathlib import Path

from django.db import transaction

from cms.channels import card
from cms.channels.models import InstallSlate
from cms.cooperatives.models import Cooperative
from cms.videos.actions import do_create_video
from cms.videos.models import Video

TITLE = "Kartu jeda: Siar segera kembali"


def do_ensure_slate(now: datetime, seconds: int = card.SECONDS) -> Video | None:
    """Return the install's still card; make it and ask for its encode if there is none.

    One that was taken down plays no more, and another takes its place.

    It belongs to the topmost co-operative and stays a draft: it is on no page.
    None while there is no co-operative. Channels go on air once it is encoded.
    """
    held = InstallSlate.objects.select_related("video__media").first()
    if held is not None and held.video.media.taken_down_at is None:
        return held.video
    apex = Cooperative.get_first_root_node()
    if apex is None:
        return None
    with tempfile.TemporaryDirectory(prefix="siar-slate-") as folder:
        made = card.film(Path(folder) / "segera-kembali.mp4", seconds)
        with transaction.atomic():
            video = do_create_video(apex, TITLE, made, None, now)
            row = held or InstallSlate()
            row.video = video
            row.save()
    return video
