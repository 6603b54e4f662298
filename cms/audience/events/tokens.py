"""Tokens of a day: the server signs them, so that nobody can make viewers up without asking. Pure.

A token is 12 characters of chance and 12 of a mark made with the secret of its day. It names
neither a device nor an address, and it is worth nothing on another date.
"""

import hashlib
from base64 import urlsafe_b64encode
from hmac import compare_digest

CHANCE = 9
"""Bytes of chance in a token; its mark is as long. Three bytes are four characters."""
_HALF = 12


def token_of(salt: bytes, chance: bytes) -> str:
    """Return the token of the day whose secret is `salt`; `chance` is CHANCE random bytes."""
    body = urlsafe_b64encode(chance).decode()
    return body + _mark(salt, body)


def is_of(salt: bytes, token: str) -> bool:
    """Return whether `token` was issued for the day whose secret is `salt`."""
    body, mark = token[:_HALF], token[_HALF:]
    return compare_digest(mark.encode(), _mark(salt, body).encode())


def _mark(salt: bytes, body: str) -> str:
    # `person` keeps these marks apart from all else that is hashed with the secret.
    digest = hashlib.blake2b(body.encode(), key=salt, digest_size=CHANCE, person=b"token")
    return urlsafe_b64encode(digest.digest()).decode()
