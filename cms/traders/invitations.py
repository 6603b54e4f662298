"""A trader comes in by a link that works once.

An invitation moves like this; each move is one conditional UPDATE:

    from   event                        to
    open   a POST with its secret       used
    open   a newer one, for this stall  ended
    open   its time is over             expired

What the link may do depends on who runs the stall when it is used (`way_in`):

    nobody, and the number is nobody's    makes the account and sets its PIN    NEW
    nobody, and the number is somebody's  their own PIN adds the stall          JOIN
    somebody in the sender's sole care    sets a new PIN                        RENEW
    somebody with a role elsewhere too    their own PIN, nothing is set         JOIN

So no co-operative opens by its link what another one's trader has.
"""

import hashlib
from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from cms.cooperatives.access import Role, may
from cms.cooperatives.actions import do_add_member
from cms.cooperatives.people import people_in_care_of
from cms.core import phone
from cms.core.actions import do_end_sessions
from cms.core.models import User
from cms.core.refusals import Refused
from cms.traders.models import Invitation, Stall

LIFETIME = timedelta(days=7)
_SIGNER = Signer(salt="siar.invitation", sep=".")


class Way(Enum):
    """What an invitation does for whoever uses it."""

    NEW = "new"
    JOIN = "join"
    RENEW = "renew"


class WayIn(NamedTuple):
    """A way, and whose account it leads to; None where it makes one."""

    way: Way
    user: User | None


class Closed(Refused):
    """The link is used, ended or expired."""


class Changed(Refused):
    """Meanwhile the link does something else than what was answered."""


def token_of(secret: str) -> str:
    """Return what a link carries: the secret, signed, so that altered ones cost no query."""
    return _SIGNER.sign(secret)


def digest_of(secret: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def invitation_behind(token: str) -> Invitation | None:
    """Return the invitation of a link; None for one that we did not give out, or no longer know."""
    try:
        secret = _SIGNER.unsign(token)
    except BadSignature:
        return None
    rows = Invitation.objects.select_related("stall__cooperative", "stall__trader", "created_by")
    return rows.filter(digest=digest_of(secret)).first()


def is_open(invitation: Invitation, now: datetime) -> bool:
    """Return whether the link still works. It ends with its sender's role."""
    unused = invitation.used_at is None and invitation.ended_at is None
    return unused and now < invitation.expires_at and _is_vouched_for(invitation)


def holder_of(number: str) -> User | None:
    """Return whose account has this number (E.164), as phone or as user name."""
    named = Q(phone=number) | Q(username=phone.as_username(number))
    return (
        User.objects.filter(named).order_by(F("phone").desc(nulls_last=True)).first()
        if number
        else None
    )


def may_renew(sender: User | None, trader: User) -> bool:
    """Return whether a link of `sender` may set another PIN for `trader`.

    Only where the account opens nothing but stalls that `sender` looks after: nobody's
    with a role or a stall elsewhere, nor one that opens the CMS.
    """
    if sender is None or not trader.is_active or trader.is_superuser or trader.is_staff:
        return False
    if trader.memberships.exclude(role=Role.TRADER).exists():
        return False
    stalls = Stall.objects.filter(trader=trader).select_related("cooperative")
    if not all(may(sender, stall.cooperative, Role.COORDINATOR) for stall in stalls):
        return False
    return people_in_care_of(sender).filter(pk=trader.pk).exists()


def way_in(invitation: Invitation) -> WayIn:
    """Return what the link does as things stand now."""
    stall = invitation.stall
    if stall.trader is not None:
        renews = may_renew(invitation.created_by, stall.trader)
        return WayIn(Way.RENEW if renews else Way.JOIN, stall.trader)
    holder = holder_of(stall.whatsapp)
    return WayIn(Way.NEW if holder is None else Way.JOIN, holder)


@transaction.atomic
def do_invite(stall: Stall, sender: User, secret: str, now: datetime) -> Invitation:
    """Give out a link for `stall` by `secret`; those before it, for stall or trader, end.

    Raise PermissionDenied for who is not a coordinator there.
    """
    _check_coordinator(stall, sender)
    _end_open(stall, now)
    return Invitation.objects.create(
        stall=stall,
        digest=digest_of(secret),
        created_at=now,
        created_by=sender,
        expires_at=now + LIFETIME,
    )


@transaction.atomic
def do_lock_out(stall: Stall, sender: User, now: datetime) -> None:
    """A phone is lost: end all sessions and open links of who runs `stall`.

    The PIN ends too where `sender` may give a new one; else the other market's door
    would be shut by somebody who cannot open it again.
    Raise PermissionDenied for who is not a coordinator there.
    """
    _check_coordinator(stall, sender)
    _end_open(stall, now)
    trader = stall.trader
    if trader is None:
        return
    if may_renew(sender, trader):
        trader.set_unusable_password()
        trader.save(update_fields=["password"])
    do_end_sessions(trader, now)


@transaction.atomic
def do_make_account(invitation: Invitation, name: str, secret: str, now: datetime) -> User:
    """Make the trader's account with PIN or password `secret`, and give it the stall.

    Raise Closed, or Changed where the number has become somebody's.
    """
    number = invitation.stall.whatsapp
    _claim(invitation, Way.NEW, None, now)
    user = User(username=phone.as_username(number), phone=number, first_name=name)
    user.set_password(secret)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as taken:
        raise Changed(_changed()) from taken
    _give(invitation.stall, user)
    return user


@transaction.atomic
def do_renew(invitation: Invitation, user: User, secret: str, now: datetime) -> None:
    """Set another PIN or password for `user`; with the old one its sessions end.

    Raise Closed, or Changed where the link no longer may.
    """
    _claim(invitation, Way.RENEW, user, now)
    user.set_password(secret)
    user.save(update_fields=["password"])


@transaction.atomic
def do_join(invitation: Invitation, user: User, now: datetime) -> None:
    """Give the stall to `user`, who has shown their own PIN. Raise Closed or Changed."""
    _claim(invitation, Way.JOIN, user, now)
    if invitation.stall.trader is None:
        _give(invitation.stall, user)


def _claim(invitation: Invitation, way: Way, user: User | None, now: datetime) -> None:
    """Use the link up: of two POSTs at once one gets on. What is refused uses nothing up."""
    still = Invitation.objects.filter(
        pk=invitation.pk, used_at=None, ended_at=None, expires_at__gt=now
    )
    if not (_is_vouched_for(invitation) and still.update(used_at=now)):
        raise Closed(_("Tautan ini sudah dipakai atau tidak berlaku lagi."))
    invitation.refresh_from_db()
    if way_in(invitation) != WayIn(way, user):
        raise Changed(_changed())


def _is_vouched_for(invitation: Invitation) -> bool:
    sender = invitation.created_by
    return sender is not None and may(sender, invitation.stall.cooperative, Role.COORDINATOR)


def _changed() -> str:
    return _("Ada yang berubah sejak tautan dibuka. Buka tautannya sekali lagi.")


def _give(stall: Stall, user: User) -> None:
    if not Stall.objects.filter(pk=stall.pk, trader=None).update(trader=user):
        raise Changed(_changed())
    stall.trader = user
    do_add_member(user, stall.cooperative, Role.TRADER)


def _end_open(stall: Stall, now: datetime) -> None:
    same = Q(stall=stall)
    if stall.trader_id is not None:
        same |= Q(stall__trader=stall.trader_id)
    Invitation.objects.filter(same, used_at=None, ended_at=None).update(ended_at=now)


def _check_coordinator(stall: Stall, sender: User) -> None:
    if not may(sender, stall.cooperative, Role.COORDINATOR):
        raise PermissionDenied
