"""How much of one network counts in an hour: few, or the posts of one person become many viewers.

A network is an IPv4 address, or a /64 of IPv6 and the /48 around it: one customer gets a whole
/64, and one who rents a tunnel a /48. Networks that the operator names as shared (the line of a
market hall) get more. An address is never kept: what is written is a hash by the secret of a
day, and that secret is deleted when the day is over.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from cms.audience.events.salts import Salts, hashed
from cms.audience.models import NetworkUse
from cms.core.visitors import network_of

FEW = 2
"""Of a network within WINDOW (docs/decisions/057-few-of-a-network.md has the figures)."""
FEW_OF_48 = 16
"""Of all /64 of one /48 together."""
FEW_OF_SHARED = 60
"""Of a network that SIAR_SHARED_NETWORKS names."""
WINDOW = timedelta(minutes=65)
"""An hour, and the five minutes for which a post may be late."""

KEEP = timedelta(hours=8)
"""Taps on a channel's cards are counted up to six hours late, and belong to their own hour."""


class Limit(NamedTuple):
    """A network and how much of it counts within WINDOW."""

    network: str
    most: int


def limits_of(address: str) -> list[Limit]:
    """Return the limits that hold for `address`; one for what is not an address."""
    try:
        found = ip_address(address)
    except ValueError:
        return [Limit(address, FEW)]
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or found
    shared = [net for net in shared_networks() if found.version == net.version and found in net]
    if shared:
        return [Limit(str(found), FEW_OF_SHARED)]
    if found.version == 4:
        return [Limit(str(found), FEW)]
    wide = str(ip_network((found, 48), strict=False))
    return [Limit(network_of(address), FEW), Limit(wide, FEW_OF_48)]


def shared_networks() -> list[IPv4Network | IPv6Network]:
    """Return what SIAR_SHARED_NETWORKS names; raises ValueError for what is no network."""
    return [ip_network(text) for text in settings.SHARED_NETWORKS]


def hidden(address: str, salts: Salts, now: datetime) -> list[Limit]:
    """Return the limits of `address` with a hash in place of each network. May use the database.

    Just after midnight also under the secret of the day before: else the hour would begin again.
    """
    secrets = [salts.fetch(day, now) for day in sorted({(now - WINDOW).date(), now.date()})]
    return [
        Limit(hashed(secret, "network", limit.network), limit.most)
        for secret in secrets
        for limit in limits_of(address)
    ]


def written(limits: Iterable[Limit]) -> str:
    """Return `limits` as a word of the spool."""
    return ",".join(f"{limit.network}:{limit.most}" for limit in limits)


def read(word: str) -> list[Limit]:
    """Return the limits that `written` made `word` of; none for a word that was cut."""
    pairs = [part.partition(":") for part in word.split(",")]
    return [Limit(network, int(most)) for network, _, most in pairs if most.isdecimal()]


@transaction.atomic
def do_use(limits: Iterable[Limit], what: str, now: datetime) -> bool:
    """Note one more `what` of the networks in `limits`; return whether all of them had room.

    Where one had none, nothing is noted.
    """
    held: list[NetworkUse] = []
    begin, moment = int((now - WINDOW).timestamp()), int(now.timestamp())
    # In one order everywhere: two who lock the same rows would wait for each other.
    for limit in sorted(limits):
        name = hashed(b"", limit.network, what)
        NetworkUse.objects.get_or_create(who=name, defaults={"last": now})
        row = NetworkUse.objects.select_for_update().get(who=name)
        row.times = [at for at in row.times if begin < at]
        if len(row.times) >= limit.most:
            return False
        held.append(row)
    for row in held:
        row.times, row.last = [*row.times, moment], now
        row.save(update_fields=["times", "last"])
    return bool(held)


def do_forget_networks(now: datetime) -> None:
    """Delete what no limit looks at any more."""
    NetworkUse.objects.filter(last__lt=now - KEEP).delete()
