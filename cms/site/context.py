"""What `templates/base.html` needs on every page, articles and Studio included."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from cms.site.choices import region_of

DOORS = (
    ("/live/", "live"),
    ("/guide/", "guide"),
    ("/pasar/", "market"),
    ("/lapak/", "market"),
    ("/kabar/", "news"),
)


def door(path: str) -> str:
    """Which of the five doors of the navigation `path` lies behind; "" for none."""
    if path == "/":
        return "home"
    return next((name for prefix, name in DOORS if path.startswith(prefix)), "")


def site(request: HttpRequest) -> dict[str, Any]:
    """`nav` and `region` for the app bar. The region is looked up only where it is shown."""
    return {"nav": door(request.path), "region": SimpleLazyObject(lambda: region_of(request))}
