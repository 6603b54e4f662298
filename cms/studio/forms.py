"""What a trader may write. Choices are their own rows only."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cms.core.formats import lama
from cms.core.models import User
from cms.studio.access import products_of, stalls_of
from cms.traders.models import FeaturedSegment, Stall
from cms.videos.models import Video

REQUIRED = _("Bagian ini belum diisi.")


class StallForm(forms.ModelForm):
    """The trader's own stall. Its co-operative and its badge are not theirs to change."""

    class Meta:
        model = Stall
        fields = ["name", "block", "description", "commodities", "whatsapp", "hide_number"]
        widgets = {
            "commodities": forms.CheckboxSelectMultiple,
            "whatsapp": forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
            "description": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Nama lapak")
        explain_required(self)


class VideoChoice(forms.ModelChoiceField):
    """Videos by title and length: "Dapur Pasar (1.30)"."""

    def label_from_instance(self, video: Video) -> str:
        return f"{video.title} ({lama(video.media.duration_ms / 1000)})"


class SegmentForm(forms.ModelForm):
    """One of the trader's products in a video that their Koppas offers."""

    video = VideoChoice(queryset=Video.objects.none(), label=_("Video dari Koppas"))

    class Meta:
        model = FeaturedSegment
        fields = ["product", "video", "begin", "end"]
        labels = {"begin": _("Mulai pada detik"), "end": _("Selesai pada detik")}
        help_texts = {
            "begin": _("0 berarti sejak awal video."),
            "end": _("Paling singkat 3 detik sesudah mulai."),
        }
        widgets = {
            "begin": forms.NumberInput(attrs={"inputmode": "decimal", "min": 0, "step": "0.1"}),
            "end": forms.NumberInput(attrs={"inputmode": "decimal", "min": 0, "step": "0.1"}),
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, queryset in (
            ("product", products_of(user).filter(active=True)),
            ("video", offered_videos(user)),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = queryset
            field.empty_label = _("Pilih satu")
            field.error_messages["invalid_choice"] = _("Pilih dari daftar ini.")
        explain_required(self)


def offered_videos(user: User) -> QuerySet[Video]:
    """Published videos of the co-operatives in which `user` has a stall."""
    own = stalls_of(user).values("cooperative")
    return Video.objects.public().filter(cooperative__in=own).select_related("media")


def explain_required(form: forms.BaseForm) -> None:
    """Say in our words that a field is empty."""
    for field in form.fields.values():
        field.error_messages["required"] = REQUIRED
