"""My segments: a product in a video of the Koppas, sent to the Koppas for approval."""

from collections.abc import Mapping

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cms.core import clock
from cms.studio import spots
from cms.studio.access import clips_of, products_of, segments_of, trader, trader_view
from cms.studio.forms import SegmentForm, offered_videos
from cms.studio.spot_states import Told, of_clip, of_spot, told_of
from cms.traders.actions import do_delete, do_save_segment, do_submit_segment
from cms.traders.models import FeaturedSegment
from cms.traders.spots.actions import do_delete_spot
from cms.traders.spots.outdated import is_outdated
from cms.videos.words.states import Shown, all_shown

ON_A_PAGE = 20


@trader_view
def listing(request: HttpRequest) -> HttpResponse:
    """All segments of the trader with their state, and the sentence of a refusal."""
    user, moment = trader(request), clock.now()
    segments = segments_of(user).select_related(
        "video__media", "clip__product__stall__cooperative", "clip__product__image"
    )
    page = Paginator(segments, ON_A_PAGE).get_page(request.GET.get("halaman"))
    unfinished = clips_of(user).filter(segment=None) if page.number == 1 else []
    known = all_shown([each.video for each in page if each.is_spot], moment)
    context = {
        "page": page,
        "rows": [_row(each, known) for each in page],
        "clips": [(each, of_clip(each, moment)) for each in unfinished],
    }
    return render(request, "studio/segments.html", context)


def _row(
    segment: FeaturedSegment, known: Mapping[int, Shown]
) -> tuple[FeaturedSegment, Told | None, bool]:
    """A segment, how far its film is if it is a spot, and whether that shows what was before."""
    if not segment.is_spot:
        return segment, None, False
    clip = getattr(segment, "clip", None)
    told = told_of(segment, known[segment.video_id])
    return segment, told, clip is not None and is_outdated(clip)


@trader_view
def add(request: HttpRequest) -> HttpResponse:
    """A new segment; says so where there is no product or no video to make one of."""
    user = trader(request)
    if not offered_videos(user).exists():
        return render(request, "studio/no_video.html")
    if not products_of(user).filter(active=True).exists():
        return render(request, "studio/no_product.html")
    return _form(request, FeaturedSegment())


@trader_view
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """Change a segment; what was approved is looked at again."""
    segment = get_object_or_404(segments_of(trader(request)), key=key)
    if segment.state == FeaturedSegment.State.DECLINED:
        messages.error(request, _("Segmen ini ditolak. Tanyakan kepada pengurus Koppas Anda."))
        return redirect("studio:segments")
    return spots.spot(request, segment) if segment.is_spot else _form(request, segment)


@trader_view
@require_POST
def submit(request: HttpRequest, key: str) -> HttpResponse:
    """Ask the Koppas to look at it."""
    segment = get_object_or_404(segments_of(trader(request)), key=key)
    if segment.is_spot and not of_spot(segment, clock.now()).ready:
        messages.error(request, _("Klip ini belum siap. Kirim setelah siap."))
    elif do_submit_segment(segment, clock.now()):
        messages.success(request, _("Segmen dikirim. Pengurus Koppas akan memeriksanya."))
    return redirect("studio:segments")


@trader_view
def delete(request: HttpRequest, key: str) -> HttpResponse:
    """Ask, then delete a segment."""
    segment = get_object_or_404(segments_of(trader(request)), key=key)
    if request.method == "POST":
        if segment.is_spot:
            do_delete_spot(segment, clock.now(), user=trader(request))
        else:
            do_delete(segment, clock.now())
        messages.success(request, _("Segmen dihapus."))
        return redirect("studio:segments")
    return render(request, "studio/segment_delete.html", {"segment": segment})


def _form(request: HttpRequest, segment: FeaturedSegment) -> HttpResponse:
    user, moment = trader(request), clock.now()
    form = SegmentForm(request.POST or None, instance=segment, user=user)
    if request.method == "POST" and form.is_valid():
        do_save_segment(form.save(commit=False), user, moment)
        do_submit_segment(segment, moment)
        messages.success(request, _("Segmen dikirim. Pengurus Koppas akan memeriksanya."))
        return redirect("studio:segments")
    return render(request, "studio/segment.html", {"form": form, "segment": segment})
