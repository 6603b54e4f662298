"""What templates ask of a video: `{% load videos %}`, then `{{ video|cover }}`."""

from django import template

from cms.core.formats import lama
from cms.videos.covers import cover_url, media_of
from cms.videos.models import Video

register = template.Library()
register.filter("cover", cover_url)


@register.filter
def playlist(video: Video) -> str:
    """Return the address of the playlist of the publication in use, "" if there is none."""
    media = media_of(video)
    return media.playlist_url if media else ""


@register.filter
def length_text(video: Video) -> str:
    """Return the length as 12.40, "" if it is not known yet."""
    media = media_of(video)
    return lama(media.duration_ms / 1000) if media and media.duration_ms else ""
