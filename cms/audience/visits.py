"""Reading a request: is a person behind it, and from where."""

import re

from django.conf import settings
from django.http import HttpRequest

MACHINES = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|facebookexternalhit|facebot|whatsapp/|skypeuri"
    r"|embedly|curl/|wget/|python-|httpx|go-http|java/|okhttp|libwww|scrapy|feedfetcher"
    r"|monitor|pingdom|uptime",
    re.IGNORECASE,
)
"""Programs that open a link by themselves: messengers' previews, search engines, scripts."""


def is_person(request: HttpRequest) -> bool:
    """Return whether somebody opens this address, rather than a program looking ahead."""
    if request.method != "GET":
        return False
    purpose = request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    if "prefetch" in purpose or request.headers.get("X-Moz") == "prefetch":
        return False
    agent = request.headers.get("User-Agent", "")
    return bool(agent) and not MACHINES.search(agent)


def traits(request: HttpRequest) -> tuple[str, ...]:
    """What tells devices apart for a moment; only ever kept as a hash (see `devices`)."""
    return (
        address(request),
        request.headers.get("User-Agent", ""),
        request.headers.get("Accept-Language", ""),
    )


def address(request: HttpRequest) -> str:
    """The visitor's address: the one that the outermost of our own proxies saw.

    Only the last PROXIES entries of X-Forwarded-For are ours; what stands before
    them anybody can write.
    """
    if settings.PROXIES:
        forwarded = request.headers.get("X-Forwarded-For", "")
        hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
        if len(hops) >= settings.PROXIES:
            return hops[-settings.PROXIES]
    return str(request.META.get("REMOTE_ADDR", ""))
