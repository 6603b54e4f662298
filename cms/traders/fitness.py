"""Whether a featured segment is fit to air: what a coordinator checks, and what is lacking.

What `forbids` keeps a segment from being approved; the rest is shown to the coordinator,
who answers for it. Once approved, `FeaturedSegment.objects.may_air_on(day)` decides.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.core.formats import tanggal
from cms.traders.certificates import holding
from cms.traders.claims import Claim, claims_in
from cms.traders.links import contact_of
from cms.traders.models import Consent, FeaturedSegment, Product

LABELS = ("promosi", "iklan")
"""One of these must stand on the card (Etika Pariwara Indonesia 2020, 3.1: an ad says it is one)."""


class Point(models.TextChoices):
    """What is looked at, in the order of the list."""

    LABEL = "label", gettext_lazy("Label “Promosi”")
    CERTIFICATE = "certificate", gettext_lazy("Sertifikat berlaku pada hari tayang")
    PRICE = "price", gettext_lazy("Harga tertulis")
    NUMBER = "number", gettext_lazy("Nomor bisa dihubungi")
    CLAIM = "claim", gettext_lazy("Janji yang perlu bukti")
    CONSENT = "consent", gettext_lazy("Persetujuan foto dan rekaman")


@dataclass(frozen=True)
class Lack:
    """One thing that is missing, said in a sentence; `forbids` airing, or is to be judged."""

    point: Point
    sentence: str
    forbids: bool


def lacking(segment: FeaturedSegment, first: date, last: date) -> list[Lack]:
    """Return what `segment` lacks to air on each day from `first` to `last`."""
    found = [
        *_label(segment),
        *_certificates(segment, last),
        *_price(segment),
        *_number(segment),
        *promises(segment.product, last),
        *_consent(segment),
    ]
    if last < first:
        found.insert(0, Lack(Point.CERTIFICATE, _("Masa tayangnya sudah lewat."), forbids=True))
    return found


def air_days(segment: FeaturedSegment, today: date) -> tuple[date, date]:
    """Return the first and last day on which `segment` is to air, as far as it is known.

    Without an end that is its first day: certificates are watched each day anyway. The
    last stands before the first where its dates are over.
    """
    first = max(today, segment.starts_on or today)
    return first, segment.ends_on or first


def _label(segment: FeaturedSegment) -> Iterator[Lack]:
    if not segment.label.strip().casefold().startswith(LABELS):
        yield Lack(Point.LABEL, _("Label harus berbunyi “Promosi”."), forbids=True)


def _certificates(segment: FeaturedSegment, last: date) -> Iterator[Lack]:
    for held in holding(segment.product.certificates.all()):
        if held.expires_on < last:
            until = tanggal(held.expires_on, weekday=False)
            sentence = _("%(certificate)s hanya berlaku sampai %(until)s.")
            said = sentence % {"certificate": held, "until": until}
            yield Lack(Point.CERTIFICATE, said, forbids=True)
        elif held.checked_at is None:
            sentence = _("%(certificate)s belum diperiksa: cocokkan dengan fotonya.")
            yield Lack(Point.CERTIFICATE, sentence % {"certificate": held}, forbids=False)


def _price(segment: FeaturedSegment) -> Iterator[Lack]:
    if not segment.product.price:
        yield Lack(Point.PRICE, _("Harga belum ditulis."), forbids=True)


def _number(segment: FeaturedSegment) -> Iterator[Lack]:
    stall = segment.product.stall
    if contact_of(stall) is None:
        if not segment.product.shop_url:
            yield Lack(Point.NUMBER, _("Pembeli tidak bisa menghubungi lapak ini."), forbids=True)
    elif not stall.is_verified:
        yield Lack(Point.NUMBER, _("Nomor lapak ini belum diperiksa."), forbids=False)


_PROOF = {Claim.HALAL: "halal", Claim.PIRT: "pirt", Claim.BPOM: "bpom"}
"""Claims that a certificate of that kind proves."""


def promises(product: Product, last: date) -> list[Lack]:
    """Return what the words of `product` promise that no certificate proves until `last`."""
    proven = {each.kind for each in product.certificates.all() if each.expires_on >= last}
    return [
        Lack(Point.CLAIM, _CLAIMED[claimed.claim] % {"words": claimed.words}, forbids=False)
        for claimed in claims_in(product.name, product.description)
        if _PROOF.get(claimed.claim) not in proven
    ]


_CLAIMED = {
    Claim.HEALTH: gettext_lazy("“%(words)s” adalah janji kesehatan: minta buktinya."),
    Claim.BEST: gettext_lazy("“%(words)s” membandingkan dengan semua yang lain: minta buktinya."),
    Claim.PURE: gettext_lazy("“%(words)s” perlu dibuktikan: minta buktinya."),
    Claim.SURE: gettext_lazy("“%(words)s” adalah jaminan: tanyakan siapa yang menanggung."),
    Claim.HALAL: gettext_lazy("“%(words)s” tertulis tanpa sertifikat halal yang berlaku."),
    Claim.PIRT: gettext_lazy("“%(words)s” tertulis tanpa sertifikat P-IRT yang berlaku."),
    Claim.BPOM: gettext_lazy("“%(words)s” tertulis tanpa izin BPOM yang berlaku."),
}


def _consent(segment: FeaturedSegment) -> Iterator[Lack]:
    consents = segment.product.stall.consents.all()
    given = [each for each in consents if each.kind == Consent.Kind.PICTURE]
    if any(each.withdrawn_at is None for each in given):
        return
    if given:
        sentence = _("Pedagang menarik persetujuannya untuk foto dan rekaman.")
        yield Lack(Point.CONSENT, sentence, forbids=True)
    else:
        sentence = _("Persetujuan pedagang untuk foto dan rekaman belum dicatat.")
        yield Lack(Point.CONSENT, sentence, forbids=False)
