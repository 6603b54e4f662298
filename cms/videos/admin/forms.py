"""The form of a video's text."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from cms.core.formats import lama
from cms.core.slugs import free_slug
from cms.videos.covers import frame_at, frame_url, frames_of, media_of
from cms.videos.models import Media, Video


class VideoForm(WagtailAdminModelForm):
    """Offers the frames that the publication in use has, and makes an address from the title."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "cover_at" in self.fields:
            self._offer_frames()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("slug") and cleaned.get("title"):
            others = Video.objects.exclude(pk=self.instance.pk)
            cleaned["slug"] = free_slug(others, cleaned["title"], "video")
        return cleaned

    def _offer_frames(self) -> None:
        media = media_of(self.instance)
        posters = frames_of(media) if media else []
        chosen = frame_at(posters, self.instance.cover_at)
        if self.instance.cover_at is not None and chosen:
            self.initial["cover_at"] = str(chosen["at"])
        choices = [(str(poster["at"]), _frame(media, poster)) for poster in posters if media]
        self.fields["cover_at"] = forms.TypedChoiceField(
            choices=[("", _("Bingkai pertama")), *choices],
            coerce=float,
            empty_value=None,
            required=False,
            label=_("Bingkai sampul"),
            help_text=_("Pilih satu bingkai dari video sebagai sampul."),
            widget=forms.RadioSelect(attrs={"class": "siar-frame"}),
        )


def _frame(media: Media, poster: dict[str, Any]) -> SafeString:
    """Return the picture and its place in the video, as a choice's label."""
    picture = '<img src="{}" width="160" height="90" alt="" loading="lazy"> <span>{}</span>'
    return format_html(picture, frame_url(media, poster), lama(poster["at"]))
