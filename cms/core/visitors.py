"""From where a request comes, behind our own proxies."""

from ipaddress import IPv6Address, ip_address, ip_network

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


def network_of(address: str) -> str:
    """Return what one customer holds of the net: an IPv4 address, or the /64 of an IPv6 one.

    Whoever has a /64 has 2**64 addresses, so limits of a minute count by it. Anything else than
    an address is returned as it is.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return str(ip_network((found, 64), strict=False))
    return str(getattr(found, "ipv4_mapped", None) or found)


def counted_address(request: HttpRequest) -> str:
    """Return the first address of the visitor's network, by which django-axes counts attempts.

    Its column holds an address, not a network.
    """
    return network_of(address(request)).partition("/")[0]


def _is_address(text: str) -> bool:
    """Return whether PostgreSQL, too, would take `text` for an address ("unknown" is none)."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
