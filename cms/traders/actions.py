"""What people do with stalls, products and segments. Every change of a card is announced."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max, Model, Q, QuerySet
from django.utils.translation import gettext as _
from wagtail.images.models import AbstractImage
from wagtail.models import ModelLogEntry

from cms.cooperatives.access import STAFF_ROLES, Role, may
from cms.cooperatives.actions import do_add_member
from cms.core import facts
from cms.core.models import User
from cms.core.slugs import free_slug
from cms.traders.fitness import air_days, lacking
from cms.traders.models import DECIDERS as DECIDERS
from cms.traders.models import Certificate, Consent, FeaturedSegment, Product, ProductPhoto, Stall
from cms.traders.workflow import do_close_review, do_end_review, do_open_review
from cms.videos.models import Video

State = FeaturedSegment.State
NAMELESS = "tanpa-nama"


def do_announce_cards(videos: Iterable[int], now: datetime) -> None:
    """Tell that the cards of `videos` (primary keys) may look different from now on."""
    for pk in sorted(set(videos)):
        facts.record("cards.changed", str(pk), {}, now)


def do_announce_cards_of(segments: QuerySet[FeaturedSegment], now: datetime) -> None:
    """Tell that the cards of `segments` may look different from now on."""
    do_announce_cards(_videos(segments), now)


@transaction.atomic
def do_save_stall(stall: Stall, user: User, now: datetime) -> None:
    """Save `stall`. A new number that only its trader vouches for ends the verification.

    Who runs it is a trader there: whose care an account is in follows from such roles.
    """
    before = Stall.objects.filter(pk=stall.pk).first()
    if before and before.whatsapp != stall.whatsapp and not _is_staff(user, stall):
        stall.verified_at = stall.verified_by = None
    if before is None:
        stall.waiting_since = None if settings.LIST_UNCHECKED else now
    if not stall.slug:
        stall.slug = free_slug(Stall.objects.all(), stall.name, NAMELESS)
    if stall.pk and Consent.objects.hides_number(stall):
        stall.hide_number = True
    stall.save()
    if stall.trader and not may(stall.trader, stall.cooperative, Role.TRADER):
        do_add_member(stall.trader, stall.cooperative, Role.TRADER)
    do_announce_cards_of(FeaturedSegment.objects.filter(product__stall=stall), now)


@transaction.atomic
def do_verify_stall(stall: Stall, user: User, now: datetime, *, verified: bool) -> None:
    """Say, as `user`, that stall and number are real; or take that back."""
    if not may(user, stall.cooperative, *DECIDERS):
        raise PermissionDenied
    stall.verified_at = now if verified else None
    stall.verified_by = user if verified else None
    if verified:
        stall.waiting_since = None
    stall.save(update_fields=["verified_at", "verified_by", "waiting_since"])


@transaction.atomic
def do_list_product(product: Product, user: User) -> bool:
    """List `product` and its stall, which `user` has looked at. Return whether it waited."""
    if not may(user, product.stall.cooperative, *DECIDERS):
        raise PermissionDenied
    return _do_list(product)


def _do_list(product: Product) -> bool:
    waited = Product.objects.filter(pk=product.pk).exclude(waiting_since=None)
    listed = bool(waited.update(waiting_since=None))
    Stall.objects.filter(pk=product.stall_id).update(waiting_since=None)
    return listed


@transaction.atomic
def do_save_product(product: Product, user: User, now: datetime) -> None:
    """Save `product`, and ask for another check of approved segments that show what changed.

    Approved spots stay on air with the name and picture that were approved.
    """
    before = Product.objects.filter(pk=product.pk).first()
    if not product.slug or before is None or before.stall_id != product.stall_id:
        others = Product.objects.filter(stall=product.stall).exclude(pk=product.pk)
        product.slug = free_slug(others, product.slug or product.name, NAMELESS)
    if may(user, product.stall.cooperative, *DECIDERS):
        product.waiting_since = None
    elif before is None and not settings.LIST_UNCHECKED:
        product.waiting_since = now
    product.save()
    if before and before.stall_id != product.stall_id:
        do_look_again(product, user, now)
    elif before and _looks_new(before, product):
        do_look_at_change(before, user, now)
    do_announce_cards_of(FeaturedSegment.objects.filter(product=product), now)


def _looks_new(before: Product, after: Product) -> bool:
    shown = ("name", "description", "image_id", "shop_url")
    return any(getattr(before, each) != getattr(after, each) for each in shown)


@transaction.atomic
def do_look_again(product: Product, user: User, now: datetime) -> None:
    """Let approved segments of `product` wait again, unless the co-operative's own `user` acts."""
    if not _is_staff(user, product.stall):
        _do_wait_again(_approved(product), user, now)


