"""The code on a proof: who has no key cannot make one, and what was altered has another.

It is an HMAC (RFC 2104) over the number, the figures and a seal of the names. The names
themselves are not in it: they can be forgotten, and the code still holds.
"""

import hashlib
import hmac
import re
from typing import Any

from cms.audience.proofs.document import canonical

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Base 32 as Crockford writes it: without I, L, O and U, which are read for others."""

LENGTH = 12
"""Characters of 5 bits: 60 bits. At a thousand guesses a second against a million proofs, the
first hit takes some thirty years; what is asked of us is far slower (`verify`)."""

_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})

_NUMBER = re.compile(r"BT-[0-9]+-[0-9]{4}-[0-9]+")
"""How a number looks: without its dashes it could be taken for a code."""


def seal_of(names: dict[str, Any], salt: str) -> str:
    """Return a mark of `names` that tells nothing of them to who lacks the salt."""
    return hashlib.sha256(canonical([salt, names])).hexdigest()


def code_of(key: str, number: str, facts: dict[str, Any], seal: str) -> str:
    """Return the code of a proof, without dashes. `key` is the install's secret."""
    said = canonical(["bukti-tayang-1", number, facts, seal])
    digest = hmac.new(key.encode(), said, hashlib.sha256).digest()
    bits = int.from_bytes(digest[:8], "big") >> (64 - 5 * LENGTH)
    return "".join(_ALPHABET[bits >> 5 * place & 31] for place in reversed(range(LENGTH)))


def read(text: str) -> str:
    """Return the code in what somebody typed; "" if it cannot be one."""
    if _NUMBER.fullmatch(text.strip().upper()):
        return ""
    code = text.upper().translate(_READ_AS)
    return code if len(code) == LENGTH and set(code) <= set(_ALPHABET) else ""


def shown(code: str) -> str:
    """Return `code` in groups for the eye: 7K4M-2QXD-9FTE."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))
