"""Reading a request: is a person behind it, and what tells their device apart."""

import re

from django.http import HttpRequest

from cms.core.visitors import address

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
