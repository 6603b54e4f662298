"""What is particular to this install: its folder, its secret, its first logins.

Kept in `var/install.json`, readable by its owner alone and ignored by git.
"""

import json
import os
import secrets
from pathlib import Path

from setup.prepare import ROOT

VAR = Path(os.environ.get("SIAR_VAR", ROOT / "var"))
FILE = VAR / "install.json"

# Letters and digits that cannot be taken for one another when read from a screen.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def load() -> dict:
    """Return this install's facts, making them on the first call.

    Shape: {"secret_key": str, "logins": {user name: {"password": str, "note": str}}}.
    """
    if FILE.exists():
        return json.loads(FILE.read_text())
    facts = {"secret_key": secrets.token_urlsafe(50), "logins": {}}
    save(facts)
    return facts


def save(facts: dict) -> None:
    """Write `facts` in one step, for the owner's eyes only."""
    VAR.mkdir(parents=True, exist_ok=True)
    beside = FILE.with_suffix(".new")
    beside.touch(mode=0o600)
    beside.write_text(json.dumps(facts, indent=1))
    beside.replace(FILE)


def new_password() -> str:
    """Return a password of 60 random bits, in groups that can be typed on a phone."""
    letters = [secrets.choice(_ALPHABET) for _ in range(12)]
    return "-".join("".join(letters[i : i + 4]) for i in (0, 4, 8))


def environment() -> dict[str, str]:
    """Return the environment in which this install's programs run."""
    defaults = {"DJANGO_SETTINGS_MODULE": "cms.settings.development", "SIAR_VAR": str(VAR)}
    return defaults | dict(os.environ) | {"SIAR_SECRET_KEY": load()["secret_key"]}
