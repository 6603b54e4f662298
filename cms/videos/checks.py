"""`manage.py check`: a chosen ffmpeg that lacks what encoding needs, too little room to encode in."""

import os
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from cms.videos.encoding import transcoding
from media_pipeline.errors import ToolMissing


@register("siar")
def check_chosen_tools(**_: Any) -> list[CheckMessage]:
    """Say what a chosen ffmpeg or ffprobe lacks; those that come with Siar are known to do."""
    if not {"SIAR_FFMPEG", "SIAR_FFPROBE"} & os.environ.keys():
        return []
    try:
        transcoding.check_tools(av1=settings.AV1)
    except ToolMissing as missing:
        return [Error(str(missing), id="siar.E010")]
    return []


@register("siar")
def check_scratch(**_: Any) -> list[CheckMessage]:
    """Say so where a title of the size that may be uploaded could never be encoded.

    A worker far from the originals needs a copy, and a second one in a form that can be
    cut where the container is an odd one.
    """
    if settings.SCRATCH_BYTES >= 2 * settings.LARGEST_UPLOAD:
        return []
    return [
        Warning(
            "SIAR_SCRATCH_BYTES is less than twice SIAR_LARGEST_UPLOAD.",
            hint="Some of the largest videos would wait for ever: raise the one or lower the other.",
            id="siar.W011",
        )
    ]
