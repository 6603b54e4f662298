"""The demo's stalls and products."""

from collections.abc import Mapping
from datetime import datetime

from cms.cooperatives.models import Cooperative
from cms.core.models import User
from cms.demo.content.market import SHOPS, WHATSAPP, Goods, Shop
from cms.demo.pictures import do_ensure_picture
from cms.traders.actions import do_save_product, do_save_stall, do_verify_stall
from cms.traders.checks import mobile_number
from cms.traders.commodities import do_add_common
from cms.traders.models import Commodity, Product, Stall

COMMODITIES = {
    "cabai": "cabai",
    "bawang": "bawang",
    "tempe": "tahu-dan-tempe",
    "kemasan": "sambal",
    "beras": "beras",
    "ikan": "ikan",
    "rempah": "bumbu",
    "timur": "sagu",
    "telur": "telur",
}
"""The commodity of goods, by their picture."""


def do_create_shops(
    places: Mapping[str, Cooperative], people: Mapping[str, User], now: datetime
) -> None:
    """Make the stalls and products that are missing; what somebody changed stays."""
    do_add_common()
    for shop in SHOPS:
        stall = Stall.objects.filter(slug=shop.slug).first()
        if stall is None:
            stall = _create_stall(shop, places, people, now)
        for goods in shop.goods:
            if not Product.objects.filter(stall=stall, slug=goods.slug).exists():
                _create_product(stall, goods, people["admin"], now)


def _create_stall(
    shop: Shop, places: Mapping[str, Cooperative], people: Mapping[str, User], now: datetime
) -> Stall:
    stall = Stall(
        cooperative=places[shop.cooperative],
        trader=people.get(shop.login),
        name=shop.name,
        slug=shop.slug,
        description=shop.about,
        block=shop.block,
        whatsapp=mobile_number(WHATSAPP),
    )
    do_save_stall(stall, people["admin"], now)
    do_verify_stall(stall, people["admin"], now, verified=True)
    return stall


def _create_product(stall: Stall, goods: Goods, user: User, now: datetime) -> Product:
    product = Product(
        stall=stall,
        name=goods.name,
        slug=goods.slug,
        description=f"{goods.about} Barang contoh.",
        price=goods.price,
        price_high=goods.price_high,
        unit=goods.unit,
        commodity=Commodity.objects.filter(slug=COMMODITIES[goods.picture]).first(),
        image=do_ensure_picture(goods.picture, stall.cooperative),
    )
    do_save_product(product, user, now)
    return product


def product_of(slug: str) -> Product | None:
    """Return the demo's product with this slug, None if somebody has removed it."""
    return Product.objects.filter(slug=slug, stall__slug__in=[s.slug for s in SHOPS]).first()
