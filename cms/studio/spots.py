"""My spots: from photos or a clip to a film, a look at it, and off to the Koppas."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cms.core import clock
from cms.core.models import User
from cms.core.refusals import Refused
from cms.studio.access import clips_of, products_of, segments_of, trader, trader_view
from cms.studio.spot_forms import AirForm, PartForm, ProductOfClipForm
from cms.studio.spot_states import Told, of_clip, of_spot
from cms.traders.actions import do_save_segment, do_submit_segment, local_day
from cms.traders.models import Clip, FeaturedSegment, Product
from cms.traders.spots.actions import (
    do_begin_from_film,
    do_begin_from_photos,
    do_delete_clip,
    do_make_again,
    do_mark,
    do_retry,
)
from cms.traders.spots.outdated import is_outdated
from cms.traders.spots.receiving import ClipPurpose
from cms.videos.words import uploading


@trader_view
def new(request: HttpRequest) -> HttpResponse:
    """The ways to a segment: from photos, from a clip, or inside a video of the Koppas."""
    if not products_of(trader(request)).filter(active=True).exists():
        return render(request, "studio/no_product.html")
    return render(request, "studio/segment_new.html")


@trader_view
def from_photos(request: HttpRequest) -> HttpResponse:
    """Choose a product; its clip is made by itself."""
    return _begin(request, do_begin_from_photos, "studio/clip_photos.html")


@trader_view
def from_film(request: HttpRequest) -> HttpResponse:
    """Choose a product; the film is sent on the page that follows."""
    return _begin(request, do_begin_from_film, "studio/clip_film.html")


def _begin(
    request: HttpRequest, do_begin: Callable[[Product, User, datetime], Clip], template: str
) -> HttpResponse:
    user = trader(request)
    chosen = {"product": request.GET.get("produk", "")}
    form = ProductOfClipForm(request.POST or None, user=user, initial=chosen)
    if request.method == "POST" and form.is_valid():
        try:
            row = do_begin(form.cleaned_data["product"], user, clock.now())
        except Refused as refused:
            form.add_error("product", str(refused))
        else:
            return redirect("studio:clip", key=row.key)
    return render(request, template, {"form": form})


@trader_view
@require_POST
def mark(request: HttpRequest, key: str) -> HttpResponse:
    """Say which part of a film is wanted: for the script in JSON, which stays on the page."""
    row = get_object_or_404(clips_of(trader(request)), key=key)
    form = PartForm(request.POST)
    valid = form.is_valid()
    if valid:
        valid = do_mark(row, form.cleaned_data["begin"], form.cleaned_data["seconds"])
    if "application/json" in request.headers.get("accept", ""):
        faults = " ".join(str(fault) for field in form.errors.values() for fault in field)
        sentence = _("Bagian disimpan.") if valid else faults or _("Klip ini sedang dibuat.")
        return JsonResponse({"ok": valid, "sentence": sentence})
    if form.errors:
        return _clip(request, row, form)
    return redirect("studio:clip", key=row.key)


@trader_view
def clip(request: HttpRequest, key: str) -> HttpResponse:
    """How far a clip is; once it is made, the segment itself."""
    row = get_object_or_404(clips_of(trader(request)), key=key)
    if row.segment is not None:
        return redirect("studio:segment", key=row.segment.key)
    part = {"begin": row.begin, "seconds": row.seconds}
    return _clip(request, row, PartForm(initial=part))


def _clip(request: HttpRequest, row: Clip, form: PartForm) -> HttpResponse:
    context = {"clip": row, "told": of_clip(row, clock.now()), "form": form}
    if row.state == Clip.State.SENDING:
        context |= {"words": uploading.words(), "most": ClipPurpose.largest}
    return render(request, "studio/clip.html", context)


@trader_view
def clip_state(request: HttpRequest, key: str) -> HttpResponse:
    """The same for the script that looks again and again."""
    row = get_object_or_404(clips_of(trader(request)), key=key)
    return _state(request, of_clip(row, clock.now()))


@trader_view
def spot_state(request: HttpRequest, key: str) -> HttpResponse:
    """How far the film of a spot is, for the script."""
    segment = get_object_or_404(spots_of(request), key=key)
    return _state(request, of_spot(segment, clock.now()))


def _state(request: HttpRequest, told: Told) -> HttpResponse:
    html = render_to_string("studio/told.html", {"told": told}, request)
    values = {"code": told.code, "busy": told.busy, "html": html}
    return JsonResponse(values, headers={"Cache-Control": "no-store"})


def spots_of(request: HttpRequest) -> QuerySet[FeaturedSegment]:
    """The trader's segments that are spots."""
    return segments_of(trader(request)).filter(kind=FeaturedSegment.Kind.SPOT)


@trader_view
@require_POST
def retry(request: HttpRequest, key: str) -> HttpResponse:
    """Send again what failed."""
    row = get_object_or_404(clips_of(trader(request)), key=key)
    try:
        do_retry(row, trader(request), clock.now())
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("studio:clip", key=row.key)


@trader_view
@require_POST
def again(request: HttpRequest, key: str) -> HttpResponse:
    """Make the clip of a product that has changed anew."""
    row = get_object_or_404(clips_of(trader(request)), key=key)
    try:
        row = do_make_again(row, trader(request), clock.now())
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("studio:clip", key=row.key)


@trader_view
def delete(request: HttpRequest, key: str) -> HttpResponse:
    """Ask, then stop what is being made of a clip and delete it."""
    row = get_object_or_404(clips_of(trader(request)), key=key)
    if request.method == "POST":
        do_delete_clip(row, clock.now(), user=trader(request))
        messages.success(request, _("Klip dihapus."))
        return redirect("studio:segments")
    return render(request, "studio/clip_delete.html", {"clip": row})


def spot(request: HttpRequest, segment: FeaturedSegment) -> HttpResponse:
    """Look at a spot as it will air, say when and where, and send it to the Koppas."""
    user, moment = trader(request), clock.now()
    told = of_spot(segment, moment)
    sent = request.POST if request.method == "POST" else None
    form = AirForm(sent, instance=segment, today=local_day(segment.product.stall, moment))
    if request.method == "POST" and form.is_valid():
        if not told.ready:
            form.add_error(None, _("Klip ini belum siap. Kirim setelah siap."))
        else:
            with transaction.atomic():
                do_save_segment(form.save(commit=False), user, moment)
                form.save_m2m()
                do_submit_segment(segment, moment)
            messages.success(request, _("Segmen dikirim. Pengurus Koppas akan memeriksanya."))
            return redirect("studio:segments")
    row = Clip.objects.filter(segment=segment).first()
    context = {
        "form": form,
        "segment": segment,
        "told": told,
        "clip": row,
        "outdated": row is not None and is_outdated(row),
    }
    return render(request, "studio/spot.html", context)
