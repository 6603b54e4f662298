"""What tus says in headers, read and written. Pure."""

import base64
import binascii
import re
from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Any

VERSION = "1.0.0"
EXTENSIONS = "creation,termination,expiration"
BODY_TYPE = "application/offset+octet-stream"

LONGEST_METADATA = 4096
MOST_KEYS = 12
_KEY = re.compile(r"[\x21-\x2b\x2d-\x7e]{1,64}")


class BadHeader(ValueError):
    """A header that a tus client may not send; the text is for its programmer."""


@dataclass(frozen=True)
class Request:
    """Method, path and headers of a request; names in lower case."""

    method: str
    path: str
    headers: dict[str, str]

    @classmethod
    def of(cls, scope: MutableMapping[str, Any]) -> "Request":
        """Return the request of an ASGI scope, X-HTTP-Method-Override applied."""
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        method = headers.get("x-http-method-override", scope["method"]).upper()
        return cls(method, scope["path"], headers)

    def number(self, name: str) -> int:
        """Return the non-negative number in header `name`; raise BadHeader if it is none."""
        text = self.headers.get(name, "")
        if not (text.isascii() and text.isdigit() and len(text) <= 18):
            raise BadHeader(f"{name} must be a non-negative number")
        return int(text)


def metadata_of(header: str) -> dict[str, str]:
    """Return the pairs of Upload-Metadata; raise BadHeader if it cannot be read."""
    if len(header) > LONGEST_METADATA:
        raise BadHeader(f"upload-metadata is longer than {LONGEST_METADATA} bytes")
    pairs: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in header.split(","))):
        key, _, encoded = part.partition(" ")
        if not _KEY.fullmatch(key) or key in pairs:
            raise BadHeader("upload-metadata has a key that is empty, odd or given twice")
        pairs[key] = _text_of(encoded.strip())
    if len(pairs) > MOST_KEYS:
        raise BadHeader(f"upload-metadata has more than {MOST_KEYS} keys")
    return pairs


def expires_text(moment: datetime) -> str:
    """Return `moment` as Upload-Expires writes it (RFC 9110, 5.6.7)."""
    return format_datetime(moment, usegmt=True)


def _text_of(encoded: str) -> str:
    try:
        return base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise BadHeader("upload-metadata holds a value that is no base64 of UTF-8") from None
