"""A product in the text of an article: choosing it, and the card that readers see."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.blocks import SnippetChooserBlock


class ProductChooserBlock(SnippetChooserBlock):
    """Chooses a product. Whether readers see it is for the page to ask each time it is shown."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("traders.Product", **kwargs)

    class Meta:
        icon = "tag"
        label = _("Produk")
