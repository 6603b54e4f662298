"""Channels and their guide."""

from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Router
from ninja.errors import HttpError
from ninja.pagination import paginate

from cms.api.paging import Paging
from cms.api.schemas import AiringOut, ChannelOut, ProgrammeOut
from cms.api.scope import Text, below, filtered
from cms.channels import guide
from cms.channels.models import Channel
from cms.core import clock

router = Router(tags=["Channels"])
KEEPS = 10
"""Seconds. "Now" is true for a short while only."""
REACH = timedelta(days=31)
"""How far from today the guide is asked for; a calendar ends at year 1 and 9999."""
LONGEST = timedelta(days=7)


def _channels() -> QuerySet[Channel]:
    return Channel.objects.public().select_related("cooperative").order_by("name", "pk")


def _live(request: HttpRequest, response: HttpResponse) -> None:
    """Give the whole answer one moment, and let it be kept for a short while."""
    request.moment = clock.now()  # type: ignore[attr-defined]
    response["Cache-Control"] = f"public, max-age={KEEPS}"


@router.get("/channels", response=list[ChannelOut])
@paginate(Paging)
def list_channels(
    request: HttpRequest, response: HttpResponse, cooperative: Text = "", region: Text = ""
) -> QuerySet[Channel]:
    """Channels with what is on and what comes."""
    _live(request, response)
    found = filtered(_channels(), {"cooperative__region__slug": region})
    return found.filter(below("cooperative", cooperative)) if cooperative else found


@router.get("/channels/{slug}", response=ChannelOut)
def get_channel(request: HttpRequest, response: HttpResponse, slug: Text) -> Channel:
    """One channel."""
    _live(request, response)
    return get_object_or_404(_channels(), slug=slug)


@router.get("/channels/{slug}/guide", response=list[ProgrammeOut])
def get_guide(request: HttpRequest, slug: Text, day: date | None = None) -> list[guide.Programme]:
    """What plays on a day of the channel's own clock, today without `day`."""
    channel = get_object_or_404(_channels(), slug=slug)
    today = clock.now().astimezone(channel.zone).date()
    if day and abs(day - today) > REACH:
        raise HttpError(422, _("Jadwal hanya dapat diminta 31 hari ke belakang atau ke depan."))
    return guide.day(channel, day or today)


@router.get("/channels/{slug}/programmes", response=list[AiringOut])
@paginate(Paging)
def list_programmes(
    request: HttpRequest,
    response: HttpResponse,
    slug: Text,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[guide.Programme]:
    """What plays from `since` (now) to `until` (a day later), without fillers; a week at most."""
    _live(request, response)
    channel = get_object_or_404(_channels(), slug=slug)
    request.channel = channel  # type: ignore[attr-defined]
    start = _aware(since, channel) or clock.now()
    try:
        end = _aware(until, channel) or start + timedelta(days=1)
    except OverflowError:
        end = start
    if abs(start - clock.now()) > REACH or not timedelta(0) < end - start <= LONGEST:
        raise HttpError(422, _("Mintalah paling banyak tujuh hari, paling jauh 31 hari dari kini."))
    found = guide.linked_between(channel, start, end)
    return [programme for programme in found if programme.kind != "filler"]


def _aware(moment: datetime | None, channel: Channel) -> datetime | None:
    """Return `moment` with its zone: without one it is by the channel's clock."""
    if moment is None or moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=channel.zone)
