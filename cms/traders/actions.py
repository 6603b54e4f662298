"""What people do with stalls, products and segments. Every change of a card is announced."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cms.cooperatives.access import STAFF_ROLES, may
from cms.cooperatives.models import Membership
from cms.core import facts
from cms.core.models import User
from cms.core.slugs import free_slug
from cms.traders.models import FeaturedSegment, Product, Stall

State = FeaturedSegment.State
NAMELESS = "tanpa-nama"
DECIDERS = (Membership.Role.COORDINATOR, Membership.Role.MODERATOR)


def do_announce_cards(videos: Iterable[int], now: datetime) -> None:
    """Tell that the cards of `videos` (primary keys) may look different from now on."""
    for pk in sorted(set(videos)):
        facts.record("cards.changed", str(pk), {}, now)


@transaction.atomic
def do_save_stall(stall: Stall, user: User, now: datetime) -> None:
    """Save `stall`. A new number that only its trader vouches for ends the verification."""
    before = Stall.objects.filter(pk=stall.pk).first()
    if before and before.whatsapp != stall.whatsapp and not _is_staff(user, stall):
        stall.verified_at = stall.verified_by = None
    if not stall.slug:
        stall.slug = free_slug(Stall.objects.all(), stall.name, NAMELESS)
    stall.save()
    do_announce_cards(_videos(FeaturedSegment.objects.filter(product__stall=stall)), now)


@transaction.atomic
def do_verify_stall(stall: Stall, user: User, now: datetime, *, verified: bool) -> None:
    """Say, as `user`, that stall and number are real; or take that back."""
    if not may(user, stall.cooperative, *DECIDERS):
        raise PermissionDenied
    stall.verified_at = now if verified else None
    stall.verified_by = user if verified else None
    stall.save(update_fields=["verified_at", "verified_by"])


@transaction.atomic
def do_save_product(product: Product, user: User, now: datetime) -> None:
    """Save `product`. Another name, photo or stall by its trader sends approved segments back."""
    before = Product.objects.filter(pk=product.pk).first()
    if not product.slug or before is None or before.stall_id != product.stall_id:
        others = Product.objects.filter(stall=product.stall).exclude(pk=product.pk)
        product.slug = free_slug(others, product.slug or product.name, NAMELESS)
    product.save()
    segments = FeaturedSegment.objects.filter(product=product)
    if before and _looks_new(before, product) and not _is_staff(user, product.stall):
        segments.filter(state=State.APPROVED).update(state=State.SUBMITTED, submitted_at=now)
    do_announce_cards(_videos(segments), now)


def _looks_new(before: Product, after: Product) -> bool:
    shown = ("name", "image_id", "stall_id")
    return any(getattr(before, each) != getattr(after, each) for each in shown)


@transaction.atomic
def do_save_segment(segment: FeaturedSegment, user: User, now: datetime) -> None:
    """Save `segment`. What was approved is decided anew when somebody changes it who may
    not decide; what the co-operative's own people enter waits for the decision at once.
    """
    before = FeaturedSegment.objects.filter(pk=segment.pk).first()
    stall = segment.product.stall
    again = segment.state == State.APPROVED and not may(user, stall.cooperative, *DECIDERS)
    entered = before is None and _is_staff(user, stall)
    if again or entered:
        segment.state, segment.submitted_at = State.SUBMITTED, now
    segment.save()
    videos = {segment.video_id} | ({before.video_id} if before else set())
    do_announce_cards(videos, now)


def do_submit_segment(segment: FeaturedSegment, now: datetime) -> bool:
    """Ask the Koppas to look at `segment`. Return whether it was still to be submitted."""
    return _move(
        segment, (State.DRAFT, State.REFUSED), State.SUBMITTED, submitted_at=now, refusal=""
    )


@transaction.atomic
def do_approve_segment(segment: FeaturedSegment, user: User, now: datetime) -> bool:
    """Let the card show. Return whether `segment` was waiting.

    Raise PermissionDenied for strangers, and ValidationError when it no longer fits
    its video.
    """
    _check_decider(segment, user)
    segment.full_clean()
    moved = _move(
        segment, (State.SUBMITTED,), State.APPROVED, decided_at=now, decided_by=user, refusal=""
    )
    if moved:
        do_announce_cards([segment.video_id], now)
    return moved


@transaction.atomic
def do_refuse_segment(segment: FeaturedSegment, user: User, reason: str, now: datetime) -> bool:
    """Send `segment` back with one sentence. Return whether it was waiting or approved."""
    _check_decider(segment, user)
    reason = " ".join(reason.split())
    if not reason:
        raise ValidationError(_("Tulis satu kalimat alasannya, supaya pedagang bisa memperbaiki."))
    moved = _move(
        segment,
        (State.SUBMITTED, State.APPROVED),
        State.REFUSED,
        decided_at=now,
        decided_by=user,
        refusal=reason[:200],
    )
    if moved:
        do_announce_cards([segment.video_id], now)
    return moved


@transaction.atomic
def do_delete(thing: Stall | Product | FeaturedSegment, now: datetime) -> None:
    """Delete a stall, product or segment with all that hangs on it."""
    videos = _videos(_segments_of(thing))
    thing.delete()
    do_announce_cards(videos, now)


def _segments_of(thing: Stall | Product | FeaturedSegment) -> QuerySet[FeaturedSegment]:
    match thing:
        case Stall():
            return FeaturedSegment.objects.filter(product__stall=thing)
        case Product():
            return FeaturedSegment.objects.filter(product=thing)
        case _:
            return FeaturedSegment.objects.filter(pk=thing.pk)


def _videos(segments: QuerySet[FeaturedSegment]) -> list[int]:
    return list(segments.values_list("video_id", flat=True).distinct())


def _is_staff(user: User, stall: Stall) -> bool:
    return may(user, stall.cooperative, *STAFF_ROLES)


def _check_decider(segment: FeaturedSegment, user: User) -> None:
    if not may(user, segment.product.stall.cooperative, *DECIDERS):
        raise PermissionDenied


def _move(
    segment: FeaturedSegment, sources: tuple[State, ...], target: State, **fields: object
) -> bool:
    """Move by one conditional UPDATE, so that two people who decide at once decide once."""
    moved = FeaturedSegment.objects.filter(pk=segment.pk, state__in=sources).update(
        state=target, **fields
    )
    segment.refresh_from_db()
    return bool(moved)
