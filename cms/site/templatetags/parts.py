"""`{% load parts %}`: what the components in `templates/parts` are made with."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cms.videos.models import Rating

register = template.Library()


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """One picture of the sprite: `{% icon "pin" size="small" %}`.

    Without a label it is hidden from screen readers: the words beside it speak.
    """
    css = f"icon {size}".strip()
    href = f"{static('icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>', css, label, href
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', css, href)


@register.filter
def thousands(amount: int) -> str:
    """12500 as 12.500: the bare number of a price, whose Rp stands apart and small."""
    return f"{int(amount):,}".replace(",", ".")


@register.filter
def rating_words(rating: str) -> str:
    """An age rating in words, for those who do not see the letters."""
    return str(Rating(rating).label) if rating in Rating.values else rating
