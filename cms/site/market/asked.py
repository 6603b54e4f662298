"""What a visitor asks of the directory, and the links that change one thing of it."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from cms.cooperatives.models import Cooperative, Region
from cms.site.guide_tabs import Tab
from cms.site.queries import chosen_region, text_of
from cms.traders.models import Commodity, Product, Stall

TABS = 14
"""Commodities to choose from; more are found by the search."""


@dataclass(frozen=True)
class Asked:
    """The filters of an address. What it names that is not there is not asked."""

    market: Cooperative | None = None
    goods: bool = False
    commodity: Commodity | None = None
    region: Region | None = None
    verified: bool = False
    question: str = ""

    @property
    def path(self) -> str:
        """The page that the filters are of."""
        return reverse("cooperative", args=[self.market.slug]) if self.market else reverse("market")

    @property
    def pairs(self) -> dict[str, str]:
        """The filters by their names in an address, in one order; those asked for alone."""
        pairs = {
            "tampil": "produk" if self.goods else "",
            "komoditas": self.commodity.slug if self.commodity else "",
            "wilayah": self.region.slug if self.region else "",
            "terverifikasi": "1" if self.verified else "",
            "q": self.question,
        }
        return {name: value for name, value in pairs.items() if value}

    @property
    def query(self) -> str:
        """The filters as they stand in an address: "komoditas=cabai&q=rawit"."""
        return urlencode(self.pairs)

    @property
    def beside_question(self) -> dict[str, str]:
        """What another question keeps, for the form that asks it."""
        return replace(self, question="").pairs

    def url(self, **changes: Any) -> str:
        """Return the address of the same with `changes`, on its first page."""
        other = replace(self, **changes)
        return f"{other.path}?{other.query}" if other.query else other.path

    @property
    def is_narrow(self) -> bool:
        """Whether something is left out."""
        return bool(self.commodity or self.region or self.verified or self.question)


def asked_of(request: HttpRequest, market: Cooperative | None = None) -> Asked:
    """Return what the address of `request` asks; the region of a market is known."""
    return Asked(
        market=market,
        goods=text_of(request, "tampil") == "produk",
        commodity=Commodity.objects.filter(slug=text_of(request, "komoditas")).first(),
        region=None if market else chosen_region(request),
        verified=text_of(request, "terverifikasi") == "1",
        question=text_of(request, "q"),
    )


def kinds(asked: Asked) -> list[Tab]:
    """Return the choice between stalls and products."""
    return [
        Tab(_("Lapak"), asked.url(goods=False), not asked.goods),
        Tab(_("Produk"), asked.url(goods=True), asked.goods),
    ]


def commodities(asked: Asked) -> list[Tab]:
    """Return the commodities that somebody deals in here, the chosen one among them."""
    where = _within(asked, "stall__cooperative")
    goods = Product.objects.public().filter(where, commodity=OuterRef("pk"))
    stalls = Stall.objects.public().filter(
        _within(asked, "cooperative"), commodities=OuterRef("pk")
    )
    rows = list(Commodity.objects.filter(Q(Exists(goods)) | Q(Exists(stalls)))[:TABS])
    if asked.commodity and asked.commodity not in rows:
        rows.append(asked.commodity)
    if not rows:
        return []
    every = Tab(_("Semua"), asked.url(commodity=None), asked.commodity is None)
    return [every, *(Tab(c.name, asked.url(commodity=c), c == asked.commodity) for c in rows)]


def regions(asked: Asked) -> list[Tab]:
    """Return the wilayah that have stalls; none on the page of one market."""
    if asked.market:
        return []
    stalls = Stall.objects.public().filter(cooperative__region=OuterRef("pk"))
    rows = list(Region.objects.filter(Exists(stalls)))
    if len(rows) < 2 and asked.region is None:
        return []
    every = Tab(_("Semua wilayah"), asked.url(region=None), asked.region is None)
    return [every, *(Tab(r.name, asked.url(region=r), r == asked.region) for r in rows)]


def _within(asked: Asked, path: str) -> Q:
    """What belongs to the market or wilayah asked for; `path` leads to the co-operative."""
    if asked.market:
        return Q(**{path: asked.market})
    return Q(**{f"{path}__region": asked.region}) if asked.region else Q()


def dealing_in(commodity: str) -> Q:
    """Stalls that say so of themselves or sell a product of the `commodity` (its slug)."""
    sold = Product.objects.public().filter(stall=OuterRef("pk"), commodity__slug=commodity)
    dealt = Stall.commodities.through.objects.filter(
        stall=OuterRef("pk"), commodity__slug=commodity
    )
    return Q(Exists(sold)) | Q(Exists(dealt))


def narrowed_stalls(asked: Asked) -> Any:
    """Return the public stalls that the filters leave; the question is not looked at."""
    rows = Stall.objects.public().filter(_within(asked, "cooperative"))
    if asked.commodity:
        rows = rows.filter(dealing_in(asked.commodity.slug))
    return rows.filter(verified_at__isnull=False) if asked.verified else rows


def narrowed_products(asked: Asked) -> Any:
    """Return the public products that the filters leave; the question is not looked at."""
    rows = Product.objects.public().filter(_within(asked, "stall__cooperative"))
    if asked.commodity:
        rows = rows.filter(commodity=asked.commodity)
    return rows.filter(stall__verified_at__isnull=False) if asked.verified else rows
