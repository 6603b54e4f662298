"""My proofs: what the record says of a month, and the proofs that were issued of it."""

from urllib.parse import quote

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cms.audience.proofs.actions import do_issue
from cms.audience.proofs.document import sums_of
from cms.audience.proofs.handing import page_of
from cms.audience.proofs.models import Proof
from cms.audience.proofs.record import Period, documents_of, month_of, months_until
from cms.audience.proofs.words import month_name
from cms.audience.proofs.words import period as period_words
from cms.core import clock
from cms.core.refusals import Refused
from cms.studio.access import segments_of, stalls_of, trader, trader_view

ON_A_PAGE = 20


@trader_view
def listing(request: HttpRequest) -> HttpResponse:
    """What became of each segment in a month, with the way to its proof."""
    user, moment = trader(request), clock.now()
    zone = stalls_of(user)[0].cooperative.zone
    months = months_until(moment, zone)
    month = request.GET.get("bulan") or f"{months[0]:%Y-%m}"
    period = _period(month, zone)
    segments = list(segments_of(user).select_related("product__stall__cooperative__region"))
    documents = documents_of(segments, period, zone, moment)
    issued = Paginator(Proof.objects.filter(stall__trader=user), ON_A_PAGE)
    page = issued.get_page(request.GET.get("halaman"))
    context = {
        "month": month,
        "month_name": month_name(period.first),
        "months": [(f"{each:%Y-%m}", month_name(each)) for each in months],
        "segments": [
            (segment, sums_of(document.lines), document)
            for segment in segments
            if (document := documents[segment.pk]).lines
        ],
        "page": page,
        "query": f"bulan={month}&",
        "proofs": [(proof, period_words(proof.first, proof.last)) for proof in page],
    }
    return render(request, "studio/proofs.html", context)


@trader_view
@require_POST
def issue(request: HttpRequest, key: str, month: str) -> HttpResponse:
    """Issue the proof of a segment and a month; the same one again while nothing changed."""
    user, moment = trader(request), clock.now()
    segment = get_object_or_404(segments_of(user), key=key)
    zone = segment.product.stall.cooperative.zone
    document = documents_of([segment], _period(month, zone), zone, moment)[segment.pk]
    try:
        proof = do_issue(segment, document, user, moment)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(f"{reverse('studio:proofs')}?bulan={month}")
    return redirect("studio:proof", number=proof.number)


@trader_view
def show(request: HttpRequest, number: str) -> HttpResponse:
    """An issued proof, to be sent on by WhatsApp, as a picture or on paper."""
    proof = get_object_or_404(Proof.objects.filter(stall__trader=trader(request)), number=number)
    page = page_of(proof, request)
    text = _("Bukti tayang saya di Siar, %(month)s: %(url)s") % {
        "month": month_name(proof.first),
        "url": page["url"],
    }
    return render(request, "studio/proof.html", page | {"wa": f"https://wa.me/?text={quote(text)}"})


def _period(month: str, zone: str) -> Period:
    period = month_of(month, zone, clock.now())
    if period is None:
        raise Http404
    return period
