"""A product as every page shows it: in the directory, beside a video, in an article."""

from dataclasses import dataclass

from cms.traders.cards import picture_url
from cms.traders.links import contact_of, tap_path
from cms.traders.models import Product


@dataclass(frozen=True)
class ProductCard:
    """parts/product.html; prices are whole Rupiah, `price_high` None unless there are two.

    `seen` is what a device tells that has shown it (cms/audience/events).
    """

    name: str
    price: int
    price_high: int | None
    unit: str
    stall: str
    block: str
    image: str
    url: str
    chat: str
    promoted: bool
    seen: str


def product_card(product: Product, place: str, *, promoted: bool = False) -> ProductCard:
    """Return the card of a product; `place` is where a tap on its chat is counted."""
    stall = product.stall
    return ProductCard(
        name=product.name,
        price=product.price,
        price_high=product.price_high,
        unit=product.unit,
        stall=stall.name,
        block=stall.block,
        image=picture_url(product),
        url=product.page_url,
        chat=tap_path(product, place) if contact_of(stall) else "",
        promoted=promoted,
        seen=f"{place} {product.key.hex}",
    )
