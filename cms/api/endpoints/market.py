"""Stalls and products."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router
from ninja.pagination import paginate

from cms.api.paging import Paging
from cms.api.schemas import CommodityOut, ProductOut, StallOut
from cms.api.scope import Text, below, filtered, rows
from cms.site.market.asked import dealing_in
from cms.site.market.words import products_with, stalls_with
from cms.traders.models import Commodity, Product, Stall

router = Router(tags=["Market"])


def _stalls(request: HttpRequest, *, mine: bool) -> QuerySet[Stall]:
    shown = rows(request, Stall.objects.all(), mine=mine)
    return shown.select_related("cooperative").prefetch_related("commodities")


def _products(request: HttpRequest, *, mine: bool) -> QuerySet[Product]:
    shown = rows(request, Product.objects.all(), mine=mine)
    shown = shown.select_related("stall__cooperative", "image", "commodity")
    return shown.prefetch_related("image__renditions", "certificates")


@router.get("/commodities", response=list[CommodityOut])
@paginate(Paging)
def list_commodities(request: HttpRequest) -> QuerySet[Commodity]:
    """What is dealt in, by name."""
    return Commodity.objects.order_by("name", "pk")


@router.get("/stalls", response=list[StallOut])
@paginate(Paging)
def list_stalls(
    request: HttpRequest,
    cooperative: Text = "",
    region: Text = "",
    commodity: Text = "",
    q: Text = "",
    mine: bool = False,
) -> QuerySet[Stall]:
    """Stalls by name. `cooperative` includes those below it; `q` finds as the site does."""
    found = filtered(_stalls(request, mine=mine), {"cooperative__region__slug": region})
    if cooperative:
        found = found.filter(below("cooperative", cooperative))
    if commodity:
        found = found.filter(dealing_in(commodity))
    return stalls_with(found, q).order_by("name", "pk")


@router.get("/stalls/{uuid:key}", response=StallOut)
def get_stall(request: HttpRequest, key: UUID, mine: bool = False) -> Stall:
    """One stall."""
    return get_object_or_404(_stalls(request, mine=mine), key=key)


@router.get("/products", response=list[ProductOut])
@paginate(Paging)
def list_products(
    request: HttpRequest,
    stall: UUID | None = None,
    cooperative: Text = "",
    region: Text = "",
    commodity: Text = "",
    q: Text = "",
    mine: bool = False,
) -> QuerySet[Product]:
    """Products by name. `cooperative` includes those below it; `q` finds as the site does."""
    found = filtered(_products(request, mine=mine), {"stall__cooperative__region__slug": region})
    if stall:
        found = found.filter(stall__key=stall)
    if cooperative:
        found = found.filter(below("stall__cooperative", cooperative))
    found = filtered(found, {"commodity__slug": commodity})
    return products_with(found, q).order_by("name", "pk")


@router.get("/products/{uuid:key}", response=ProductOut)
def get_product(request: HttpRequest, key: UUID, mine: bool = False) -> Product:
    """One product."""
    return get_object_or_404(_products(request, mine=mine), key=key)
