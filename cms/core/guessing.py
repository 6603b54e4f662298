"""How often somebody may be wrong about a PIN or password, and who waits after that.

A market shares one address, so tries are counted by account and device (OWASP, "Device
cookies"). A device that was let in before has a count of its own: what others try never
makes it wait. Devices that the account does not know share a count for each IPv4 address or
/64 of IPv6. After `AXES_FAILURE_LIMIT` wrong tries each further one costs a wait that
doubles. Whoever has a thousand addresses still tries thousands of PINs a day, so an account
that opens only the Studio takes `LIMIT` wrong tries a day from all unknown devices
together. A link of the coordinator needs no try at all.
"""

import re
from datetime import datetime, timedelta
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessFailureLog
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.core.signing import BadSignature, Signer
from django.db.models import Max, Sum
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import get_random_string

from cms.core import clock
from cms.core.models import User

LIMIT = 50
"""Wrong tries in `WINDOW`: one PIN of a million in about 20,000 days, by chance."""
WINDOW = timedelta(days=1)
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
COOKIE = "siar_perangkat"
YEAR = 365 * 24 * 3600
_SIGNER = Signer(salt="siar.device")


class GuessingBackend:
    """Stands in front of the others and lets nobody in; it only refuses."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **_credentials: Any,
    ) -> None:
        """Refuse tries at an account that is being guessed at, and a PIN before the CMS."""
        user = User.objects.by_name_or_phone(username or "")
        if request is None or user is None:
            return
        if opens_the_cms(user):
            if is_pin(password or ""):
                raise PermissionDenied
        elif is_guessed_at(user, clock.now()) and not known_device(request, user):
            request.axes_locked_out = True  # type: ignore[attr-defined]  # its middleware answers
            raise PermissionDenied


def is_pin(text: str) -> bool:
    """Return whether `text` is six digits, as they stand on any phone's keys."""
    return re.fullmatch(r"[0-9]{6}", text) is not None


def opens_the_cms(user: User | AnonymousUser) -> bool:
    """Return whether more than the Studio opens to `user`: then six digits are too few."""
    return user.has_perm("wagtailadmin.access_admin")


def is_guessed_at(user: User, now: datetime) -> bool:
    """Return whether too many were wrong about the PIN of `user` of late."""
    wrong = AccessFailureLog.objects.filter(
        username=user.get_username(), attempt_time__gt=now - WINDOW
    )
    return wrong.count() >= LIMIT


class GrowingWaits(AxesDatabaseHandler):
    """Locks for a time that doubles with each wrong try; django-axes has one time for all."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        """Return whether this account and device has to wait."""
        return self.wait(request, credentials) > timedelta()

    def wait(self, request: HttpRequest, credentials: dict[str, Any] | None) -> timedelta:
        """Return how long this account and device has to wait from now on."""
        attempts = self.get_user_attempts(request, credentials)[0].aggregate(
            wrong=Sum("failures_since_start"), last=Max("attempt_time")
        )
        if attempts["last"] is None:
            return timedelta()
        until = attempts["last"] + wait_after(attempts["wrong"], settings.AXES_FAILURE_LIMIT)
        return max(until - clock.now(), timedelta())


def wait_after(wrong: int, limit: int) -> timedelta:
    """Return the wait after `wrong` tries, of which fewer than `limit` are free."""
    if wrong < limit:
        return timedelta()
    return min(FIRST_WAIT * 2 ** min(wrong - limit, 20), LONGEST_WAIT)


def seconds_to_wait(request: HttpRequest, credentials: dict[str, Any] | None) -> float | None:
    """Return how long a refused device waits; None where the whole account is guarded for a day."""
    wait = GrowingWaits().wait(request, credentials)
    return wait.total_seconds() or None


def attempted_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Return under which name django-axes counts an attempt.

    All ways of writing one phone number are one name; else each had its own tries. A known
    device adds its id after a blank, which no user name contains.
    """
    text = (credentials or {}).get("username") or request.POST.get("username", "")
    user = User.objects.by_name_or_phone(text)
    if user is None:
        return str(text)[:150]
    device = known_device(request, user)
    return f"{user.username} {device}" if device else user.username


def counted_by(request: HttpRequest, credentials: dict[str, Any] | None = None) -> list[Any]:
    """Return by what django-axes counts an attempt: a known device may change its address."""
    user = User.objects.by_name_or_phone((credentials or {}).get("username") or "")
    return ["username"] if user and known_device(request, user) else [["username", "ip_address"]]


def known_device(request: HttpRequest, user: User) -> str:
    """Return the id of a device that was let in as `user`; "" for any other.

    The end of all sessions and a new PIN make it unknown.
    """
    try:
        mark, _, device = _SIGNER.unsign(request.COOKIES.get(COOKIE, "")).rpartition("-")
    except BadSignature:
        return ""
    return device if mark == _mark(user) else ""


def remember_device(response: HttpResponse, user: User) -> None:
    """Let the device that gets `response` be known from now on."""
    response.set_cookie(
        COOKIE,
        _SIGNER.sign(f"{_mark(user)}-{get_random_string(12)}"),
        max_age=YEAR,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _mark(user: User) -> str:
    return f"{user.pk}-{user.get_session_auth_hash()[:16]}"
