"""The page on which editors read what a channel aired. The viewset's check of `pk` stands before."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cms.channels.admin.views import ChannelView
from cms.channels.asrun.models import QUIET, AiredEntry
from cms.channels.asrun.owed import owed_by, told
from cms.channels.asrun.record import complete_of, rows_of, total_of
from cms.channels.asrun.sheet import sheet
from cms.channels.times import end_of, zone_name

ON_A_PAGE = 100

KINDS = {
    "utama": _("Acara, promosi dan azan"),
    "pengisi": _("Pengisi dan acara saluran yang diikuti"),
}


class AsRunView(ChannelView):
    """A day as it aired: what was promised, what of it was on air, and why not."""

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponseBase:
        rows = self.rows()
        page = Paginator(self.chosen(rows), ON_A_PAGE).get_page(request.GET.get("halaman"))
        complete = complete_of(self.channel, self.day)
        asked = {
            name: request.GET[name]
            for name in ("status", "jenis", "cari")
            if request.GET.get(name, "").strip()
        }
        context = {
            "channel": self.channel,
            "day": self.day,
            "before": self.day - timedelta(days=1),
            "after": self.day + timedelta(days=1) if self.day < self.today else None,
            "page": page,
            "total": total_of(rows),
            "complete": complete,
            "is_over": complete is not None and complete >= end_of(self.channel, self.day),
            "statuses": AiredEntry.Status.choices,
            "kinds": KINDS.items(),
            "asked": asked,
            "query": f"{urlencode(asked)}&" if asked else "",
            "zone": zone_name(self.channel),
            "debts": told(self.channel),
            "can_edit": self.can_edit,
            "debts_total": owed_by(self.channel).count(),
            "names": self.url_names,
        }
        return render(request, "channels/admin/as_run.html", context)

    def rows(self) -> QuerySet[AiredEntry]:
        """Return the rows of the day that the person may see."""
        return rows_of(self.channel, self.day)

    def chosen(self, rows: QuerySet[AiredEntry]) -> QuerySet[AiredEntry]:
        """Return those that the page's filters ask for; what is no filter asks for nothing."""
        asked = self.request.GET
        if asked.get("status") in AiredEntry.Status.values:
            rows = rows.filter(status=asked["status"])
        if asked.get("jenis") == "utama":
            rows = rows.exclude(kind__in=QUIET)
        elif asked.get("jenis") == "pengisi":
            rows = rows.filter(kind__in=QUIET)
        if wanted := asked.get("cari", "").replace("\0", "").strip():
            rows = rows.filter(title__icontains=wanted[:200])
        return rows


class AsRunSheetView(AsRunView):
    """The same rows as a file for spreadsheets."""

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponseBase:
        rows = self.chosen(self.rows())
        name = f"tayang-{self.channel.slug}-{self.day.isoformat()}.csv"
        return StreamingHttpResponse(
            sheet(self.channel, rows, get_language() or "id"),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
