"""Entries moved on the timeline, several moved or removed at once, and gaps filled."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.channels.actions import earliest_start
from cms.channels.admin.forms import EntryForm
from cms.channels.admin.views import ChannelView, told
from cms.channels.drafts.actions import as_if_published
from cms.channels.models import Playlist
from cms.channels.planning.differences import Wanted
from cms.channels.planning.gaps import fitted
from cms.channels.publishing import NotReady
from cms.channels.regions.windows import windows_of
from cms.channels.template.runs import lengths_of
from cms.channels.times import begin_of, end_of, local_date
from cms.cooperatives.choke import key_of
from cms.core.refusals import Refused
from cms.videos.models import Video
from media_pipeline.model.spans import missing
from media_pipeline.model.ticks import moment_of, ticks_of


class MoveView(ChannelView):
    """Move a planned entry to another time of its day, as the timeline asks for it."""

    def post(self, request: HttpRequest, wish: str, **_kwargs: Any) -> HttpResponse:
        self.require_editor()
        found = self.wish(wish)
        video = get_object_or_404(Video, pk=found.video)
        given = {"video": video.pk, "start": request.POST.get("start", ""), "note": found.note}
        if local_date(self.channel, found.start) != self.day:
            # The hour on the page is of another date than the entry's own.
            raise Http404
        initial = {"video": video.pk}
        form = EntryForm(
            channel=self.channel, user=self.user, day=self.day, initial=initial, data=given
        )
        if not form.is_valid():
            messages.error(
                request, " ".join(str(one) for them in form.errors.values() for one in them)
            )
            return self.back(found.start)
        with told(request):
            self.tell(self.desk.change(found, video, form.moment, found.note))
        return self.back(form.moment)


class ManyForm(forms.Form):
    """What to do with the chosen entries of a day; "clear" removes all of them."""

    act = forms.ChoiceField(choices=[(act, act) for act in ("remove", "earlier", "later", "clear")])
    minutes = forms.IntegerField(required=False, min_value=1, max_value=24 * 60)


class ManyView(ChannelView):
    """Move or remove the chosen entries of a day, or remove all of them, as one edit."""

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        self.require_editor()
        form = ManyForm(request.POST)
        with told(request):
            if not form.is_valid():
                raise Refused(_("Isi menitnya dengan angka dari 1 sampai 1440."))
            self._do(form.cleaned_data["act"], form.cleaned_data["minutes"])
        return self.back()

    def _do(self, act: str, minutes: int | None) -> None:
        held = self.desk.plan()
        chosen = set(self.request.POST.getlist("wish"))
        met = [one for one in held if act == "clear" or one.id in chosen]
        if not met:
            raise Refused(_("Pilih paling sedikit satu acara."))
        kept = {one.id for one in held} - {one.id for one in met}
        rest = [one for one in held if one.id in kept]
        moves = act in ("earlier", "later")
        moved = [self._moved(one, minutes, act) for one in met] if moves else []
        if len({one.id for one in [*rest, *moved]}) < len(rest) + len(moved):
            raise Refused(_("Acara ini sudah ada pada jam itu."))
        edit, changes = self.desk.set([*rest, *moved])
        self.tell(edit, changes)
        done = len(met) - sum(change.too_late for change in changes)
        text = (
            ngettext("%(count)s acara digeser.", "%(count)s acara digeser.", done)
            if moves
            else ngettext("%(count)s acara dihapus.", "%(count)s acara dihapus.", done)
        )
        if done:
            messages.success(self.request, text % {"count": done})

    def _moved(self, one: Wanted, minutes: int | None, act: str) -> Wanted:
        if minutes is None:
            raise Refused(_("Isi berapa menit acaranya digeser."))
        start = one.start + timedelta(minutes=-minutes if act == "earlier" else minutes)
        if local_date(self.channel, start) != self.day:
            raise Refused(_("Acara tidak dapat digeser melewati tengah malam. Ubah satu per satu."))
        return replace(one, start=start)


FILLS = ("filler", "slate")
"""What plays where nobody planned anything."""


class FillView(ChannelView):
    """Fill the gaps of a day with whole videos of a playlist, in turn, as one edit."""

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        self.require_editor()
        lists = Playlist.objects.visible_to(self.user).for_channel(self.channel)
        playlist = get_object_or_404(lists, pk=key_of(Playlist, request.POST.get("playlist", 0)))
        with told(request):
            new = self._fillings(playlist)
            if not new:
                raise Refused(_("Tidak ada video di daftar itu yang muat di jeda hari ini."))
            self.tell(*self.desk.set([*self.desk.plan(), *new]))
            text = ngettext("%(count)s acara ditambah.", "%(count)s acara ditambah.", len(new))
            messages.success(request, text % {"count": len(new)})
        return self.back()

    def _fillings(self, playlist: Playlist) -> list[Wanted]:
        ids = list(playlist.items.order_by("sort_order").values_list("video_id", flat=True))
        lengths = lengths_of(ids)
        turns = [(video, lengths[video]) for video in ids if video in lengths]
        return [Wanted(video, moment_of(at)) for video, at in fitted(self._gaps(), turns)]

    def _gaps(self) -> tuple[tuple[int, int], ...]:
        """Return where nobody planned anything, as ticks, from when it can still be changed.

        Of a channel that follows another only its own hours count.
        """
        end = end_of(self.channel, self.day)
        earliest = max(begin_of(self.channel, self.day), earliest_start(self.channel, self.now))
        try:
            with as_if_published(self.desk.draft, self.now):
                plan = self.preview()
        except NotReady as why:
            raise Refused(str(why)) from why
        shown = [(e.start, e.end) for e in plan.rundown.entries if e.kind not in FILLS]
        hours = [(ticks_of(earliest), ticks_of(end))]
        if self.channel.parent_id:
            hours = [
                (max(hours[0][0], begin), min(hours[0][1], close))
                for begin, close in windows_of(self.channel, earliest, end)
            ]
        return missing(hours, shown, ticks_of(end))
