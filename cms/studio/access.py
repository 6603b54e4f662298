"""What of the studio belongs to whom: a trader's own stalls, and nothing else."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from cms.core.models import User
from cms.traders.models import Clip, FeaturedSegment, Product, Stall

View = Callable[..., HttpResponseBase]


def stalls_of(user: User) -> QuerySet[Stall]:
    """The stalls that `user` runs."""
    return Stall.objects.filter(trader=user).select_related("cooperative")


def products_of(user: User) -> QuerySet[Product]:
    """The products of those stalls."""
    return Product.objects.filter(stall__trader=user).select_related("stall__cooperative", "image")


def segments_of(user: User) -> QuerySet[FeaturedSegment]:
    """The featured segments of those products."""
    return FeaturedSegment.objects.filter(product__stall__trader=user).select_related(
        "product__stall__cooperative", "product__image", "video"
    )


def clips_of(user: User) -> QuerySet[Clip]:
    """The clips of those products, made or being made."""
    return Clip.objects.filter(product__stall__trader=user).select_related(
        "product__stall__cooperative", "segment__video__media"
    )


def waiting_of(user: User) -> dict[str, list[Any]]:
    """Return what of `user` waits for its first check, as `studio/unlisted.html` tells it."""
    return {
        "waiting_stalls": list(stalls_of(user).exclude(waiting_since=None)),
        "waiting_products": list(products_of(user).filter(active=True).exclude(waiting_since=None)),
    }


def trader(request: HttpRequest) -> User:
    """Who is signed in, behind `trader_view`."""
    assert isinstance(request.user, User)
    return request.user


def trader_view(view: View) -> View:
    """Let people in who run a stall; for the others nothing is there (404), and they read what to do.

    Put it outermost: who may not come in learns nothing of an address, not even its methods.
    """

    @login_required(login_url="studio:sign_in")
    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        assert isinstance(request.user, User)
        if not stalls_of(request.user).exists():
            return render(request, "studio/no_stall.html", status=404)
        return view(request, *args, **kwargs)

    return guarded
