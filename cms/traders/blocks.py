"""A product in the text of an article."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.blocks import SnippetChooserBlock

from cms.traders.cards import picture_url
from cms.traders.links import tap_path
from cms.traders.models import Product


class ProductChooserBlock(SnippetChooserBlock):
    """Shows the product's card; nothing once the product is no longer on sale."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("traders.Product", **kwargs)

    def get_context(self, value: Product | None, parent_context: Any = None) -> dict[str, Any]:
        """Add `card` and its `product`: None where the public may not see it."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        product = _public(value)
        page = (parent_context or {}).get("page")
        place = f"kabar-{page.pk}" if page is not None and page.pk else "kabar"
        context |= {"product": product, "card": product and product_card(product, place)}
        return context

    class Meta:
        icon = "tag"
        label = _("Produk")
        template = "traders/product_block.html"


def _public(product: Product | None) -> Product | None:
    """A StreamField keeps whatever was chosen once: ask again each time it is shown."""
    if product is None:
        return None
    shown = Product.objects.public().select_related("stall__cooperative", "image")
    return shown.filter(pk=product.pk).first()


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
        "chat": tap_path(product, place),
        "promoted": promoted,
    }
