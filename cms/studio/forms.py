"""What a trader may write. Choices are their own rows only."""

import re
from typing import Any

from django import forms
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cms.core.formats import lama
from cms.core.models import User
from cms.studio.access import products_of, stalls_of
from cms.studio.photos import check_photo
from cms.traders.models import FeaturedSegment, Product, Stall
from cms.videos.models import Video

UNITS = ("kg", "ons", "ikat", "buah", "butir", "bungkus", "botol", "liter", "porsi", "potong")
REQUIRED = _("Bagian ini belum diisi.")


class StallForm(forms.ModelForm):
    """The trader's own stall. Its co-operative and its badge are not theirs to change."""

    class Meta:
        model = Stall
        fields = ["name", "block", "description", "whatsapp", "hide_number"]
        widgets = {
            "whatsapp": forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
            "description": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Nama lapak")
        _explain_required(self)


class RupiahField(forms.IntegerField):
    """Whole rupiah, as people write them: 18500, 18.500 or Rp18.500."""

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str):
            value = value.strip().removeprefix("Rp").strip()
            # A dot parts thousands; elsewhere it would be a price that nobody meant.
            if re.fullmatch(r"\d{1,3}(\.\d{3})+", value):
                value = value.replace(".", "")
        return super().to_python(value)


class ProductForm(forms.ModelForm):
    """A product, with a photo from the phone."""

    photo = forms.FileField(
        label=_("Foto"),
        required=False,
        help_text=_("JPEG, PNG atau WebP, paling besar 12 MB."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    unit = forms.ChoiceField(label=_("Satuan"))

    class Meta:
        model = Product
        fields = ["stall", "name", "price", "price_high", "unit", "description", "active"]
        widgets = {
            "price": forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            "price_high": forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            "description": forms.Textarea(attrs={"rows": 3}),
        }
        field_classes = {"price": RupiahField, "price_high": RupiahField}
        labels = {"price": _("Harga"), "price_high": _("Harga tertinggi")}
        help_texts = {
            "price": _("Dalam rupiah. Contoh: 18.500"),
            "price_high": _("Isi hanya bila harganya berkisar."),
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stalls = stalls_of(user)
        stall_field = self.fields["stall"]
        assert isinstance(stall_field, forms.ModelChoiceField)
        stall_field.queryset = stalls
        stall_field.empty_label = _("Pilih satu")
        if len(stalls) == 1:
            self.instance.stall = stalls[0]
            del self.fields["stall"]
        unit = self.fields["unit"]
        assert isinstance(unit, forms.ChoiceField)
        known = (*UNITS, self.instance.unit) if self.instance.unit not in UNITS else UNITS
        unit.choices = [(each, each) for each in known if each]
        for name in ("price", "price_high"):
            self.fields[name].error_messages["invalid"] = _(
                "Harga belum benar. Tulis angka saja, contoh 18500."
            )
            self.fields[name].error_messages["min_value"] = _(
                "Harga belum benar. Tulis angka lebih dari 0."
            )
        _explain_required(self)

    def clean_photo(self) -> ContentFile | None:
        upload: UploadedFile | None = self.cleaned_data.get("photo")
        return check_photo(upload) if upload else None

    def _get_validation_exclusions(self) -> set[str]:
        """The address is made when saving: an empty one must not look taken."""
        return super()._get_validation_exclusions() | {"slug"}  # type: ignore[misc]


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
        _explain_required(self)


def offered_videos(user: User) -> QuerySet[Video]:
    """Published videos of the co-operatives in which `user` has a stall."""
    own = stalls_of(user).values("cooperative")
    return Video.objects.public().filter(cooperative__in=own).select_related("media")


def _explain_required(form: forms.BaseForm) -> None:
    for field in form.fields.values():
        field.error_messages["required"] = REQUIRED
