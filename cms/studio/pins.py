"""The six digits by which a trader signs in, and which of them are guessed first."""

import re
from itertools import pairwise

from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from cms.core.guessing import is_pin
from cms.core.models import User

LENGTH = 6
KEYPAD = frozenset({"147258", "258369", "147369", "159753", "159357", "753951", "789456", "456123"})
"""Walks over the keys of a phone."""
DAYS = frozenset({"170845", "171945"})
"""17 August 1945: independence."""


def is_weak(pin: str, number: str = "") -> bool:
    """Return whether six digits are among the first that somebody would try.

    `number` is the owner's phone in any form: whoever has it would try its digits.
    """
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    few = len(set(pin)) < 3
    in_steps = steps in ({1}, {9})
    in_pairs = all(pin[n] == pin[n + 1] for n in range(0, LENGTH, 2))
    repeats = pin == pin[:2] * 3 or pin[:3] == pin[3:]
    mirrored = pin == pin[::-1]
    listed = pin in KEYPAD or pin in DAYS
    return (
        few
        or in_steps
        or in_pairs
        or repeats
        or mirrored
        or listed
        or pin in re.sub(r"\D", "", number)
    )


def check_secret(text: str, user: User) -> None:
    """Raise ValidationError unless `text` is a good PIN, or a good password for `user`."""
    if is_pin(text):
        if is_weak(text, user.phone or ""):
            raise ValidationError(
                _("PIN ini mudah ditebak. Pilih enam angka lain yang tidak berurutan.")
            )
        return
    if text.isdigit():
        raise ValidationError(_("PIN harus enam angka."))
    validate_password(text, user)


def is_secret_of(request: HttpRequest, user: User, secret: str) -> bool:
    """Return whether `secret` opens the account of `user`; tries count as those at the door do."""
    found = authenticate(request, username=user.get_username(), password=secret)
    return found is not None and found.pk == user.pk