@transaction.atomic
def do_look_at_change(before: Product, user: User, now: datetime) -> None:
    """As `do_look_again`, but spots stay approved, with the name and picture of `before`.

    What was approved is their film, which shows the product as it was.
    """
    if _is_staff(user, before.stall):
        return
    approved = _approved(before)
    _do_wait_again(approved.exclude(kind=FeaturedSegment.Kind.SPOT), user, now)
    spots = approved.filter(kind=FeaturedSegment.Kind.SPOT, card_name="")
    spots.update(card_name=before.name, card_image=before.image)


def _approved(product: Product) -> QuerySet[FeaturedSegment]:
    return FeaturedSegment.objects.filter(product=product, state=State.APPROVED)


def _do_wait_again(approved: QuerySet[FeaturedSegment], user: User, now: datetime) -> None:
    for segment in approved:
        if _move(segment, (State.APPROVED,), State.SUBMITTED, submitted_at=now):
            do_open_review(segment, user)
            do_announce_cards([segment.video_id], now)


@transaction.atomic
def do_accept_change(segment: FeaturedSegment, user: User, now: datetime) -> bool:
    """Let the card of an approved spot show its product as it is now. Return whether it did not.

    Raise PermissionDenied for strangers, and ValidationError where something forbids airing.
    """
    _check_decider(segment, user)
    check_fit(segment, now)
    changed = FeaturedSegment.objects.filter(pk=segment.pk, state=State.APPROVED)
    accepted = changed.exclude(card_name="").update(card_name="", card_image=None)
    if accepted:
        Certificate.objects.filter(product=segment.product_id).update(checked_at=now)
        do_announce_cards([segment.video_id], now)
    return bool(accepted)


@transaction.atomic
def do_change_photos(
    product: Product,
    added: Sequence[AbstractImage],
    removed: Iterable[ProductPhoto],
    user: User,
    now: datetime,
) -> None:
    """Add and remove photos beside the first one; new ones are looked at again."""
    gone = {each.pk for each in removed}
    product.photos.filter(pk__in=gone).delete()
    behind = product.photos.aggregate(last=Max("sort_order", default=0))["last"] + 1
    ProductPhoto.objects.bulk_create(
        ProductPhoto(product=product, image=image, sort_order=behind + place)
        for place, image in enumerate(added)
    )
    if added:
        do_look_at_change(product, user, now)


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
        segment.card_name, segment.card_image = "", None
    segment.save()
    if again or entered:
        do_open_review(segment, user)
    videos = {segment.video_id} | ({before.video_id} if before else set())
    do_announce_cards(videos, now)


@transaction.atomic
def do_submit_segment(segment: FeaturedSegment, now: datetime) -> bool:
    """Ask the Koppas to look at `segment`. Return whether it was still to be submitted."""
    moved = _move(
        segment, (State.DRAFT, State.REFUSED), State.SUBMITTED, submitted_at=now, refusal=""
    )
    if moved:
        do_open_review(segment, segment.product.stall.trader)
    return moved


@transaction.atomic
def do_approve_segment(segment: FeaturedSegment, user: User, now: datetime, note: str = "") -> bool:
    """Let the segment show, its certificates being checked. Return whether it was waiting.

    `note` is what the user answers for. Raise PermissionDenied for strangers, and
    ValidationError when it no longer fits its video or lacks what forbids airing.
    """
    _check_decider(segment, user)
    segment.full_clean()
    check_fit(segment, now)
    moved = _move(
        segment, (State.SUBMITTED,), State.APPROVED, decided_at=now, decided_by=user, refusal=""
    )
    if moved:
        do_close_review(segment, user, note, approved=True)
        Certificate.objects.filter(product=segment.product_id).update(checked_at=now)
        _do_list(segment.product)
        do_announce_cards([segment.video_id], now)
    return moved


