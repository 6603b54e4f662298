"""From where a request comes, behind our own proxies."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def address(request: HttpRequest) -> str:
    """The visitor's address: the one that the outermost of our own proxies saw."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    return address_behind(forwarded, str(request.META.get("REMOTE_ADDR", "")))


def address_behind(forwarded: str, peer: str) -> str:
    """Return whom X-Forwarded-For names, as far as our own proxies wrote it; else `peer`.

    Only the last PROXIES entries are ours; what stands before them anybody can write.
    """
    if settings.PROXIES:
        hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
        if len(hops) >= settings.PROXIES and _is_address(hops[-settings.PROXIES]):
            return hops[-settings.PROXIES]
    return peer


def _is_address(text: str) -> bool:
    """Return whether PostgreSQL, too, would take `text` for an address ("unknown" is none)."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
