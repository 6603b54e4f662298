"""The ledger of fair turns as editors read it. The viewset's check of `pk` stands before."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cms.channels.admin.views import ChannelView, day_of
from cms.channels.fair.ledger import Queue, coming, had_on, shown
from cms.core.formats import rata

COMING, IN_LINE = 50, 100


class FairView(ChannelView):
    """Who is next on the channel, who waits, and who had the turns of a day (`?tanggal=`)."""

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        if chosen := request.GET.get("tanggal"):
            self.day = min(day_of(chosen), self.today)
        queue = Queue(self.channel, self.now)
        context = {
            "channel": self.channel,
            "day": self.day,
            "before": self.day - timedelta(days=1),
            "after": self.day + timedelta(days=1) if self.day < self.today else None,
            "today": self.today,
            "coming": coming(self.channel, self.now, COMING),
            "line": queue.first(IN_LINE),
            "waiting": len(queue.order),
            "average": rata(queue.average),
            "had": shown(self.channel, list(had_on(self.channel, self.day, self.now))),
            "names": self.url_names,
        }
        return render(request, "channels/admin/fair.html", context)
