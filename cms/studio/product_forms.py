"""A product, its photos and its certificates, as a trader writes them on the phone."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.core.day_input import DayInput
from cms.core.models import User
from cms.studio.access import stalls_of
from cms.studio.forms import explain_required
from cms.studio.photo_forms import (
    MOST_PHOTOS,
    KeepsPhotos,
    PhotoField,
    PhotosField,
    SentField,
    too_many,
)
from cms.traders.amounts import read_rupiah
from cms.traders.models import Certificate, Product, ProductPhoto

UNITS = (
    *("kg", "ons", "gram", "ikat", "buah", "butir", "ekor", "pasang", "lembar", "lusin"),
    *("bungkus", "botol", "liter", "porsi", "potong"),
)


class RupiahField(forms.IntegerField):
    """Whole rupiah, as people write them; what was typed is shown again if it is refused."""

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values or isinstance(value, int):
            return value or None
        return read_rupiah(str(value))


class _Thumbnails(forms.ModelMultipleChoiceField):
    def label_from_instance(self, photo: ProductPhoto) -> str:
        return _("Buang foto ini")


class ProductForm(KeepsPhotos, forms.ModelForm):
    """A product with its photos."""

    camera = PhotoField(gettext_lazy("Foto dari kamera"), camera=True)
    photo = PhotoField(
        gettext_lazy("Foto dari galeri"),
        help_text=gettext_lazy("JPEG, PNG, WebP atau HEIC, paling besar 12 MB."),
    )
    sent = SentField()
    more = PhotosField(
        gettext_lazy("Foto tambahan"),
        help_text=gettext_lazy("Boleh beberapa sekaligus, paling banyak 5."),
    )
    more_sent = SentField()
    removed = _Thumbnails(
        queryset=ProductPhoto.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    unit = forms.ChoiceField(label=gettext_lazy("Satuan"))

    class Meta:
        model = Product
        fields = [
            *("stall", "name", "price", "price_high", "unit", "commodity"),
            *("description", "shop_url", "active"),
        ]
        widgets = {
            "price": forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"}),
            "price_high": forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"}),
            "description": forms.Textarea(attrs={"rows": 3}),
            "shop_url": forms.TextInput(attrs={"inputmode": "url", "autocomplete": "url"}),
        }
        field_classes = {"price": RupiahField, "price_high": RupiahField}
        labels = {
            "price": gettext_lazy("Harga"),
            "price_high": gettext_lazy("Harga tertinggi"),
            "commodity": gettext_lazy("Komoditas"),
            "shop_url": gettext_lazy("Toko sendiri di internet"),
        }
        help_texts = {
            "price": gettext_lazy("Contoh: 18.500 atau 18,5 rb"),
            "price_high": gettext_lazy("Isi hanya bila harganya berkisar."),
            "shop_url": gettext_lazy("Bila ada. Contoh: https://tokopedia.com/lapak-anda"),
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer_stalls(user)
        self.offer_sent(user)
        self._offer_units()
        commodity, removed = self.fields["commodity"], self.fields["removed"]
        assert isinstance(commodity, forms.ModelChoiceField)
        assert isinstance(removed, forms.ModelChoiceField)
        commodity.empty_label = _("Belum dipilih")
        if self.instance.pk:
            removed.queryset = self.instance.photos.select_related("image")
        explain_required(self)

    def _offer_stalls(self, user: User) -> None:
        stalls, field = stalls_of(user), self.fields["stall"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset, field.empty_label = stalls, _("Pilih satu")
        if len(stalls) == 1:
            self.instance.stall = stalls[0]
            del self.fields["stall"]

    def _offer_units(self) -> None:
        field = self.fields["unit"]
        assert isinstance(field, forms.ChoiceField)
        known = (*UNITS, self.instance.unit) if self.instance.unit not in UNITS else UNITS
        field.choices = [(each, each) for each in known if each]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kept = self.instance.photos.count() if self.instance.pk else 0
        added = len(cleaned.get("more", ())) + len(cleaned.get("more_sent", ()))
        if kept - len(cleaned.get("removed", ())) + added > MOST_PHOTOS:
            self.add_error("more", too_many())
        return cleaned

    def thumbnails(self) -> Iterator[tuple[ProductPhoto, Any]]:
        """Yield each further photo with the tick that removes it."""
        queryset = self.fields["removed"].queryset  # type: ignore[attr-defined]
        return zip(queryset, self["removed"], strict=True)

    def _get_validation_exclusions(self) -> set[str]:
        """The address is made when saving: an empty one must not look taken."""
        return super()._get_validation_exclusions() | {"slug"}  # type: ignore[misc]


class CertificateForm(KeepsPhotos, forms.ModelForm):
    """A certificate with its number, last day and photo."""

    camera = PhotoField(gettext_lazy("Foto sertifikat dari kamera"), camera=True)
    photo = PhotoField(gettext_lazy("Foto sertifikat dari galeri"))
    sent = SentField()

    class Meta:
        model = Certificate
        fields = ["kind", "number", "expires_on"]
        widgets = {
            "number": forms.TextInput(attrs={"autocomplete": "off"}),
            "expires_on": DayInput,
        }
        labels = {
            "kind": gettext_lazy("Jenis sertifikat"),
            "number": gettext_lazy("Nomor sertifikat"),
            "expires_on": gettext_lazy("Berlaku sampai"),
        }

    def __init__(self, *args: Any, user: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today
        self.offer_sent(user)
        expires_on = self.fields["expires_on"]
        assert isinstance(expires_on, forms.DateField)
        expires_on.input_formats = ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y"]
        expires_on.error_messages["invalid"] = _("Tanggal belum benar. Contoh: 31-12-2027.")
        explain_required(self)

    def clean_number(self) -> str:
        number = " ".join(str(self.cleaned_data["number"]).split())
        if not any(each.isdigit() for each in number):
            raise ValidationError(_("Nomor ini belum benar. Salin dari sertifikatnya."))
        return number

    def clean_expires_on(self) -> date:
        day: date = self.cleaned_data["expires_on"]
        if day < self._today:
            raise ValidationError(_("Sertifikat ini sudah lewat. Tulis yang masih berlaku."))
        if day.year > self._today.year + 20:
            raise ValidationError(_("Tahun ini terlalu jauh. Periksa tanggalnya."))
        return day
