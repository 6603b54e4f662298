"""What a trader says of a spot: which product, which days, where."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.cooperatives.models import Region
from cms.core.day_input import DayInput
from cms.core.models import User
from cms.studio.access import products_of
from cms.studio.forms import REQUIRED
from cms.traders.models import Clip, FeaturedSegment, Product


class ProductChoice(forms.ModelChoiceField):
    """Products by name, and by stall where the trader has several."""

    def label_from_instance(self, product: Product) -> str:
        return product.name


class ProductOfClipForm(forms.Form):
    """One of the trader's products that are on sale."""

    product = ProductChoice(queryset=Product.objects.none(), label=_("Produk"), empty_label=None)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["product"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = products_of(user).filter(active=True)
        field.to_field_name = "key"
        field.error_messages |= {
            "required": REQUIRED,
            "invalid_choice": _("Pilih dari daftar ini."),
        }


class PartForm(forms.Form):
    """Which part of a film is wanted."""

    begin = forms.DecimalField(
        label=_("Mulai pada detik"),
        min_value=0,
        max_value=6 * 3600,
        decimal_places=1,
        help_text=_("0 berarti sejak awal klip."),
        error_messages={
            "required": REQUIRED,
            "invalid": _("Detik belum benar. Tulis angka saja, contoh 12."),
            "min_value": _("Mulai tidak boleh kurang dari 0."),
            "max_value": _("Detik belum benar. Tulis angka saja, contoh 12."),
            "max_decimal_places": _("Detik belum benar. Tulis angka saja, contoh 12."),
        },
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "min": 0, "step": "0.1"}),
    )
    seconds = forms.TypedChoiceField(
        label=_("Panjang"),
        choices=Clip.Length.choices,
        coerce=int,
        error_messages={"required": REQUIRED, "invalid_choice": _("Pilih dari daftar ini.")},
    )


class AirForm(forms.ModelForm):
    """The days on which a spot airs, and the regions; empty is always, and everywhere."""

    class Meta:
        model = FeaturedSegment
        fields = ["starts_on", "ends_on", "regions"]
        labels = {"regions": _("Hanya di wilayah ini")}
        help_texts = {
            "starts_on": _("Kosongkan untuk mulai secepatnya."),
            "ends_on": _("Kosongkan bila tanpa batas."),
            "regions": _("Kosongkan untuk semua wilayah."),
        }
        widgets = {
            "starts_on": DayInput,
            "ends_on": DayInput,
            "regions": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today
        regions = self.fields["regions"]
        assert isinstance(regions, forms.ModelMultipleChoiceField)
        regions.queryset = Region.objects.all()
        regions.error_messages["invalid_choice"] = _("Pilih dari daftar ini.")
        for name in ("starts_on", "ends_on"):
            self.fields[name].error_messages["invalid"] = _("Tanggal belum benar.")

    def clean_ends_on(self) -> date | None:
        end: date | None = self.cleaned_data["ends_on"]
        if end is not None and end < self._today:
            raise forms.ValidationError(_("Tanggal ini sudah lewat."))
        return end

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        start, end = values.get("starts_on"), values.get("ends_on")
        if start is not None and end is not None and end < start:
            self.add_error("ends_on", _("Hari terakhir harus sesudah hari pertama."))
        return values
