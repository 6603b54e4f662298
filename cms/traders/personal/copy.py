"""A copy of what Siar holds of a trader: their own rows, and nothing of other people."""

import json
from collections.abc import Iterable
from datetime import datetime
from shutil import copyfileobj
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.contrib.sessions.models import Session
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, Q
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage

from cms.core.models import User
from cms.traders.models import (
    Certificate,
    Clip,
    Consent,
    FeaturedSegment,
    Invitation,
    Product,
    ProductPhoto,
    Stall,
)
from cms.traders.personal.doors import tellers
from cms.traders.personal.takedown import spot_videos
from cms.videos.models.machine import originals

Row = dict[str, Any]
PIECE = 1 << 20
"""Bytes of a film that are in memory at once."""
PERSON = ("username", "first_name", "last_name", "email", "phone", "language")
STALL = (
    *("key", "name", "slug", "description", "block", "market", "whatsapp", "hide_number"),
    *("active", "waiting_since", "taken_down_at", "verified_at"),
)
PRODUCT = (
    *("key", "name", "description", "price", "price_high", "unit", "shop_url", "active"),
    "waiting_since",
)
SEGMENT = (
    *("key", "kind", "begin", "end", "starts_on", "ends_on", "label", "state", "refusal"),
    *("submitted_at", "decided_at", "card_name"),
)
CONSENT = ("kind", "way", "wording", "given_at", "withdrawn_at")
INVITATION = ("created_at", "expires_at", "used_at", "ended_at")
CLIP = ("key", "source", "state", "begin", "seconds", "film_name", "film", "created_at")
CERTIFICATE = ("kind", "number", "expires_on")


def record_of(user: User, now: datetime) -> Row:
    """Return all that is held of `user`, as values that JSON can carry."""
    stalls = list(Stall.objects.filter(trader=user).select_related("cooperative"))
    return {
        "made": now,
        "person": _values(user, PERSON)
        | {"joined": user.date_joined, "signed_in_last": user.last_login},
        "memberships": [
            {"cooperative": row.cooperative.name, "role": row.role}
            for row in user.memberships.select_related("cooperative")
        ],
        "sessions": _sessions(user, now),
        "stalls": [_stall(stall) for stall in stalls],
        **{name: tell(user) for name, tell in sorted(tellers.items())},
    }


def do_write_copy(user: User, target: IO[bytes], now: datetime) -> None:
    """Write `data.json`, the photos and the films that are kept as a ZIP into `target`."""
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        text = json.dumps(record_of(user, now), cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
        archive.writestr("data.json", text)
        for image in images_of(user):
            if (data := _bytes(image)) is not None:
                # A JPEG does not shrink any more.
                archive.writestr(_photo(image), data, compress_type=ZIP_STORED)
        for name in films_of(user):
            _add_film(archive, name)


def films_of(user: User) -> list[str]:
    """Return the names, in the store of originals, of the films that a trader sent or that were
    made for their spots: of a clip that is made, the part that airs.
    """
    clips = Clip.objects.filter(Q(product__stall__trader=user) | Q(created_by=user))
    spots = spot_videos(Stall.objects.filter(trader=user))
    names = {*clips.values_list("film", flat=True)}
    names |= {*spots.values_list("media__original", flat=True)}
    return sorted(name for name in names if name)


def _add_film(archive: ZipFile, name: str) -> None:
    """Add a film piece by piece: one may have two gigabytes. One that is gone is left out."""
    inside = ZipInfo(f"film/{name.rpartition('/')[2]}")
    try:
        with (
            originals().open(name, "rb") as film,
            archive.open(inside, "w", force_zip64=True) as to,
        ):
            copyfileobj(film, to, PIECE)
    except FileNotFoundError:
        return


def images_of(user: User) -> list[AbstractImage]:
    """Return the photos of a trader, each once; also those that nothing shows any more."""
    products = Product.objects.filter(stall__trader=user)
    rows: list[Any] = [
        *products.exclude(image=None).select_related("image"),
        *ProductPhoto.objects.filter(product__in=products).select_related("image"),
        *Certificate.objects.filter(product__in=products)
        .exclude(image=None)
        .select_related("image"),
    ]
    cards = FeaturedSegment.objects.filter(product__in=products).exclude(card_image=None)
    shown = [row.image for row in rows]
    shown += [row.card_image for row in cards.select_related("card_image")]
    sent = get_image_model().objects.filter(uploaded_by_user=user)
    return list({image.pk: image for image in [*shown, *sent]}.values())


def _stall(stall: Stall) -> Row:
    products = stall.products.prefetch_related("certificates__image", "photos__image", "clips")
    return _values(stall, STALL) | {
        "cooperative": stall.cooperative.name,
        "commodities": [row.name for row in stall.commodities.all()],
        "consents": [_values(row, CONSENT) for row in Consent.objects.filter(stall=stall)],
        "invitations": [_values(row, INVITATION) for row in Invitation.objects.filter(stall=stall)],
        "products": [_product(row) for row in products.select_related("image", "commodity")],
    }


def _product(product: Product) -> Row:
    segments = FeaturedSegment.objects.filter(product=product)
    segments = segments.select_related("video", "card_image")
    photos = [product.image, *(row.image for row in product.photos.all())]
    return _values(product, PRODUCT) | {
        "commodity": product.commodity.name if product.commodity else "",
        "photos": [_photo(image) for image in photos if image],
        "certificates": [
            _values(row, CERTIFICATE) | {"photo": _photo(row.image) if row.image else ""}
            for row in product.certificates.all()
        ],
        "clips": [_values(row, CLIP) for row in product.clips.all()],
        "segments": [
            _values(row, SEGMENT)
            | {
                "video": row.video.title,
                "card_photo": _photo(row.card_image) if row.card_image else "",
            }
            for row in segments
        ],
    }


def _sessions(user: User, now: datetime) -> list[Row]:
    """Return until when each device stays signed in. A session tells its owner only from inside."""
    rows = Session.objects.filter(expire_date__gt=now).order_by("expire_date").iterator()
    mine = (row for row in rows if row.get_decoded().get("_auth_user_id") == str(user.pk))
    return [{"ends": row.expire_date} for row in mine]


def _values(row: Model, names: Iterable[str]) -> Row:
    return {name: getattr(row, name) for name in names}


def _photo(image: AbstractImage) -> str:
    suffix = image.file.name.rpartition(".")[2]
    return f"foto/{image.pk}.{suffix}"


def _bytes(image: AbstractImage) -> bytes | None:
    try:
        with image.file.open("rb") as file:
            data: bytes = file.read()
            return data
    except FileNotFoundError:
        return None
