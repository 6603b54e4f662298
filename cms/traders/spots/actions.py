"""What traders do with clips and spots. A refusal is `Refused`, with one sentence."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from cms.core.models import User
from cms.core.refusals import Refused
from cms.traders.actions import do_delete, do_note_owner
from cms.traders.models import Clip, FeaturedSegment, Product
from cms.traders.spots import photos
from cms.traders.spots.outdated import is_outdated
from cms.traders.spots.waking import do_wake
from cms.videos.actions import do_delete_video, do_retry_encode
from cms.videos.models import Video
from cms.videos.models.machine import originals

MOST_OPEN = 5
"""Clips of one trader that are not made yet."""
State = Clip.State


def check_begin(product: Product, source: str, user: User) -> None:
    """Raise Refused unless `user` may begin a clip of `product`."""
    if source == Clip.Source.PHOTOS and not photos.images_of(product):
        raise Refused(_("Produk ini belum punya foto. Tambahkan fotonya dulu."))
    # Of a product that was deleted nobody sees the clip any more: the sweep removes it.
    mine = Clip.objects.filter(created_by=user, product__isnull=False).exclude(state=State.MADE)
    if mine.count() >= MOST_OPEN:
        raise Refused(_("Masih ada klip yang belum jadi. Selesaikan atau hapus dulu."))


@transaction.atomic
def do_begin_from_photos(
    product: Product, user: User, now: datetime, *, replaces: FeaturedSegment | None = None
) -> Clip:
    """Ask for a clip of 15 seconds made of the photos of `product`; a worker makes it.

    Its spot is to take the place of the one that it `replaces`. Return the one that is
    waiting for that already, if there is: a button that was tapped twice.
    """
    # Of two taps at once the second waits here, and then finds what the first asked for.
    Product.objects.select_for_update(no_key=True).filter(pk=product.pk).first()
    waiting = Clip.objects.filter(product=product, source=Clip.Source.PHOTOS, state=State.WAITING)
    there: Clip | None = waiting.filter(created_by=user, replaces=replaces).first()
    if there is not None:
        return there
    check_begin(product, Clip.Source.PHOTOS, user)
    clip: Clip = Clip.objects.create(
        product=product,
        source=Clip.Source.PHOTOS,
        state=State.WAITING,
        begin=0,
        seconds=Clip.Length.SHORT,
        created_at=now,
        created_by=user,
        replaces=replaces,
    )
    do_wake()
    return clip


@transaction.atomic
def do_make_again(clip: Clip, user: User, now: datetime) -> Clip:
    """Ask for the clip of a spot from photos anew, since its product has changed.

    The new one is approved as any is; the spot of `clip` goes on until then. Return the
    one that was asked for already, if there is one.
    """
    asked: Clip | None = Clip.objects.filter(replaces=clip.segment_id or 0).first()
    if asked is not None:
        return asked
    if clip.segment is None or clip.product is None or not is_outdated(clip):
        raise Refused(_("Klip ini masih sama dengan produknya."))
    return do_begin_from_photos(clip.product, user, now, replaces=clip.segment)


@transaction.atomic
def do_begin_from_film(product: Product, user: User, now: datetime) -> Clip:
    """Begin a clip whose film is sent from the phone."""
    check_begin(product, Clip.Source.FILM, user)
    clip: Clip = Clip.objects.create(
        product=product,
        source=Clip.Source.FILM,
        state=State.SENDING,
        created_at=now,
        created_by=user,
    )
    return clip


@transaction.atomic
def do_mark(clip: Clip, begin: Decimal, seconds: int) -> bool:
    """Say which part of the film is wanted; return whether it can still be said."""
    marked = Clip.objects.mark(clip.pk, begin, seconds)
    if Clip.objects.complete(clip.pk):
        do_wake()
    return marked


@transaction.atomic
def do_retry(clip: Clip, user: User, now: datetime) -> bool:
    """Ask again for what failed: the clip, or the encode of its video. False if nothing had."""
    if clip.segment is not None:
        do_retry_encode(clip.segment.video, now, user=user)
        return True
    if not Clip.objects.ask_again(clip.pk):
        return False
    do_wake()
    return True


@transaction.atomic
def do_delete_clip(clip: Clip, now: datetime, *, user: User) -> None:
    """Delete a clip with all that was made of it. Who works at it stops within seconds."""
    segment, film = clip.segment, clip.film
    if segment is not None:
        do_delete_spot(segment, now, user=user)
    else:
        clip.delete()
    if film:
        transaction.on_commit(lambda: originals().delete(film), robust=True)


@transaction.atomic
def do_delete_spot(segment: FeaturedSegment, now: datetime, *, user: User) -> None:
    """Delete a spot with its film, which is about nothing else.

    One that was made anew of it is from then on to end what this one was to end.
    """
    video, trader = segment.video, segment.product.stall.trader
    clip = Clip.objects.filter(segment=segment).first()
    if clip is not None:
        Clip.objects.filter(replaces=segment).update(replaces=clip.replaces)
        clip.delete()
    do_delete(segment, now)
    if segment.kind == FeaturedSegment.Kind.SPOT and not video.segments.exists():
        told = Video(pk=video.pk, key=video.key)  # the deleted row has no id any more
        do_delete_video(video, now, user=user)
        do_note_owner([told], trader)
