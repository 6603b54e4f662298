"""The pages on which editors plan a day. The viewset's check of `pk` stands before each."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from cms.channels import catalogue, guide
from cms.channels.actions import (
    Contradiction,
    Edit,
    NotReady,
    do_repeat_day,
    earliest_start,
)
from cms.channels.admin import undo
from cms.channels.admin.advice import advice_for, gaps_of
from cms.channels.admin.desk import Desk
from cms.channels.admin.failures import sentence_of, told_broken
from cms.channels.admin.forms import EntryForm, NewEntryForm
from cms.channels.admin.lines import MANY, PART_HOURS, Line, in_part, lines_of, part_of
from cms.channels.admin.wording import told_changes, told_late, told_once
from cms.channels.drafts.actions import as_if_published, changes_of
from cms.channels.drafts.days import fingerprint
from cms.channels.drafts.weeks import week_draft_of
from cms.channels.in_force import Unreadable
from cms.channels.models import Channel, Playlist
from cms.channels.planned import repeated_day
from cms.channels.planning import Plan
from cms.channels.planning.days import Dated
from cms.channels.planning.differences import Change
from cms.channels.publishing import preview
from cms.channels.times import begin_of, end_of, local_date, to_the_second, zone_name
from cms.cooperatives.access import Role, may
from cms.core import clock
from cms.core.models import User
from cms.core.refusals import Refused
from media_pipeline.errors import StoreUnavailable

AHEAD = timedelta(days=14)
"""How far a day can be planned and looked at."""
FIRST = date(2020, 1, 1)
"""No channel is older; the moments of the year 1 have no UTC."""


class ChannelView(View):
    """A page about a day of the channel `pk`."""

    url_names: dict[str, str] = {}

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the channel, the day and this instant."""
        super().setup(request, *args, **kwargs)
        rows = Channel.objects.select_related("cooperative")
        self.channel = get_object_or_404(rows, pk=kwargs["pk"])
        self.now = clock.now()
        self.today = local_date(self.channel, self.now)
        self.day = day_of(kwargs["day"]) if "day" in kwargs else self.today
        if self.day > self.today + AHEAD:
            raise Http404
        self.desk = Desk(request, self.channel, self.day, self.now)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer, or say what is broken while the rundown in force cannot be read."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except Unreadable as why:
            context = {"channel": self.channel, "sentence": told_broken(why)}
            return render(request, "channels/admin/broken.html", context)

    @property
    def user(self) -> User:
        """Who asks; the admin lets nobody else in."""
        assert isinstance(self.request.user, User)
        return self.request.user

    @property
    def can_edit(self) -> bool:
        """Whether the person edits this channel, or may only look."""
        return may(self.user, self.channel.cooperative, Role.EDITOR)

    def require_editor(self) -> None:
        """Raise PermissionDenied for who may only look."""
        if not self.can_edit:
            raise PermissionDenied

    def url(self, name: str, *extra: Any) -> str:
        """Return the address of another page about this day."""
        return reverse(self.url_names[name], args=[self.channel.pk, self.day.isoformat(), *extra])

    def back(self, moment: datetime | None = None) -> HttpResponse:
        """Return to the day, at `moment` if one is given."""
        part = f"?bagian={part_of(self.channel, moment)}" if moment else ""
        return redirect(self.url("day") + part)

    def wish(self, wish: str) -> Dated:
        """Return the planned entry that `wish` names, a repeated one or one of a draft included."""
        for found in self.desk.drafted():
            if found.id == wish:
                return found
        near = catalogue.dated_near(self.channel, self.day)
        if wish not in near:
            raise Http404
        return near[wish]

    def preview(self) -> Plan:
        """Return what will be on air up to the end of the day; raise NotReady if nobody can know."""
        until = max(end_of(self.channel, self.day), self.now) + timedelta(hours=2)
        return preview(self.channel, self.now, until)

    def tell(self, edit: Edit | None, changes: Iterable[Change] = ()) -> None:
        """Say from when viewers see the edit, and how many of its `changes` came too late.

        None is an edit that waits in a draft.
        """
        published = edit.published if edit else None
        if edit is None:
            text = _("Tersimpan di draf. Belum tayang sampai drafnya diterbitkan.")
        elif published is not None and published.changes_from is not None:
            start = to_the_second(self.channel, published.changes_from)
            text = _("Tersimpan. Perubahan tayang mulai %(start)s.") % {"start": start}
        elif guide.on_air(self.channel, self.now) is None:
            text = _("Tersimpan. Saluran ini belum mengudara.")
        else:
            text = _("Tersimpan. Susunan akan tayang pada waktunya.")
        messages.success(self.request, text)
        if late := told_late(changes):
            messages.warning(self.request, late)


