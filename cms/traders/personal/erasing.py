"""Erasing a trader: rows, photos, films and account. What was on air stays, of nobody."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from uuid import UUID, uuid4

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model, Q
from django.utils.translation import gettext as _
from wagtail.images.models import AbstractImage
from wagtail.models import ModelLogEntry, ReferenceIndex

from cms.cooperatives.access import Role
from cms.cooperatives.actions import do_remove_member
from cms.core.models import User
from cms.core.phone import local
from cms.core.refusals import Refused
from cms.traders.actions import do_delete, entries_about
from cms.traders.models import (
    Certificate,
    Clip,
    Consent,
    FeaturedSegment,
    FormerConsent,
    Product,
    ProductPhoto,
    Stall,
)
from cms.traders.personal.copy import images_of
from cms.traders.personal.doors import Leaving, erasers
from cms.traders.personal.takedown import spot_videos
from cms.videos.actions import do_delete_video, do_take_down
from cms.videos.models import Video
from cms.videos.models.machine import originals


def check_erase(user: User) -> None:
    """Raise Refused where the account works for a co-operative too: its office ends that first."""
    if user.is_superuser or user.memberships.exclude(role=Role.TRADER).exists():
        raise Refused(
            _(
                "Akun ini juga bertugas di koperasi. Minta pengurus mengakhiri tugas itu dulu, "
                "lalu hapus data Anda."
            )
        )


@transaction.atomic
def do_erase(user: User, now: datetime) -> None:
    """Erase `user` with all stalls; nothing names them afterwards. There is no way back.

    Raises Refused as `check_erase` does, and StoreUnavailable: all is then as before, but
    that films may be down already.
    """
    check_erase(user)
    stalls = list(Stall.objects.select_for_update().filter(trader=user))
    videos, images = _films(user, stalls), images_of(user)
    told = _words(user, stalls)
    leaving = _leaving(user, stalls, videos, now)
    for erase in erasers.values():
        erase(leaving)
    _keep_consents(stalls, told, now)
    for video in videos:
        do_take_down(video, now)
    rows = _rows(stalls, videos, images, user)
    _delete_clips(user, leaving.products)
    for stall in stalls:
        do_delete(stall, now)
    for video in videos:
        do_delete_video(video, now)
    for image in images:
        _delete_image(image)
    _end_account(user)
    _empty_logs(rows)


def _leaving(user: User, stalls: list[Stall], videos: Iterable[Video], now: datetime) -> Leaving:
    segments = FeaturedSegment.objects.filter(product__stall__in=stalls)
    products = Product.objects.filter(stall__in=stalls)
    return Leaving(
        now=now,
        stalls=tuple(stall.pk for stall in stalls),
        products=tuple(products.values_list("pk", flat=True)),
        segments=(
            *segments.values_list("key", flat=True),
            *map(UUID, _former(user, FeaturedSegment)),
        ),
        videos=(*(str(video.key) for video in videos), *_former(user, Video)),
    )


def _former(user: User, model: type[Model]) -> set[str]:
    """Return the keys of rows of `model` that `user` had and that were deleted before."""
    kind = ContentType.objects.get_for_model(model)
    rows = ModelLogEntry.objects.filter(content_type=kind, data__trader=user.pk)
    return {str(data["key"]) for data in rows.values_list("data", flat=True)}


def _keep_consents(stalls: list[Stall], told: Iterable[str], now: datetime) -> None:
    FormerConsent.objects.bulk_create(
        FormerConsent(
            kind=row.kind,
            way=row.way,
            wording=_without(row.wording, told),
            given_on=row.given_at.date(),
            withdrawn_on=row.withdrawn_at.date() if row.withdrawn_at else None,
            erased_on=now.date(),
        )
        for row in Consent.objects.filter(stall__in=stalls)
    )


def _words(user: User, stalls: list[Stall]) -> list[str]:
    """Return what may name the person, the longest first."""
    numbers = [number for number in (user.phone, *(s.whatsapp for s in stalls)) if number]
    names = [user.get_full_name(), user.first_name, user.last_name, user.username, user.email]
    names += [each for stall in stalls for each in (stall.name, stall.block)]
    told = {*names, *numbers, *(local(number) for number in numbers)}
    return sorted((each for each in told if len(each) > 2), key=len, reverse=True)


def _without(text: str, told: Iterable[str]) -> str:
    for each in told:
        text = text.replace(each, "…")
    return text


def _films(user: User, stalls: list[Stall]) -> list[Video]:
    """Return the films about the trader's products alone, also of products deleted before."""
    keys = [key.hex for key in Clip.objects.filter(created_by=user).values_list("key", flat=True)]
    left = Video.objects.filter(media__upload__in=keys, segments=None)
    return list({video.pk: video for video in [*spot_videos(stalls), *left]}.values())


def _delete_clips(user: User, products: Iterable[int]) -> None:
    clips = Clip.objects.filter(Q(product__in=products) | Q(created_by=user))
    films = [film for film in clips.values_list("film", flat=True) if film]
    clips.delete()
    for film in films:
        transaction.on_commit(partial(originals().delete, film), robust=True)


def _delete_image(image: AbstractImage) -> None:
    """Delete a photo, unless something of somebody else shows it."""
    uses = (Product, ProductPhoto, Certificate)
    if any(model.objects.filter(image=image).exists() for model in uses):
        return
    if not ReferenceIndex.get_references_to(image).exists():
        image.delete()


def _end_account(user: User) -> None:
    """Leave an account that nobody can enter and nothing names; logs refer to it."""
    numbers = {user.username, user.phone or "", local(user.phone) if user.phone else ""}
    # A known device counts its tries under the name and its own id (core/guessing.py).
    named = Q(username__in=numbers - {""}) | Q(username__startswith=f"{user.username} ")
    for log in (AccessAttempt, AccessFailureLog, AccessLog):
        log.objects.filter(named).delete()
    for membership in user.memberships.all():
        do_remove_member(membership)
    user.username = f"dihapus-{uuid4().hex[:12]}"
    user.first_name = user.last_name = user.email = ""
    user.phone = None
    user.is_active = False
    user.last_login = None
    user.set_unusable_password()
    user.save()


def _rows(
    stalls: list[Stall], videos: Iterable[Video], images: Iterable[AbstractImage], user: User
) -> Q:
    """Return which log entries are about what goes, and about what was deleted before."""
    products = Product.objects.filter(stall__in=stalls)
    segments = FeaturedSegment.objects.filter(product__stall__in=stalls)
    found = Q(data__trader=user.pk)
    for rows in (stalls, list(products), list(segments), videos, images, [user]):
        found |= entries_about(rows)
    return found


def _empty_logs(rows: Q) -> None:
    """Take names out of the CMS's own history; who did what kind of thing when stays."""
    ModelLogEntry.objects.filter(rows).update(label="", data={})
