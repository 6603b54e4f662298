"""Consents and certificates of stalls, as tests need them."""

from datetime import UTC, date, datetime

from cms.traders.models import Certificate, Consent, Product, Stall

GIVEN = datetime(2026, 11, 1, tzinfo=UTC)
NEW_NUMBER = "+6281311112222"
"""Of a stall whose trader has no account yet."""


def make_consent(stall: Stall, kind: str = "picture", **fields: object) -> Consent:
    """That the trader of `stall` agreed, on paper and on GIVEN unless said otherwise."""
    told = {"way": "paper", "wording": "Saya setuju (contoh).", "given_at": GIVEN} | fields
    consent: Consent = Consent.objects.create(stall=stall, kind=kind, **told)
    return consent


def make_certificate(product: Product, until: date, **fields: object) -> Certificate:
    """A halal certificate whose last day is `until`; nobody has checked it unless said."""
    told = {"kind": "halal", "number": "ID-1"} | fields
    made: Certificate = Certificate.objects.create(product=product, expires_on=until, **told)
    return made
