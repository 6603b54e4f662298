"""Addresses of traders' own shops: where we may send a buyer. Pure."""

import re
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

PLAIN_ADDRESS = re.compile(r"https://[A-Za-z0-9.-]+(?:[/?#][!#-;=?-Z_a-z~%&]*)?", re.ASCII)
"""Printable ASCII without space, quotes, brackets or backslash (browsers read it as a slash)."""
HOST = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])?", re.ASCII
)
"""Labels of RFC 1123 with a last one that begins with a letter: a name, not a number."""
PRIVATE = frozenset(
    [
        "alt",
        "arpa",
        "corp",
        "example",
        "home",
        "internal",
        "intranet",
        "invalid",
        "lan",
        "local",
        "localdomain",
        "localhost",
        "mail",
        "onion",
        "private",
        "test",
    ]
)
"""Last labels that name nothing on the public internet: those of RFC 2606, 6761, 6762, 7686, 8375
and 9476, ICANN's `internal`, what it never gives out because routers use it, and their habits."""


def is_shop_address(text: str) -> bool:
    """Return whether we may send a buyer to `text`: a plain https address of a named host.

    No name or password in it, no port, no bare number or single word for a host, no host of
    somebody's own network, and no sign that one reader takes for the end of the host and
    another does not.
    """
    if not PLAIN_ADDRESS.fullmatch(text):
        return False
    parts = urlsplit(text)
    host = parts.netloc.lower()
    named = len(host) <= 253 and HOST.fullmatch(host) is not None
    return parts.scheme == "https" and named and host.rpartition(".")[2] not in PRIVATE


def check_shop_address(text: str) -> None:
    """Raise ValidationError, said under `shop_url`, unless `text` is empty or fit for buyers."""
    if text and not is_shop_address(text):
        sentence = _(
            "Tulis alamat toko lengkap, diawali https://, misalnya https://toko.contoh.id."
        )
        raise ValidationError({"shop_url": sentence})
