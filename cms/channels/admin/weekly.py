"""The page of a channel's weekly template."""

from collections.abc import Iterable
from datetime import time
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.channels.admin import undo
from cms.channels.admin.desk import WeekDesk
from cms.channels.admin.forms import EntryForm
from cms.channels.admin.views import ChannelView, day_of, refusals, told
from cms.channels.admin.wording import told_changes
from cms.channels.drafts.coming import coming_changes
from cms.channels.drafts.weeks import (
    changes_of_week,
    do_begin_week_draft,
    do_discard_week_draft,
    do_publish_week_draft,
)
from cms.channels.models import Channel, Playlist, WeekDraft, WeeklySlot
from cms.channels.template.actions import LISTED
from cms.channels.times import zone_name
from cms.core.day_input import DayInput
from cms.core.formats import DAYS, NBSP, lama, language

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
        widget=DayInput,
    )
    last = forms.DateField(
        label=gettext_lazy("Sampai tanggal"),
        required=False,
        widget=DayInput,
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
    def line(self) -> WeeklySlot:
        """The line of the week that was asked for, not yet written."""
        given = self.cleaned_data
        line = WeeklySlot(channel=self.channel, clock=given["start"])
        for name in ("content", "note", "first", "last"):
            setattr(line, name, given[name])
        line.weekdays = sorted(given["weekdays"])
        if line.content == WeeklySlot.Content.VIDEO:
            line.video = given["video"]
        else:
            line.playlist, line.seconds = given["playlist"], round(given["minutes"] * 60)
        return line

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


class WeekView(ChannelView):
    """A page about the week of the channel `pk`."""

    @cached_property
    def week(self) -> WeekDesk:
        """Where edits of the week go."""
        return WeekDesk(self.request, self.channel, self.now)

    def draft(self) -> WeekDraft:
        """Return the draft of the week, or raise Http404."""
        if self.week.draft is None:
            raise Http404
        return self.week.draft

    def back_to_week(self) -> HttpResponse:
        """Return to the template."""
        return redirect(reverse(self.url_names["weekly"], args=[self.channel.pk]))


class WeeklyView(WeekView):
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
        return self.back_to_week()

    def _add(self, form: SlotForm) -> bool:
        with refusals(form):
            self.tell(self.week.add(form.line))
        return not form.errors

    def _form(self, **kwargs: Any) -> SlotForm:
        return SlotForm(channel=self.channel, user=self.user, day=self.today, **kwargs)

    def _page(self, form: SlotForm) -> HttpResponse:
        lines = self.week.lines()
        context = {
            "channel": self.channel,
            "lines": told_lines(self.channel, lines),
            "form": form,
            "can_edit": self.can_edit,
            "undo": undo.offered(self.request, self.channel, None),
            "draft": self.week.draft,
            "names": self.url_names,
        }
        if self.week.draft is not None:
            context |= self._changes(lines)
        return render(self.request, "channels/admin/weekly.html", context)

    def _changes(self, lines: list[WeeklySlot]) -> dict[str, Any]:
        changes = changes_of_week(self.channel, lines)
        coming = coming_changes(self.channel, lines, self.now)
        every = [change for found in coming.days.values() for change in found]
        named = {number: block_in_words(line) for number, line in coming.blocks.items()}
        lines_told = iter(told_changes(self.channel, every, named))
        return {
            "added": told_lines(self.channel, changes.new),
            "removed": told_lines(self.channel, changes.gone),
            "seen": changes.mark,
            "days": [
                (day, [next(lines_told) for _ in found]) for day, found in coming.days.items()
            ],
        }


class RemoveSlotView(WeekView):
    """Take a line out of the week."""

    def post(self, request: HttpRequest, slot: str, **_kwargs: Any) -> HttpResponse:
        self.require_editor()
        with told(request):
            self.tell(self.week.remove(_key(slot)))
        return self.back_to_week()


class UndoWeekView(WeekView):
    """Put the last edit of the week back."""

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        self.require_editor()
        with told(request):
            self.tell(*undo.do_undo(request, self.channel, None, self.now))
        return self.back_to_week()


class WeekDraftView(WeekView):
    """Begin a draft of the week."""

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        self.require_editor()
        do_begin_week_draft(self.channel)
        text = _("Draf dimulai. Perubahan mingguan terkumpul sampai Anda menerbitkannya.")
        messages.success(request, text)
        return self.back_to_week()


class PublishWeekView(WeekView):
    """Put the draft on air, if its editor has read what it changes."""

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        self.require_editor()
        with told(request):
            with transaction.atomic():
                done = do_publish_week_draft(self.draft(), request.POST.get("seen", ""), self.now)
                undo.keep_week(request, self.channel, done.gone, done.new)
            self.tell(done.edit)
        return self.back_to_week()


class DiscardWeekView(WeekView):
    """Forget the draft."""

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        self.require_editor()
        with told(request):
            with transaction.atomic():
                was = do_discard_week_draft(self.draft())
                undo.keep_week_draft(request, self.channel, was, None)
            messages.success(request, _("Draf dibuang. Yang tayang tidak berubah."))
        return self.back_to_week()


def _key(text: str) -> int:
    """Return the key of a line that an address names, or raise Http404."""
    try:
        return int(text)
    except ValueError as wrong:
        raise Http404 from wrong


def told_lines(channel: Channel, lines: Iterable[WeeklySlot]) -> list[tuple[WeeklySlot, str, str]]:
    """Return each line with its hour and its days in words."""
    return [(line, _hour(channel, line.clock), days_in_words(line.weekdays)) for line in lines]


def block_in_words(line: WeeklySlot) -> str:
    """Return what a block is called, with its length."""
    return f"{line.title} ({lama(line.seconds or 0)})"


def _hour(channel: Channel, clock: time) -> str:
    text = f"{clock:%H:%M}" if language() == "en" else f"{clock:%H.%M}"
    return f"{text}{NBSP}{zone_name(channel)}"


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
