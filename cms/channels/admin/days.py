"""What is done with a whole day: a draft of it, a copy of it."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cms.channels.actions import earliest_start
from cms.channels.admin import undo
from cms.channels.admin.views import AHEAD, ChannelView, told
from cms.channels.drafts.actions import (
    do_begin_draft,
    do_discard_draft,
    do_publish_draft,
)
from cms.channels.drafts.copies import do_copy_day
from cms.channels.drafts.days import DayOutline, outlines, plan_of
from cms.channels.models import DayDraft
from cms.channels.times import end_of
from cms.core.formats import tanggal


class DraftView(ChannelView):
    """Begin a draft of the day."""

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        self.require_editor()
        with told(request):
            do_begin_draft(self.channel, self.day, self.now)
            messages.success(
                request, _("Draf dimulai. Perubahan hari ini terkumpul sampai Anda menerbitkannya.")
            )
        return self.back()


class _OfDraft(ChannelView):
    @property
    def draft(self) -> DayDraft:
        """The day's draft, or 404."""
        if self.desk.draft is None:
            raise Http404
        return self.desk.draft


class PublishDraftView(_OfDraft):
    """Put the draft on air, if its editor has read what it changes."""

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        self.require_editor()
        with told(request):
            with transaction.atomic():
                done = do_publish_draft(self.draft, request.POST.get("seen", ""), self.now)
                undo.keep_days(request, self.channel, self.day, done)
            self.tell(done.edit, done.changes)
        return self.back()


class DiscardDraftView(_OfDraft):
    """Forget the draft."""

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        self.require_editor()
        with told(request):
            with transaction.atomic():
                was = do_discard_draft(self.draft)
                undo.keep_draft(request, self.channel, self.day, was, None)
            messages.success(request, _("Draf dibuang. Yang tayang tidak berubah."))
        return self.back()


class CopyForm(forms.Form):
    """On which dates, and what becomes of what is there."""

    days = forms.MultipleChoiceField(
        label=gettext_lazy("Salin ke"), widget=forms.CheckboxSelectMultiple
    )
    keeps = forms.ChoiceField(
        label=gettext_lazy("Bila tanggal itu sudah punya acara"),
        choices=[
            ("", gettext_lazy("Ganti semua acaranya")),
            ("1", gettext_lazy("Biarkan, dan tambahkan")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = self.fields["days"]
        assert isinstance(days, forms.MultipleChoiceField)
        days.choices = choices


class CopyView(ChannelView):
    """Copy the day to others; before that each says what it has."""

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        self.require_editor()
        return self._page(self._form())

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        self.require_editor()
        form = self._form(data=request.POST)
        if not form.is_valid():
            return self._page(form)
        days = [date.fromisoformat(day) for day in form.cleaned_data["days"]]
        with told(request):
            keeps = bool(form.cleaned_data["keeps"])
            with transaction.atomic():
                done = do_copy_day(self.channel, self.day, days, self.now, keeps=keeps)
                undo.keep_days(request, self.channel, self.day, done)
            self.tell(done.edit, done.changes)
            text = ngettext("Disalin ke %(count)s hari.", "Disalin ke %(count)s hari.", len(days))
            messages.success(request, text % {"count": len(days)})
        return self.back()

    def _form(self, **kwargs: Any) -> CopyForm:
        earliest = earliest_start(self.channel, self.now)
        held = outlines(self.channel, self.today, self.today + AHEAD)
        choices = [
            (day.isoformat(), f"{tanggal(day)}: {_has(outline)}")
            for day, outline in held.items()
            if day != self.day and end_of(self.channel, day) > earliest
        ]
        return CopyForm(choices=choices, **kwargs)

    def _page(self, form: CopyForm) -> HttpResponse:
        context = {
            "channel": self.channel,
            "day": self.day,
            "count": len(plan_of(self.channel, self.day)),
            "form": form,
            "names": self.url_names,
        }
        return render(self.request, "channels/admin/copy.html", context)


def _has(day: DayOutline) -> str:
    """Say what a day has before anything is copied to it."""
    if day.has_draft:
        return _("punya draf, terbitkan atau buang dulu")
    if day.own:
        text = ngettext("%(count)s acara sendiri", "%(count)s acara sendiri", day.entries)
        return text % {"count": day.entries}
    return _("mengulang %(day)s") % {"day": tanggal(day.repeats)} if day.repeats else _("kosong")
