"""The studio's first page, the stall, and the chats of the week."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from cms.audience.queries import taps_by_day
from cms.core.clock import now
from cms.core.phone import wa_link
from cms.studio import airings
from cms.studio.access import products_of, segments_of, stalls_of, trader, trader_view
from cms.studio.forms import StallForm
from cms.traders.actions import do_save_stall
from cms.traders.models import FeaturedSegment, Stall

WEEK = 7


@trader_view
def home(request: HttpRequest) -> HttpResponse:
    """Did I air, when next, did anyone come; then the doors."""
    user, moment = trader(request), now()
    stalls = list(stalls_of(user))
    zone = stalls[0].cooperative.zone
    segments = list(segments_of(user))
    showing = [s for s in segments if s.state == FeaturedSegment.State.APPROVED]
    channels = airings.channels_over(stalls[0].cooperative)
    week = taps_by_day(products_of(user), zone, WEEK, moment)
    coming = airings.next_airing(showing, channels, moment)
    context = {
        "now": moment,
        "zone": zone,
        "stalls": stalls,
        "products": products_of(user).count(),
        "segments": segments,
        "waiting_fix": [s for s in segments if s.state == FeaturedSegment.State.REFUSED],
        "cooperative": stalls[0].cooperative,
        "desk": _desk(stalls[0]),
        "showing": len(showing),
        "today": airings.times_today(showing, channels, moment),
        "next": coming,
        "next_is_today": coming is not None and _same_day(coming.moment, moment, zone),
        "taps_today": week[-1].taps,
        "taps_week": sum(day.taps for day in week),
    }
    return render(request, "studio/home.html", context)


@trader_view
def stall(request: HttpRequest, key: str) -> HttpResponse:
    """The trader's own stall and WhatsApp number."""
    user = trader(request)
    form = StallForm(request.POST or None, instance=get_object_or_404(stalls_of(user), key=key))
    if request.method == "POST" and form.is_valid():
        do_save_stall(form.save(commit=False), user, now())
        messages.success(request, _("Lapak disimpan."))
        return redirect("studio:home")
    return render(request, "studio/stall.html", {"form": form, "stall": form.instance})


@trader_view
def taps(request: HttpRequest) -> HttpResponse:
    """How many opened a chat on each of the last seven days, and for which product."""
    user, moment = trader(request), now()
    zone = stalls_of(user)[0].cooperative.zone
    products = list(products_of(user))
    by_product = [(p, sum(d.taps for d in taps_by_day([p], zone, WEEK, moment))) for p in products]
    week = taps_by_day(products, zone, WEEK, moment)
    context = {
        "days": list(reversed(week)),
        "total": sum(day.taps for day in week),
        "most": max((day.taps for day in week), default=0),
        "by_product": sorted(by_product, key=lambda pair: -pair[1]),
    }
    return render(request, "studio/taps.html", context)


def _same_day(one: datetime, other: datetime, zone: str) -> bool:
    local = ZoneInfo(zone)
    return one.astimezone(local).date() == other.astimezone(local).date()


def _desk(stall: Stall) -> str:
    """The chat with the Koppas, in which a trader says who they are; "" where it has none."""
    number = stall.cooperative.whatsapp
    return wa_link(number, f"Halo pengurus, saya dari {stall.name}.") if number else ""
