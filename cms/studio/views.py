"""The studio's first page, the stall, and the chats of the week."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from cms.audience.queries import taps_by_day
from cms.cooperatives.models import Cooperative
from cms.core import clock
from cms.core.phone import wa_link
from cms.studio import airings
from cms.studio.access import (
    clips_of,
    products_of,
    segments_of,
    stalls_of,
    trader,
    trader_view,
    waiting_of,
)
from cms.studio.forms import StallForm
from cms.traders.actions import do_save_stall, local_day
from cms.traders.certificates import endings
from cms.traders.consents import WORDINGS, Kind, do_show_number
from cms.traders.models import FeaturedSegment, Stall
from cms.traders.spots.outdated import airing_outdated

WEEK = 7


@trader_view
def home(request: HttpRequest) -> HttpResponse:
    """Did I air, when next, did anyone come; then the doors."""
    user, moment = trader(request), clock.now()
    stalls = list(stalls_of(user))
    zone = stalls[0].cooperative.zone
    segments = list(segments_of(user))
    showing = [s for s in segments if s.state == FeaturedSegment.State.APPROVED]
    week = taps_by_day(products_of(user), zone, WEEK, moment)
    today = airings.today_of(segments, zone, moment)
    context = {
        "now": moment,
        "zone": zone,
        "stalls": stalls,
        "products": products_of(user).count(),
        **waiting_of(user),
        "segments": segments,
        "waiting_fix": [s for s in segments if s.state == FeaturedSegment.State.REFUSED],
        "endings": endings(products_of(user), local_day(stalls[0], moment)),
        "desks": _desks(stalls),
        "showing": len(showing),
        "today": today,
        "outdated": airing_outdated(clips_of(user), moment),
        "next_is_today": today.next is not None
        and local_day(stalls[0], today.next.start) == local_day(stalls[0], moment),
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
        changed = form.save(commit=False)
        if "hide_number" in form.changed_data and not changed.hide_number:
            do_show_number(changed, user, clock.now())
        do_save_stall(changed, user, clock.now())
        form.save_m2m()
        messages.success(request, _("Lapak disimpan."))
        return redirect("studio:home")
    context = {"form": form, "stall": form.instance, "wording": WORDINGS[Kind.CONTACT]}
    return render(request, "studio/stall.html", context)


@trader_view
def taps(request: HttpRequest) -> HttpResponse:
    """How many opened a chat on each of the last seven days, and for which product."""
    user, moment = trader(request), clock.now()
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


def _desks(stalls: list[Stall]) -> list[tuple[Cooperative, str]]:
    """Each Koppas with a number, and the chat in which a trader says from which stall they are."""
    first = {stall.cooperative_id: stall for stall in reversed(stalls)}
    return [
        (stall.cooperative, wa_link(number, f"Halo pengurus, saya dari {stall.name}."))
        for stall in first.values()
        if (number := stall.cooperative.whatsapp)
    ]
