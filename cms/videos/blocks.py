"""Blocks of StreamField that hold a video."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.blocks import SnippetChooserBlock

from cms.videos.models import Video


class VideoChooserBlock(SnippetChooserBlock):
    """A video by choice. Shows nothing while the video is not public.

    A posted id is not checked here: the page's form checks the scope.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Video, **kwargs)

    def render(self, value: Video | None, context: dict[str, Any] | None = None) -> str:
        if value is None or not Video.objects.public().filter(pk=value.pk).exists():
            return ""
        return super().render(value, context)

    class Meta:
        icon = "media"
        label = _("Video")
