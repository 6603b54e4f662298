"""The page on which editors set how a channel keeps prayer times."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from cms.channels.actions import Contradiction, do_set_azan
from cms.channels.admin.failures import sentence_of
from cms.channels.admin.views import ChannelView
from cms.channels.models import Azan, Channel
from cms.channels.prayer.cities import City, cities, city_named
from cms.channels.prayer.schedule import Setting, fasts
from cms.channels.prayer.times import PRAYERS, imsak, prayer_times
from cms.core.formats import ZONE_NAMES, jam
from cms.core.models import User
from cms.videos.models import Video
from media_pipeline.errors import StoreUnavailable

NAMES = {
    "subuh": gettext_lazy("Subuh"),
    "zuhur": gettext_lazy("Zuhur"),
    "asar": gettext_lazy("Asar"),
    "magrib": gettext_lazy("Magrib"),
    "isya": gettext_lazy("Isya"),
}
SHOWN_DAYS = 2


@dataclass(frozen=True)
class Times:
    """The prayer times of a day, as (name, 17.46 WIB); `fasts` adds imsak to them."""

    day: date
    fasts: bool
    rows: list[tuple[str, str]]


class AzanForm(forms.ModelForm):
    """Everything about a channel's azan. Only videos that the person sees are offered."""

    city = forms.TypedChoiceField(label=_("Kota"), coerce=int)
    prayers = forms.MultipleChoiceField(
        label=_("Waktu salat"),
        choices=list(NAMES.items()),
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Azan
        fields = (
            *("enabled", "city", "prayers", "clip", "minutes", "lead_seconds"),
            *("interrupts", "ramadan", "ramadan_shift"),
        )

    def __init__(self, *args: Any, channel: Channel, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = city_named(channel.cooperative.city, channel.cooperative.zone)
        field = self.fields["city"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = list(_choices(channel, self.own))
        offered = Video.objects.airable().filter(pk__in=Video.objects.visible_to(user).values("pk"))
        clip = self.fields["clip"]
        assert isinstance(clip, forms.ModelChoiceField)
        rows = Video.objects.filter(Q(pk__in=offered.values("pk")) | Q(pk=self.instance.clip_id))
        clip.queryset = rows.order_by("title")

    def clean_city(self) -> int:
        """Refuse a co-operative's city that has no known place."""
        city = int(self.cleaned_data["city"])
        if not city and self.own is None and self.cleaned_data.get("enabled"):
            raise forms.ValidationError(
                _("Letak kota koperasi ini tidak dikenal. Pilih kota yang paling dekat.")
            )
        return city


class AzanView(ChannelView):
    """Show and set the azan of a channel, with the times of today and tomorrow."""

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        return self._page(self._form())

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        self.require_editor()
        form = self._form(data=request.POST)
        if not form.is_valid():
            return self._page(form)
        try:
            self.tell(do_set_azan(form.save(commit=False), self.now))
        except (Contradiction, StoreUnavailable) as failure:
            messages.error(request, sentence_of(failure))
            return self._page(form)
        return redirect(reverse(self.url_names["azan"], args=[self.channel.pk]))

    def _form(self, **kwargs: Any) -> AzanForm:
        azan = self._held() or Azan(enabled=False)
        azan.channel = self.channel
        return AzanForm(instance=azan, channel=self.channel, user=self.user, **kwargs)

    def _held(self) -> Azan | None:
        return Azan.objects.filter(channel=self.channel).first()

    def _page(self, form: AzanForm) -> HttpResponse:
        held = self._held()
        azan = held or Azan()
        azan.channel = self.channel
        setting = azan.setting()
        shown = [self.today + timedelta(days=n) for n in range(SHOWN_DAYS)] if setting else []
        context = {
            "channel": self.channel,
            "form": form,
            "can_edit": self.can_edit,
            "is_on": held is not None and setting is not None,
            "city": setting.city.name if setting else "",
            "days": [times_on(setting, day) for day in shown if setting],
            "names": self.url_names,
        }
        return render(self.request, "channels/admin/azan.html", context)


def times_on(setting: Setting, day: date) -> Times:
    """Return the times of `day` by the clock of the city."""
    moments: list[tuple[str, datetime]] = []
    if fasts(setting, day):
        moments.append((gettext("Imsak"), imsak(setting.city, day)))
    times = prayer_times(setting.city, day)
    moments += [(str(NAMES[prayer]), times[prayer]) for prayer in PRAYERS]
    rows = [(name, jam(moment, setting.city.zone)) for name, moment in moments]
    return Times(day, fasts(setting, day), rows)


def _choices(channel: Channel, own: City | None) -> Iterator[tuple[int, str]]:
    if own is not None:
        yield 0, gettext("Kota koperasi (%(city)s)") % {"city": _label(own)}
    else:
        facts = {"city": channel.cooperative.city}
        yield 0, gettext("%(city)s: letaknya tidak dikenal") % facts
    for city in cities().values():
        yield city.pk, _label(city)


def _label(city: City) -> str:
    """Return a place's name with its clock and degrees: some share a name."""
    return f"{city.name} · {ZONE_NAMES[city.zone]} · {city.latitude:.2f}, {city.longitude:.2f}"
