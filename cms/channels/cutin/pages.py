"""The pages on which editors cut in. The viewset's check of `pk` stands before each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cms.channels import guide, in_force
from cms.channels.admin.failures import sentence_of
from cms.channels.admin.forms import EntryForm, offered_to
from cms.channels.admin.views import ChannelView
from cms.channels.cutin.actions import do_cut_in, do_end_cut_in
from cms.channels.cutin.models import CutIn
from cms.channels.cutin.moments import current, first_free
from cms.channels.models import Channel
from cms.channels.publishing import Contradiction
from cms.channels.times import to_the_second
from cms.core import clock
from cms.core.refusals import Refused
from cms.videos.admin.chooser import A_PAGE, SHOWN, FindForm, told_of
from media_pipeline.errors import StoreUnavailable
from media_pipeline.model.ticks import moment_of, ticks_of
from media_pipeline.playout.relay import Relay

MOST = 30
"""Channels that follow are looked at one by one up to so many; more are a number."""


RETURNS = (
    (
        CutIn.Returns.REJOINS,
        _(
            "Acara yang dipotong disambung seperti tidak pernah dipotong. Jam acara lain tetap; "
            "yang seluruhnya tertutup tidak tayang."
        ),
    ),
    (
        CutIn.Returns.RESUMES,
        _(
            "Acara yang dipotong dilanjutkan dari tempatnya. Acara berikutnya mundur sampai ada "
            "celah atau pengisi."
        ),
    ),
    (
        CutIn.Returns.RESTARTS,
        _(
            "Acara yang dipotong diulang dari awal. Acara berikutnya mundur sampai ada celah atau "
            "pengisi."
        ),
    ),
)


class CutInForm(EntryForm):
    """What cuts in, and how the plan goes on; what the person may see and a channel may show."""

    returns = forms.ChoiceField(
        label=_("Sesudahnya"),
        choices=RETURNS,
        initial=CutIn.Returns.REJOINS,
        widget=forms.RadioSelect,
    )
    must_carry = forms.BooleanField(
        label=_("Wajib relay"),
        required=False,
        help_text=CutIn._meta.get_field("must_carry").help_text,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["video"].widget = forms.HiddenInput()
        del self.fields["start"], self.fields["note"]
        if not self.channel.heirs.exists():
            del self.fields["must_carry"]


@dataclass(frozen=True)
class Followers:
    """The channels below that show what is cut in, and those that are in hours of their own."""

    count: int
    relaying: list[Channel]
    own: list[Channel]


class CutInView(ChannelView):
    """Choose what cuts in; or see what did, and end it."""

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        self.require_editor()
        return self.page()

    def form(self, **kwargs: Any) -> CutInForm:
        """Return the form for this channel and person."""
        return CutInForm(channel=self.channel, user=self.user, day=self.today, **kwargs)

    def page(self, form: CutInForm | None = None) -> HttpResponse:
        """Return the page on which to choose; `form` is one that was refused."""
        find = FindForm(self.request.GET)
        offered = offered_to(self.user).select_related(*SHOWN).order_by("-pk")
        videos = Paginator(find.filter(offered) if find.is_valid() else offered, A_PAGE)
        shown = videos.get_page(self.request.GET.get("p"))
        found = in_force.read(self.channel.slug)
        running = current(self.channel, found, self.now)
        context = {
            "channel": self.channel,
            "refused": form,
            "find": find,
            "videos": shown,
            "choices": [(video, told_of(video)) for video in shown],
            "on_air": guide.on_air(self.channel, self.now),
            "is_on_air": found is not None,
            "running": running,
            "before": self.channel.cut_ins.select_related("by").exclude(
                pk=running.pk if running else None
            )[:5],
            "names": self.url_names,
        }
        return render(self.request, "channels/admin/cut_in.html", context)

    def away(self) -> HttpResponse:
        """Return to the page on which to choose."""
        return redirect(reverse(self.url_names["cut_in"], args=[self.channel.pk]))


class ConfirmCutInView(CutInView):
    """Say what will be cut, then cut."""

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        self.require_editor()
        form = self.form(data={"returns": CutIn.Returns.REJOINS} | request.GET.dict())
        return self._ask(form) if form.is_valid() else self.page(form)

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        self.require_editor()
        form = self.form(data=request.POST)
        if not form.is_valid():
            return self.page(form)
        given = form.cleaned_data
        try:
            cut = do_cut_in(
                self.channel,
                given["video"],
                returns=given["returns"],
                must_carry=given.get("must_carry", False),
                by=self.user,
                clock=clock.now,
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        except (Contradiction, StoreUnavailable) as failure:
            form.add_error(None, sentence_of(failure))
        if form.errors:
            return self.page(form)
        start = to_the_second(self.channel, cut.start)
        messages.success(request, gettext("Siaran sela tayang mulai %(start)s.") % {"start": start})
        return self.away()

    def _ask(self, form: CutInForm) -> HttpResponse:
        found = in_force.read(self.channel.slug)
        video = form.cleaned_data["video"]
        context = {
            "channel": self.channel,
            "form": form,
            "video": video,
            "seconds": video.media.duration_ms / 1000,
            "on_air": guide.on_air(self.channel, self.now),
            "running": current(self.channel, found, self.now),
            "start": moment_of(first_free(found, self.now).planned) if found else None,
            "followers": followers_of(self.channel, self.now),
            "names": self.url_names,
        }
        return render(self.request, "channels/admin/cut_in_confirm.html", context)


class EndCutInView(CutInView):
    """End what cut in."""

    def post(self, request: HttpRequest, cut: int, **_kwargs: Any) -> HttpResponse:
        self.require_editor()
        found = get_object_or_404(CutIn, pk=cut, channel=self.channel)
        try:
            ended = do_end_cut_in(found, self.user, clock.now)
        except Refused as refused:
            messages.error(request, str(refused))
        except (Contradiction, StoreUnavailable) as failure:
            messages.error(request, sentence_of(failure))
        else:
            assert ended.ended is not None
            end = to_the_second(self.channel, moment_of(ended.ended))
            messages.success(request, gettext("Siaran sela berhenti %(end)s.") % {"end": end})
        return self.away()


def followers_of(channel: Channel, now: datetime) -> Followers:
    """Return the channels that follow `channel`, over all levels, by what they show at `now`."""
    below = list(_below(channel))
    if len(below) > MOST:
        return Followers(len(below), [], [])
    relaying: list[Channel] = []
    own: list[Channel] = []
    shows = {channel.pk: True}
    for heir in below:
        found = in_force.shown(heir.slug)
        lineup = found.lineup if found else None
        tick = ticks_of(now)
        relays = isinstance(lineup, Relay) and lineup.relays_between(tick, tick + 1)
        shows[heir.pk] = relays and shows[heir.parent_id or 0]
        (relaying if shows[heir.pk] else own).append(heir)
    return Followers(len(below), relaying, own)


def _below(channel: Channel) -> Iterator[Channel]:
    """Yield the channels that follow `channel`, level by level."""
    level = [channel.pk]
    while level:
        heirs = list(Channel.objects.filter(parent__in=level).order_by("name"))
        yield from heirs
        level = [heir.pk for heir in heirs]
