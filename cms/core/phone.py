"""Phone numbers: Indonesian as people write them, E.164 as they are kept."""

import re
from urllib.parse import quote

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def normalise(text: str) -> str:
    """Return `text` as E.164 ("0812-3456-7890" gives "+6281234567890").

    Numbers without a country code are read as Indonesian. Raises ValidationError
    with one sentence when no such number can exist.
    """
    if re.search(r"\d[^\W\d_]|[^\W\d_]\d", text):
        # "0812 3456 789O": left out, it would be the number of somebody else.
        raise ValidationError(_wrong(), code="phone")
    try:
        # "0062 812 …": the sign of abroad in most countries, which is another one in Indonesia.
        number = phonenumbers.parse(re.sub(r"^\s*00(?=\d)", "+", text), "ID")
    except phonenumbers.NumberParseException as unreadable:
        raise ValidationError(_wrong(), code="phone") from unreadable
    if not phonenumbers.is_valid_number(number):
        raise ValidationError(_wrong(), code="phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def read(text: str | None) -> str | None:
    """Return `text` as E.164; None if it is no phone number."""
    try:
        return normalise(text) if text else None
    except ValidationError:
        return None


def as_username(e164: str) -> str:
    """Return the user name of somebody who has given none but the number."""
    return e164.removeprefix("+")


def _wrong() -> str:
    return _("Nomor telepon belum benar. Tulis seperti 0812-3456-7890.")


def local(e164: str) -> str:
    """Return a kept number as its owner would write it: "0812-3456-7890", or "+60 …" abroad."""
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    if number.country_code == 62:
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def wa_link(e164: str, text: str = "") -> str:
    """Return the link that opens a WhatsApp chat with `e164`, the message `text` filled in.

    Form: https://faq.whatsapp.com/5913398998672934 (digits only, no plus).
    """
    digits = e164.removeprefix("+")
    return f"https://wa.me/{digits}" + (f"?text={quote(text, safe='')}" if text else "")
