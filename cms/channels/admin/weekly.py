"""The page of a channel's weekly template."""

from collections.abc import Iterable
from datetime import time
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.channels.actions import Contradiction
from cms.channels.admin.failures import sentence_of
from cms.channels.admin.forms import EntryForm
from cms.channels.admin.views import ChannelView, day_of
from cms.channels.models import Playlist, WeeklySlot
from cms.channels.template.actions import (
    LISTED,
    NewBlock,
    do_add_block,
    do_add_slot,
    do_remove_slot,
)
from cms.channels.times import zone_name
from cms.core.formats import DAYS, NBSP, language
from cms.core.refusals import Refused
from media_pipeline.errors import StoreUnavailable

WORKDAYS = range(5)


class SlotForm(EntryForm):
    """A video or a block, the days on which it stands each week, and when it starts."""

    content = forms.ChoiceField(
        label=gettext_lazy("Isi"), choices=WeeklySlot.Content.choices, initial="video"
    )
    playlist = forms.ModelChoiceField(
        label=gettext_lazy("Daftar putar"),
        queryset=Playlist.objects.none(),
        required=False,
        empty_label=gettext_lazy("Tanpa daftar"),
        help_text=gettext_lazy("Jeda tanpa daftar diisi dengan pengisi saluran."),
    )
    minutes = forms.DecimalField(
        label=gettext_lazy("Lama (menit)"),
        min_value=Decimal("0.5"),
        max_value=24 * 60,
        decimal_places=2,
        required=False,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Hari"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    first = forms.DateField(
        label=gettext_lazy("Sejak tanggal"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    last = forms.DateField(
        label=gettext_lazy("Sampai tanggal"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days, playlist = self.fields["weekdays"], self.fields["playlist"]
        assert isinstance(days, forms.TypedMultipleChoiceField)
        assert isinstance(playlist, forms.ModelChoiceField)
        days.choices = list(enumerate(DAYS[language()]))
        playlist.queryset = Playlist.objects.visible_to(kwargs["user"]).for_channel(
            kwargs["channel"]
        )
        self.fields["video"].required = False
        # Who plans a video needs to say nothing more than before there were blocks.
        self.fields["content"].required = False

    @property
    def block(self) -> NewBlock | None:
        """The block that was asked for, None for a video."""
        given = self.cleaned_data
        if given["content"] == WeeklySlot.Content.VIDEO:
            return None
        content = WeeklySlot.Content(given["content"])
        return NewBlock(content, given["playlist"], round(given["minutes"] * 60))

    def clean(self) -> dict[str, Any] | None:
        """Refuse a template that ends before it begins, or lacks what its kind needs."""
        given = super().clean() or self.cleaned_data
        first, last = given.get("first"), given.get("last")
        if first and last and last < first:
            self.add_error("last", _("Tanggal akhir lebih awal daripada tanggal mulai."))
        given["content"] = given.get("content") or WeeklySlot.Content.VIDEO
        if given["content"] == WeeklySlot.Content.VIDEO:
            if not given.get("video") and "video" not in self.errors:
                self.add_error("video", _("Pilih videonya."))
        elif given.get("minutes") is None and "minutes" not in self.errors:
            self.add_error("minutes", _("Tulis berapa lama."))
        if given["content"] == WeeklySlot.Content.FAIR:
            # The field is hidden for it, and may hold what was chosen before.
            given["playlist"] = None
        if (
            given["content"] in LISTED
            and not given.get("playlist")
            and "playlist" not in self.errors
        ):
            self.add_error("playlist", _("Pilih daftar putarnya."))
        return given


class WeeklyView(ChannelView):
    """The template, and the form that adds to it; `?tanggal=` offers that date alone."""

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        initial: dict[str, Any] = {"weekdays": list(WORKDAYS)}
        if chosen := request.GET.get("tanggal"):
            day = day_of(chosen)
            once = {"weekdays": [day.weekday()], "first": day, "last": day}
            initial = {**once, "content": WeeklySlot.Content.BREAK, "minutes": 3}
        return self._page(self._form(initial=initial))

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        self.require_editor()
        form = self._form(data=request.POST)
        if not (form.is_valid() and self._add(form)):
            return self._page(form)
        return redirect(reverse(self.url_names["weekly"], args=[self.channel.pk]))

    def _add(self, form: SlotForm) -> bool:
        given, block = form.cleaned_data, form.block
        when = (given["weekdays"], given["start"], self.now)
        said = {"note": given["note"], "first": given["first"], "last": given["last"]}
        try:
            if block is None:
                self.tell(do_add_slot(self.channel, given["video"], *when, **said))
            else:
                self.tell(do_add_block(self.channel, block, *when, **said))
        except Refused as refused:
            form.add_error("start", str(refused))
        except (Contradiction, StoreUnavailable) as failure:
            form.add_error(None, sentence_of(failure))
        return not form.errors

    def _form(self, **kwargs: Any) -> SlotForm:
        return SlotForm(channel=self.channel, user=self.user, day=self.today, **kwargs)

    def _page(self, form: SlotForm) -> HttpResponse:
        slots = self.channel.weekly.select_related("video", "playlist")
        context = {
            "channel": self.channel,
            "slots": [
                (slot, self._hour(slot.clock), days_in_words(slot.weekdays)) for slot in slots
            ],
            "form": form,
            "can_edit": self.can_edit,
            "names": self.url_names,
        }
        return render(self.request, "channels/admin/weekly.html", context)

    def _hour(self, clock: time) -> str:
        text = f"{clock:%H:%M}" if language() == "en" else f"{clock:%H.%M}"
        return f"{text}{NBSP}{zone_name(self.channel)}"


class RemoveSlotView(ChannelView):
    """Take an entry out of the template."""

    def post(self, request: HttpRequest, slot: int, **_kwargs: Any) -> HttpResponse:
        self.require_editor()
        found = get_object_or_404(WeeklySlot, pk=slot, channel=self.channel)
        try:
            self.tell(do_remove_slot(found, self.now))
        except (Contradiction, StoreUnavailable) as failure:
            messages.error(request, sentence_of(failure))
        return redirect(reverse(self.url_names["weekly"], args=[self.channel.pk]))


def days_in_words(weekdays: Iterable[int]) -> str:
    """Return Senin–Jumat for days in a row, three of them at least; else Senin, Rabu."""
    names, runs = DAYS[language()], _runs(sorted(weekdays))
    return ", ".join(
        f"{names[run[0]]}–{names[run[-1]]}" if len(run) > 2 else ", ".join(names[n] for n in run)
        for run in runs
    )


def _runs(numbers: list[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs
