"""`manage.py check`: settings that are wrong, each in one sentence with what to do."""

from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from media_pipeline.stores import open_store


@register("siar")
def check_published_store(**_: Any) -> list[CheckMessage]:
    """Say what is wrong with the published store and its address."""
    return list(_published_faults())


def _published_faults() -> Iterator[CheckMessage]:
    try:
        open_store(settings.PUBLISHED)
    except ValueError as wrong:
        yield Error(str(wrong), hint="Mend PUBLISHED in the settings.", id="siar.E001")
    if not settings.PUBLISHED_URL.endswith("/"):
        yield Error(
            f"PUBLISHED_URL must end with a slash, not like {settings.PUBLISHED_URL!r}.",
            id="siar.E002",
        )
    host = _origin_of(settings.PUBLISHED_URL)
    if host and host not in settings.MEDIA_HOSTS:
        yield Error(
            f"Browsers will refuse media from {host}.",
            hint=f"Add {host} to SIAR_MEDIA_HOSTS.",
            id="siar.E003",
        )


def _origin_of(address: str) -> str:
    """Return scheme and host of an absolute address, "" of a path."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


@register("siar")
def check_limits(**_: Any) -> list[CheckMessage]:
    """Say which limits cannot hold."""
    if settings.LARGEST_UPLOAD < settings.LARGEST_BODY:
        return [
            Warning(
                "SIAR_LARGEST_UPLOAD is smaller than what an ordinary form may send.",
                id="siar.W001",
            )
        ]
    return []


@register("siar")
def check_shared_networks(**_: Any) -> list[CheckMessage]:
    """Say which shared networks are none."""
    faults: list[CheckMessage] = []
    for text in settings.SHARED_NETWORKS:
        try:
            ip_network(text)
        except ValueError as wrong:
            hint = "Write addresses or networks, such as 203.0.113.7,2001:db8:1::/48."
            faults.append(Error(f"SIAR_SHARED_NETWORKS: {wrong}.", hint=hint, id="siar.E004"))
    return faults
