"""Issuing proofs, and forgetting whose they were."""

from collections.abc import Iterable
from datetime import date, datetime
from secrets import token_hex
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from cms.audience.proofs.codes import code_of, seal_of
from cms.audience.proofs.document import Document, Names, plain, same_record, sums_of
from cms.audience.proofs.models import Proof, ProofSeries
from cms.audience.proofs.record import names_of
from cms.cooperatives.models import Cooperative
from cms.core.models import User
from cms.core.refusals import Refused
from cms.traders.models import FeaturedSegment


@transaction.atomic
def do_issue(
    segment: FeaturedSegment, document: Document, user: User | None, now: datetime
) -> Proof:
    """Return the proof of `segment` that says what `document` says, with the next number.

    The newest of the same days is returned instead where it says the same already. Raise
    Refused where nothing was promised: replacements stand in the proof of what they replace.
    """
    if not sums_of(document.lines).promised:
        raise Refused(
            _("Belum ada tayangan yang dijanjikan di bulan itu, jadi belum ada buktinya.")
        )
    cooperative = segment.product.stall.cooperative
    names = names_of(segment)
    series = _locked_series(cooperative, now)
    before = latest_of(segment, document.first, document.last)
    if before and before.people == names and same_record(before.document, document):
        return before
    return _create(segment, document, names, _next_number(series), user, now)


def latest_of(segment: FeaturedSegment, first: date, last: date) -> Proof | None:
    """Return the newest proof of `segment` of these days."""
    return Proof.objects.filter(segment=segment, first=first, last=last).order_by("-pk").first()


def do_forget_names(stalls: Iterable[int]) -> int:
    """Take the names of stalls (primary keys) out of their proofs; return out of how many."""
    return _forget(Proof.objects.filter(stall__in=list(stalls)))


def do_forget_orphans() -> int:
    """Take the names of stalls that were deleted out of their proofs; return out of how many."""
    return _forget(Proof.objects.filter(stall=None))


def _forget(proofs: QuerySet[Proof]) -> int:
    """Drop names and salt: without it the seal that stays tells nothing."""
    return proofs.filter(names__isnull=False).update(names=None, salt="")


def is_unaltered(proof: Proof) -> bool:
    """Return whether what is kept is what was issued, as far as it was not forgotten."""
    code = code_of(settings.PROOF_KEY, proof.number, proof.facts, proof.seal)
    kept = proof.names is None or seal_of(proof.names, proof.salt) == proof.seal
    return code == proof.code and kept


def _locked_series(cooperative: Cooperative, now: datetime) -> ProofSeries:
    """Return the series of the year; who else issues in it waits until this is committed."""
    year = now.astimezone(ZoneInfo(cooperative.zone)).year
    series, _created = ProofSeries.objects.get_or_create(cooperative=cooperative, year=year)
    return ProofSeries.objects.select_for_update().get(pk=series.pk)


def _next_number(series: ProofSeries) -> str:
    """Return the number after the last; none is lost where the transaction is undone."""
    ProofSeries.objects.filter(pk=series.pk).update(last=F("last") + 1)
    return f"BT-{series.cooperative_id}-{series.year}-{series.last + 1:04}"


def _create(
    segment: FeaturedSegment,
    document: Document,
    names: Names,
    number: str,
    user: User | None,
    now: datetime,
) -> Proof:
    facts, people, salt = plain(document), plain(names), token_hex(16)
    seal = seal_of(people, salt)
    return Proof.objects.create(
        number=number,
        code=code_of(settings.PROOF_KEY, number, facts, seal),
        cooperative=segment.product.stall.cooperative,
        stall=segment.product.stall,
        segment=segment,
        first=document.first,
        last=document.last,
        issued_at=now,
        issued_by=user,
        facts=facts,
        names=people,
        salt=salt,
        seal=seal,
    )
