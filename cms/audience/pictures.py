"""The picture that leads a phone before a large screen to a chat."""

import re
from functools import lru_cache
from io import BytesIO

import segno
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from cms.audience.places import FORM

SEGMENT = re.compile(r"[0-9a-f]{32}")


@cache_control(public=True, max_age=86400)
@require_safe
def qr(request: HttpRequest, key: str) -> HttpResponse:
    """Draw the address of the chat about a product, with the place where it is shown.

    Asks nothing: whether the product is on sale is found out by who follows it.
    """
    place, segment = request.GET.get("di", ""), request.GET.get("s", "")
    words = [f"di={place}"] if FORM.fullmatch(place) else []
    words += [f"s={segment}"] if SEGMENT.fullmatch(segment) else []
    address = request.build_absolute_uri(reverse("audience:chat", args=[key]))
    picture = _drawn("?".join(filter(None, [address, "&".join(words)])))
    return HttpResponse(picture, content_type="image/svg+xml")


@lru_cache(maxsize=1024)
def _drawn(address: str) -> bytes:
    data = BytesIO()
    # White around it, as scanners need it, also where the page is dark.
    segno.make(address, error="l", micro=False).save(
        data,
        kind="svg",
        border=4,
        dark="#000",
        light="#fff",
        xmldecl=False,
        svgclass=None,
        lineclass=None,
        omitsize=True,
    )
    return data.getvalue()
