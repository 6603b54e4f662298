"""What XML 1.0 allows (its production 2). Pure."""

import re

_FORBIDDEN = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


def allowed(text: str, instead: str = "") -> str:
    """Return `text` with `instead` for each character that stands in XML in no form."""
    return _FORBIDDEN.sub(instead, text)
