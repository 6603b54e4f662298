"""A video's cover: an image of the editors, else a frame of the video."""

from typing import Any

from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import SourceImageIOError

from cms.core import published
from cms.videos.models import Media, Video
from media_pipeline.model import keys

RENDITION = "fill-960x540|format-jpeg|jpegquality-72"


def cover_url(video: Video) -> str:
    """Return the address of the cover of `video`, "" when it has none yet.

    Lists should `select_related("media", "cover_image")`.
    """
    if image := video.cover_image:
        try:
            return image.get_rendition(RENDITION).url
        except (SourceImageIOError, InvalidFilterSpecError):
            pass  # the image's file is gone: the frame serves
    media = media_of(video)
    frame = frame_at(frames_of(media), video.cover_at) if media else None
    return frame_url(media, frame) if media and frame else ""


def frames_of(media: Media) -> list[dict[str, Any]]:
    """Return the poster frames that can be fetched: none once it was taken down."""
    return [] if media.taken_down_at else list(media.posters)


def frame_at(posters: list[dict[str, Any]], at: float | None) -> dict[str, Any] | None:
    """Return the poster frame nearest to `at` seconds, the first one if `at` is None."""
    if not posters:
        return None
    if at is None:
        return posters[0]
    return min(posters, key=lambda poster: abs(poster["at"] - at))


def frame_url(media: Media, frame: dict[str, Any]) -> str:
    """Return the address of a poster frame of the publication in use."""
    folder = keys.publication_folder(media.publication)
    return published.url(f"{folder}/{frame['uri']}")


def media_of(video: Video) -> Media | None:
    """Return the machine's row of `video`, None where it has none (a preview, an old row)."""
    try:
        return video.media
    except Media.DoesNotExist:
        return None
