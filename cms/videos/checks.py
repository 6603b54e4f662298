"""`manage.py check`: a chosen ffmpeg that lacks what encoding needs."""

import os
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from cms.videos.encoding import transcoding
from media_pipeline.errors import ToolMissing


@register
def check_chosen_tools(**_: Any) -> list[CheckMessage]:
    """Say what a chosen ffmpeg or ffprobe lacks; those that come with Siar are known to do."""
    if not {"SIAR_FFMPEG", "SIAR_FFPROBE"} & os.environ.keys():
        return []
    try:
        transcoding.check_tools(av1=settings.AV1)
    except ToolMissing as missing:
        return [Error(str(missing), id="siar.E010")]
    return []