def check_fit(segment: FeaturedSegment, now: datetime) -> None:
    """Raise ValidationError with a sentence for each lack that forbids airing."""
    days = air_days(segment, local_day(segment.product.stall, now))
    forbidden = [lack.sentence for lack in lacking(segment, *days) if lack.forbids]
    if forbidden:
        raise ValidationError(forbidden)


def local_day(stall: Stall, now: datetime) -> date:
    """Return which day it is in the market of `stall`."""
    return now.astimezone(ZoneInfo(stall.cooperative.zone)).date()


@transaction.atomic
def do_refuse_segment(segment: FeaturedSegment, user: User, reason: str, now: datetime) -> bool:
    """Send `segment` back with one sentence. Return whether it was waiting or approved."""
    return _turn_down(segment, user, reason, now, State.REFUSED)


@transaction.atomic
def do_decline_segment(segment: FeaturedSegment, user: User, reason: str, now: datetime) -> bool:
    """Refuse `segment` for good, with a reason. Return whether it was waiting or approved."""
    moved = _turn_down(segment, user, reason, now, State.DECLINED)
    if moved:
        do_end_review(segment, user)
    return moved


def _turn_down(
    segment: FeaturedSegment, user: User, reason: str, now: datetime, target: State
) -> bool:
    _check_decider(segment, user)
    reason = " ".join(reason.split())[:200]
    if not reason:
        raise ValidationError(_("Tulis satu kalimat alasannya, supaya pedagang bisa memperbaiki."))
    fields = {"decided_at": now, "decided_by": user, "refusal": reason}
    moved = _move(segment, (State.SUBMITTED, State.APPROVED), target, **fields)
    if moved:
        do_close_review(segment, user, reason, approved=False)
        do_announce_cards([segment.video_id], now)
    return moved


@transaction.atomic
def do_delete(thing: Stall | Product | FeaturedSegment, now: datetime) -> None:
    """Delete a stall, product or segment with all that hangs on it."""
    videos = _videos(_segments_of(thing))
    stall = _stall_of(thing)
    do_note_owner([thing, *_products_of(thing), *_segments_of(thing)], stall.trader)
    thing.delete()
    do_announce_cards(videos, now)


def do_note_owner(rows: Iterable[Model], trader: User | None) -> None:
    """Note whose `rows`, which are deleted, were, and by which keys other rooms name them.

    Erasing finds their entries in the log, and what was on air of them, by it.
    """
    if trader is None:
        return
    named = list(rows)
    keys = {str(row.pk): str(row.key) for row in named if isinstance(row, FeaturedSegment | Video)}
    entries = list(ModelLogEntry.objects.filter(entries_about(named)))
    for entry in entries:
        entry.data = entry.data | {"trader": trader.pk, "key": keys.get(entry.object_id, "")}
    ModelLogEntry.objects.bulk_update(entries, ["data"], batch_size=100)


def entries_about(rows: Iterable[Model]) -> Q:
    """Return which entries of the log are about `rows`."""
    keys: dict[type[Model], list[str]] = {}
    for row in rows:
        keys.setdefault(row._meta.model, []).append(str(row.pk))
    found = Q(pk__in=[])
    for model, own in keys.items():
        kind = ContentType.objects.get_for_model(model, for_concrete_model=False)
        found |= Q(content_type=kind, object_id__in=own)
    return found


def _stall_of(thing: Stall | Product | FeaturedSegment) -> Stall:
    match thing:
        case Stall():
            return thing
        case Product():
            return thing.stall
        case _:
            return thing.product.stall


def _products_of(thing: Stall | Product | FeaturedSegment) -> QuerySet[Product]:
    return (
        Product.objects.filter(stall=thing) if isinstance(thing, Stall) else Product.objects.none()
    )


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
    # A card that is decided again is decided by what its product is now.
    moved = FeaturedSegment.objects.filter(pk=segment.pk, state__in=sources).update(
        state=target, card_name="", card_image=None, **fields
    )
    segment.refresh_from_db()
    return bool(moved)
