"""`{% load parts %}`: what the components in `templates/parts` are made with."""

import json
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from cms.videos.covers import cover_url
from cms.videos.models import Rating, Video

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
def rating_words(rating: str) -> str:
    """An age rating in words, for those who do not see the letters."""
    return str(Rating(rating).label) if rating in Rating.values else rating


# As in django.utils.html.json_script: nothing in a value may end the element.
_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.simple_tag
def json_ld(data: dict[str, Any] | list[dict[str, Any]] | None) -> SafeString | str:
    """Structured data of schema.org. A data block is no script: the policy lets it stand."""
    if not data:
        return ""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308


@register.simple_tag
def cover(video: Video) -> str:
    """The address of a video's cover, "" when it has none: `{% cover video as picture %}`."""
    return cover_url(video)


@register.simple_tag(takes_context=True)
def absolute(context: template.Context, path: str) -> str:
    """An address with scheme and host, as messengers need it for pictures; "" stays ""."""
    request = context.get("request")
    return request.build_absolute_uri(path) if request is not None and path else ""
