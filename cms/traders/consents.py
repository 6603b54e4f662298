"""What a trader agreed to (law 27/2022): a log from which nothing is deleted.

A consent stands until it is withdrawn; both moments stay in its row. Where the one to
name and number is withdrawn, the number is hidden until another one is given.
"""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from cms.cooperatives.access import Role, may
from cms.core.models import User
from cms.traders.actions import do_save_stall
from cms.traders.models import Consent, Stall

Kind = Consent.Kind
WORDINGS: dict[str, str] = {
    Kind.CONTACT: (
        "Saya setuju nama lapak dan nomor WhatsApp saya tampil di Siar, supaya pembeli dapat "
        "menghubungi saya. Saya boleh menarik persetujuan ini kapan saja."
    ),
    Kind.PICTURE: (
        "Saya setuju foto dan rekaman saya, lapak dan produk saya tayang di Siar. "
        "Saya boleh menarik persetujuan ini kapan saja."
    ),
}
"""What is read out or signed. Indonesian in every interface: it is what the trader agreed to."""


@transaction.atomic
def do_record_consent(
    stall: Stall,
    kind: Consent.Kind,
    way: Consent.Way,
    wording: str,
    given_at: datetime,
    user: User,
) -> Consent:
    """Write down that the trader of `stall` agreed at `given_at`; `user` says so.

    Raise PermissionDenied for who is neither the trader nor a coordinator there.
    """
    _check_party(stall, user)
    return Consent.objects.create(
        stall=stall, kind=kind, way=way, wording=wording, given_at=given_at, recorded_by=user
    )


@transaction.atomic
def do_withdraw_consent(consent: Consent, user: User, now: datetime) -> bool:
    """Write down that a consent is withdrawn. Return whether it stood.

    Without one to name and number, the number of the stall is hidden.
    Raise PermissionDenied for who is neither the trader nor a coordinator there.
    """
    stall = consent.stall
    _check_party(stall, user)
    still = Consent.objects.filter(pk=consent.pk, withdrawn_at=None)
    if not still.update(withdrawn_at=now):
        return False
    consent.refresh_from_db()
    if Consent.objects.hides_number(stall):
        do_save_stall(stall, user, now)  # which hides the number
    return True


@transaction.atomic
def do_show_number(stall: Stall, user: User, now: datetime) -> None:
    """The trader shows the number again, in the Studio: that is a consent where none stands."""
    if not Consent.objects.standing(stall, Kind.CONTACT).exists():
        wording = WORDINGS[Kind.CONTACT]
        do_record_consent(stall, Kind.CONTACT, Consent.Way.STUDIO, wording, now, user)


def _check_party(stall: Stall, user: User) -> None:
    if stall.trader_id != user.pk and not may(user, stall.cooperative, Role.COORDINATOR):
        raise PermissionDenied
