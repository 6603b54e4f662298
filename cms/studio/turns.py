"""My turns: who is next on the channels over my stalls, who waits, and why."""

from datetime import date, timedelta

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from cms.channels.fair.ledger import Queue, coming, had_on, shown
from cms.channels.models import Channel, WeeklySlot
from cms.channels.times import local_date
from cms.cooperatives.models import paths_up
from cms.core import clock
from cms.core.formats import rata
from cms.core.models import User
from cms.studio.access import stalls_of, trader, trader_view

COMING, IN_LINE, ON_A_PAGE = 12, 12, 50
BACK = timedelta(days=400)


@trader_view
def turns(request: HttpRequest, channel: str = "") -> HttpResponse:
    """The ledger of one channel; `?tanggal=` shows who had the turns of that day."""
    user, moment = trader(request), clock.now()
    channels = fair_channels(user)
    if not channels and not channel:
        return render(request, "studio/no_turns.html")
    chosen = next((one for one in channels if channel in ("", one.slug)), None)
    if chosen is None:
        raise Http404
    queue, today = Queue(chosen, moment), local_date(chosen, moment)
    own = list(stalls_of(user))
    keys = [stall.key.hex for stall in own]
    mine = queue.one_of(keys)
    ranks = [n for n, stall in enumerate(queue.stalls, 1) if stall in mine]
    day = _day(request.GET.get("tanggal", ""), today)
    had = Paginator(had_on(chosen, day, moment), ON_A_PAGE)
    page = had.get_page(request.GET.get("halaman"))
    context = {
        "channel": chosen,
        "zone": chosen.cooperative.zone,
        "others": [one for one in channels if one != chosen],
        "stalls": [stall.pk for stall in own],
        "rank": min(ranks, default=None),
        "of": len(queue.stalls),
        "mine": queue.of(keys),
        "times": sum(queue.week[stall] for stall in mine),
        "average": rata(queue.average),
        "coming": coming(chosen, moment, COMING),
        "line": queue.first(IN_LINE),
        "waiting": len(queue.order),
        "had": shown(chosen, list(page)),
        "page": page,
        "query": f"tanggal={day}&",
        "day": day,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1) if day < today else None,
        "today": today,
    }
    return render(request, "studio/turns.html", context)


def fair_channels(user: User) -> list[Channel]:
    """Return the channels with fair breaks of the co-operatives over the stalls of `user`.

    Those of the nearest co-operative first.
    """
    paths = {above for stall in stalls_of(user) for above in paths_up(stall.cooperative.path)}
    fair = WeeklySlot.objects.filter(content=WeeklySlot.Content.FAIR).values("channel")
    found = Channel.objects.filter(cooperative__path__in=paths, pk__in=fair)
    return sorted(
        found.select_related("cooperative"), key=lambda one: (-one.cooperative.depth, one.name)
    )


def _day(asked: str, today: date) -> date:
    try:
        day = date.fromisoformat(asked) if asked else today
    except ValueError as wrong:
        raise Http404 from wrong
    if not today - BACK <= day <= today:
        raise Http404
    return day