class TodayView(ChannelView):
    """The way from the list to a day; `?tanggal=` chooses which."""

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        if chosen := request.GET.get("tanggal"):
            self.day = min(day_of(chosen), self.today + AHEAD)
        return self.back()


class DayView(ChannelView):
    """A day, and the form that adds to it."""

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        return self._page(None)

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        self.require_editor()
        form = self._form(data=request.POST)
        if form.is_valid() and self._add(form):
            return self.back(form.moment)
        return self._page(form)

    def _add(self, form: NewEntryForm) -> bool:
        given = form.cleaned_data
        with refusals(form):
            self.tell(
                self.desk.add(given["video"], form.moment, given["note"], given["repeat_days"])
            )
        return not form.errors

    def _form(self, **kwargs: Any) -> NewEntryForm:
        return NewEntryForm(channel=self.channel, user=self.user, day=self.day, **kwargs)

    def _page(self, form: NewEntryForm | None) -> HttpResponse:
        draft = self.desk.draft
        changes = changes_of(draft, self.now) if draft else []
        with as_if_published(draft, self.now):
            shown = self._shown()
        lines, earliest = shown["all_lines"], shown["earliest"]
        context = {
            **shown,
            "channel": self.channel,
            "day": self.day,
            "is_today": self.day == self.today,
            "playlists": Playlist.objects.visible_to(self.user).for_channel(self.channel),
            "midnight": begin_of(self.channel, self.day),
            "before": self.day - timedelta(days=1),
            "after": self.day + timedelta(days=1) if self.day < self.today + AHEAD else None,
            "last": self.today + AHEAD,
            "draft": draft,
            "week_draft": week_draft_of(self.channel),
            "changes": told_changes(self.channel, changes),
            "seen": fingerprint(changes),
            "can_edit": self.can_edit,
            "can_choose": any(line.can_change and line.slot_day == self.day for line in lines),
            "is_open": end_of(self.channel, self.day) > earliest,
            "on_air": guide.on_air(self.channel, self.now),
            "upcoming": guide.upcoming(self.channel, self.now, 1),
            "undo": undo.offered(self.request, self.channel, self.day),
            "form": form or self._form(initial={"start": self._next_start(lines, earliest)}),
            "zone": zone_name(self.channel),
            "names": self.url_names,
        }
        return render(self.request, "channels/admin/day.html", context)

    def _shown(self) -> dict[str, Any]:
        """Return what the day holds and what is to be said of it."""
        plan, why_not = self._plan()
        all_lines = lines_of(self.channel, self.day, plan, self.now)
        lines, parts = self._part(all_lines)
        source = repeated_day(self.channel, self.day)
        earliest = earliest_start(self.channel, self.now)
        whole = source == self.day and begin_of(self.channel, self.day) >= earliest
        return {
            "all_lines": all_lines,
            "lines": lines,
            "parts": parts,
            "span": self._span(parts),
            "aired": sum(line.state in ("aired", "missed") for line in lines),
            "why_not": why_not,
            "advice": advice_for(self.channel, self.day, plan, earliest) if plan else [],
            "gaps": gaps_of(self.channel, self.day, plan.cautions) if plan else "",
            "source": source if source != self.day else None,
            "once": told_once(self.channel, self.day),
            "can_repeat": whole and self.desk.draft is None,
            "earliest": earliest,
        }

    def _part(self, lines: list[Line]) -> tuple[list[Line], list[tuple[int, str, bool]]]:
        """Return the lines to show, and (part, hours, whether shown) of a day with many."""
        if len(lines) <= MANY:
            return lines, []
        asked = self.request.GET.get("bagian", "")
        usual = part_of(self.channel, self.now) if self.day == self.today else 0
        shown = int(asked) if asked.isdecimal() and int(asked) < 24 // PART_HOURS else usual
        parts = [
            (part, f"{part * PART_HOURS:02}–{(part + 1) * PART_HOURS:02}", part == shown)
            for part in range(24 // PART_HOURS)
        ]
        return in_part(self.channel, self.day, lines, shown), parts

    def _span(self, parts: list[tuple[int, str, bool]]) -> dict[str, datetime]:
        """Return from when to when the lines on the page play: the day, or a part of it."""
        begin, end = begin_of(self.channel, self.day), end_of(self.channel, self.day)
        for part, _hours, shown in parts:
            if shown:
                begin += timedelta(hours=part * PART_HOURS)
                end = begin + timedelta(hours=PART_HOURS)
        return {"begin": begin, "end": end}

    def _plan(self) -> tuple[Plan | None, str]:
        """Return what will be on air up to the end of the day, or why nobody can know."""
        try:
            return self.preview(), ""
        except NotReady as why:
            return None, str(why)

    def _next_start(self, lines: list[Line], earliest: datetime) -> time:
        """Return where an entry fits: after the one asked for, else after the last one."""
        ends = [line.end for line in lines if line.end and not line.is_filler]
        least = max(earliest + timedelta(seconds=60), begin_of(self.channel, self.day))
        start = max([least, *ends])
        if (after := _moment(self.request.GET.get("setelah", ""))) is not None:
            start = max(after, earliest)
        start = min(start, end_of(self.channel, self.day) - timedelta(seconds=2))
        if start.microsecond:
            start = start.replace(microsecond=0) + timedelta(seconds=1)
        return start.astimezone(self.channel.zone).time()


class EntryView(ChannelView):
    """Move a planned entry, or change its video or note."""

    def get(self, request: HttpRequest, wish: str, **_kwargs: Any) -> HttpResponse:
        self.require_editor()
        return self._page(self.wish(wish), None)

    def post(self, request: HttpRequest, wish: str, **_kwargs: Any) -> HttpResponse:
        self.require_editor()
        found = self.wish(wish)
        form = self._form(found, data=request.POST)
        if form.is_valid() and self._change(found, form):
            return self.back(form.moment)
        return self._page(found, form)

    def _change(self, wish: Dated, form: EntryForm) -> bool:
        given = form.cleaned_data
        with refusals(form):
            self.tell(self.desk.change(wish, given["video"], form.moment, given["note"]))
        return not form.errors

    def _form(self, wish: Dated, **kwargs: Any) -> EntryForm:
        initial = {
            "video": wish.video,
            "start": wish.start.astimezone(self.channel.zone).time(),
            "note": wish.note,
        }
        day = local_date(self.channel, wish.start)
        return EntryForm(channel=self.channel, user=self.user, day=day, initial=initial, **kwargs)

    def _page(self, wish: Dated, form: EntryForm | None) -> HttpResponse:
        context = {
            "channel": self.channel,
            "day": self.day,
            "wish": wish,
            "form": form or self._form(wish),
            "zone": zone_name(self.channel),
            "names": self.url_names,
        }
        return render(self.request, "channels/admin/entry.html", context)


class RemoveView(ChannelView):
    """Ask, then take a planned entry off the channel."""

    def get(self, request: HttpRequest, wish: str, **_kwargs: Any) -> HttpResponse:
        self.require_editor()
        found = self.wish(wish)
        context = {
            "channel": self.channel,
            "day": self.day,
            "video": catalogue.title_of(found.video),
            "start": to_the_second(self.channel, found.start),
            "names": self.url_names,
        }
        return render(request, "channels/admin/remove.html", context)

    def post(self, request: HttpRequest, wish: str, **_kwargs: Any) -> HttpResponse:
        self.require_editor()
        found = self.wish(wish)
        with told(request):
            self.tell(self.desk.remove(found))
        return self.back(found.start)


class UndoView(ChannelView):
    """Put the last edit back."""

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        self.require_editor()
        with told(request):
            self.tell(*undo.do_undo(request, self.channel, self.day, self.now))
        return self.back()


class RepeatView(ChannelView):
    """Let the day repeat the one before it again."""

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        self.require_editor()
        with told(request):
            if self.desk.draft is not None:
                raise Refused(_("Hari ini punya draf. Terbitkan atau buang drafnya dulu."))
            self.tell(do_repeat_day(self.channel, self.day, self.now))
        return self.back()


def day_of(text: str) -> date:
    """Return the date that an address names, or raise Http404."""
    try:
        day = date.fromisoformat(text)
    except ValueError as wrong:
        raise Http404 from wrong
    if day < FIRST:
        raise Http404
    return day


def _moment(text: str) -> datetime | None:
    """Return the moment that `text` names; None for what is none, or is of no zone."""
    with suppress(ValueError):
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo is not None else None
    return None


@contextmanager
def refusals(form: EntryForm, field: str = "start") -> Iterator[None]:
    """Turn what was refused into a fault of `field`; nothing that was typed is lost."""
    try:
        yield
    except Refused as refused:
        form.add_error(field, str(refused))
    except (Contradiction, StoreUnavailable) as failure:
        form.add_error(None, sentence_of(failure))


@contextmanager
def told(request: HttpRequest) -> Iterator[None]:
    """Tell what was refused at the top of the next page."""
    try:
        yield
    except Refused as refused:
        messages.error(request, str(refused))
    except (Contradiction, StoreUnavailable) as failure:
        messages.error(request, sentence_of(failure))
