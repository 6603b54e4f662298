"""What a visitor chose and a cookie remembers. Nothing is guessed from an address."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from cms.cooperatives.models import Region

REGION_COOKIE = "wilayah"
YEAR = 365 * 24 * 3600


def region_of(request: HttpRequest) -> Region | None:
    """The wilayah that this visitor chose, None before a choice."""
    slug = request.COOKIES.get(REGION_COOKIE, "")
    # SQLite and PostgreSQL differ over a null byte; a slug never holds one.
    if not slug or "\x00" in slug or len(slug) > 50:
        return None
    return Region.objects.filter(slug=slug).first()


def remember(response: HttpResponse, name: str, value: str) -> None:
    """Keep a choice for a year; an empty value forgets it."""
    if not value:
        response.delete_cookie(name)
        return
    response.set_cookie(
        name, value, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
