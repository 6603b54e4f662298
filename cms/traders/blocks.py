"""A product in the text of an article: choosing it, and the card that readers see."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.blocks import SnippetChooserBlock

from cms.traders.cards import picture_url
from cms.traders.links import contact_of, tap_path
from cms.traders.models import Product


class ProductChooserBlock(SnippetChooserBlock):
    """Chooses a product. Whether readers see it is for the page to ask each time it is shown."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("traders.Product", **kwargs)

    class Meta:
        icon = "tag"
        label = _("Produk")


def product_card(product: Product, place: str, *, promoted: bool = False) -> dict[str, Any]:
    """What `parts/product.html` shows of a product; `place` is where the card stands."""
    return {
        "name": product.name,
        "price": product.price,
        "price_high": product.price_high,
        "unit": product.unit,
        "stall": product.stall.name,
        "block": product.stall.block,
        "image": picture_url(product),
        "url": f"/lapak/{product.stall.slug}/{product.slug}/",
        "chat": tap_path(product, place) if contact_of(product.stall) else "",
        "promoted": promoted,
    }
