"""What a coordinator writes down of a trader: the stall, the number, and what was agreed to."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cms.cooperatives.access import Role, cooperatives_for
from cms.cooperatives.models import Cooperative
from cms.core.day_input import DayInput
from cms.core.models import User
from cms.traders.consents import WORDINGS, Kind
from cms.traders.models import Commodity, Consent, Stall


class ConsentForm(forms.Form):
    """What was agreed to, when and how. `today` is the day at the market."""

    contact = forms.BooleanField(label=_("Nama dan nomor WhatsApp boleh tampil"), required=False)
    contact_wording = forms.CharField(
        label=_("Kalimat yang disetujui untuk nama dan nomor"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    picture = forms.BooleanField(label=_("Foto dan rekaman boleh tayang"), required=False)
    picture_wording = forms.CharField(
        label=_("Kalimat yang disetujui untuk foto dan rekaman"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    way = forms.ChoiceField(
        label=_("Cara setuju"),
        choices=[(each.value, each.label) for each in (Consent.Way.PAPER, Consent.Way.SPOKEN)],
    )
    given_on = forms.DateField(label=_("Tanggal setuju"), widget=DayInput)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["given_on"].initial = today
        self.fields["contact_wording"].initial = WORDINGS[Kind.CONTACT]
        self.fields["picture_wording"].initial = WORDINGS[Kind.PICTURE]

    def clean_given_on(self) -> date:
        """Refuse a day that is still to come."""
        day: date = self.cleaned_data["given_on"]
        if day > self.today:
            raise ValidationError(_("Tanggal setuju belum lewat. Tulis hari ini atau sebelumnya."))
        return day

    def clean(self) -> dict[str, Any]:
        """A consent without its sentence is none."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("contact", "picture"):
            if data.get(name) and not data.get(f"{name}_wording"):
                self.add_error(f"{name}_wording", _("Tulis kalimat yang disetujui pedagang."))
        return data

    def consents(self) -> list[tuple[Consent.Kind, str]]:
        """Return each kind that was agreed to, with its sentence."""
        data = self.cleaned_data
        kinds = ((Kind.CONTACT, "contact"), (Kind.PICTURE, "picture"))
        return [(kind, data[f"{name}_wording"]) for kind, name in kinds if data[name]]

    def given_at(self, zone: str, now: datetime) -> datetime:
        """Return the moment to keep: now for today, else noon of that day at the market."""
        day: date = self.cleaned_data["given_on"]
        if day == self.today:
            return now
        return datetime.combine(day, time(12), ZoneInfo(zone))


class TraderForm(ConsentForm):
    """A trader who is not there yet."""

    cooperative = forms.ModelChoiceField(Cooperative.objects.none(), label=_("Koperasi"))
    name = forms.CharField(label=_("Nama lapak"), max_length=80)
    block = forms.CharField(label=_("Blok dan nomor"), max_length=20, required=False)
    commodities = forms.ModelMultipleChoiceField(
        Commodity.objects.all(),
        label=_("Komoditas"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    whatsapp = forms.CharField(
        label=_("Nomor WhatsApp"),
        max_length=40,
        help_text=_("Contoh: 0812 3456 7890"),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    field_order = ("cooperative", "name", "block", "commodities", "whatsapp")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place = self.fields["cooperative"]
        assert isinstance(place, forms.ModelChoiceField)
        place.queryset = cooperatives_for(user, Role.COORDINATOR)
        place.initial = place.queryset.first()

    def clean(self) -> dict[str, Any]:
        """Read the number, and refuse a stall that is there already: a button pressed twice."""
        data = super().clean()
        stall = Stall(whatsapp=data.get("whatsapp", ""))
        try:
            stall.clean()
        except ValidationError as error:
            self.add_error("whatsapp", error.messages)
        data["whatsapp"] = stall.whatsapp
        same = Stall.objects.filter(
            cooperative=data.get("cooperative"), name=data.get("name"), whatsapp=stall.whatsapp
        )
        if same.exists():
            self.add_error("name", _("Lapak ini sudah tercatat dengan nomor yang sama."))
        return data

    def stall(self) -> Stall:
        """Return the stall, not yet saved. Without consent its number is hidden."""
        data = self.cleaned_data
        return Stall(
            cooperative=data["cooperative"],
            name=data["name"],
            block=data["block"],
            whatsapp=data["whatsapp"],
            hide_number=not data["contact"],
        )
