"""The coordinator's page: the month of all traders of a market, issued and printed in one go."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from cms.audience.proofs.actions import do_issue
from cms.audience.proofs.document import Document, Sums, sums_of
from cms.audience.proofs.handing import pdf_answer
from cms.audience.proofs.models import Proof
from cms.audience.proofs.record import Period, documents_of, month_of, months_until
from cms.audience.proofs.sheet import sheet_of
from cms.audience.proofs.words import month_name
from cms.cooperatives.access import cooperatives_for
from cms.cooperatives.models import Cooperative
from cms.cooperatives.querysets import CooperativeQuerySet
from cms.core import clock
from cms.core.models import User
from cms.traders.actions import DECIDERS
from cms.traders.models import FeaturedSegment


@dataclass(frozen=True)
class Entry:
    """A segment of the month: what the record says, and the newest proof of it."""

    segment: FeaturedSegment
    document: Document
    sums: Sums
    proof: Proof | None


def markets_of(request: HttpRequest) -> CooperativeQuerySet:
    """The co-operatives with stalls where the person vouches for traders."""
    found = cooperatives_for(request.user, *DECIDERS).filter(stalls__isnull=False)
    return found.distinct().order_by("name")


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Choose a market; who has one comes to its month at once."""
    markets = list(markets_of(request))
    if len(markets) == 1:
        month = f"{months_until(clock.now(), markets[0].zone)[0]:%Y-%m}"
        return redirect("audience_proofs:month", market=markets[0].slug, month=month)
    choices = [(each, f"{months_until(clock.now(), each.zone)[0]:%Y-%m}") for each in markets]
    return render(request, "audience/proofs/desk.html", {"markets": choices})


def month(request: HttpRequest, market: str, month: str) -> HttpResponse:
    """What became of each segment in a month; POST issues the proofs of all."""
    cooperative, period = _asked(request, market, month)
    proofs = _proofs(cooperative, period)
    entries = _entries(cooperative, period, proofs)
    if request.method == "POST":
        _issue(request, entries)
        return redirect(request.path)
    context = {
        "market": cooperative,
        "month": month,
        "month_name": month_name(period.first),
        "months": [
            (reverse("audience_proofs:month", args=[market, f"{each:%Y-%m}"]), month_name(each))
            for each in months_until(clock.now(), cooperative.zone)
        ],
        "entries": entries,
        "issued": len(proofs),
    }
    return render(request, "audience/proofs/month.html", context)


@require_safe
def month_pdf(request: HttpRequest, market: str, month: str) -> HttpResponse:
    """All proofs of the month that were issued, a page each."""
    cooperative, period = _asked(request, market, month)
    name = f"bukti-tayang-{cooperative.slug}-{period.first:%Y-%m}"
    return pdf_answer(_proofs(cooperative, period), name, request)


@require_safe
def month_csv(request: HttpRequest, market: str, month: str) -> HttpResponse:
    """The same as a file for spreadsheets."""
    cooperative, period = _asked(request, market, month)
    name = f"bukti-tayang-{cooperative.slug}-{period.first:%Y-%m}.csv"
    return HttpResponse(
        sheet_of(_proofs(cooperative, period)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _asked(request: HttpRequest, market: str, month: str) -> tuple[Cooperative, Period]:
    cooperative: Cooperative = get_object_or_404(markets_of(request), slug=market)
    period = month_of(month, cooperative.zone, clock.now())
    if period is None:
        raise Http404
    return cooperative, period


def _entries(cooperative: Cooperative, period: Period, proofs: list[Proof]) -> list[Entry]:
    """The segments of the market's own stalls to which airings were promised, by stall."""
    segments = list(
        FeaturedSegment.objects.filter(product__stall__cooperative=cooperative)
        .select_related("product__stall__cooperative__region", "video")
        .order_by("product__stall__name", "product__stall_id", "product__name", "pk")
    )
    documents = documents_of(segments, period, cooperative.zone, clock.now())
    issued = {proof.segment_id: proof for proof in proofs}
    entries = [
        Entry(each, documents[each.pk], sums_of(documents[each.pk].lines), issued.get(each.pk))
        for each in segments
    ]
    return [entry for entry in entries if entry.sums.promised]


def _proofs(cooperative: Cooperative, period: Period) -> list[Proof]:
    """The newest proof of each segment of the month, by stall."""
    proofs = Proof.objects.filter(cooperative=cooperative).of_month(period.first)
    newest = proofs.select_related("stall").newest_of_each()
    return sorted(newest, key=lambda each: (each.stall.name if each.stall else "", each.pk))


def _issue(request: HttpRequest, entries: list[Entry]) -> None:
    assert isinstance(request.user, User)
    moment = clock.now()
    before = {entry.proof.pk for entry in entries if entry.proof}
    proofs = [do_issue(each.segment, each.document, request.user, moment) for each in entries]
    fresh = sum(proof.pk not in before for proof in proofs)
    text = ngettext("%(n)d bukti baru diterbitkan.", "%(n)d bukti baru diterbitkan.", fresh)
    messages.success(request, text % {"n": fresh})


urlpatterns: list[URLPattern] = [
    path("", index, name="index"),
    path("<slug:market>/<slug:month>/", month, name="month"),
    path("<slug:market>/<slug:month>/bukti.pdf", month_pdf, name="month_pdf"),
    path("<slug:market>/<slug:month>/bukti.csv", month_csv, name="month_csv"),
]
