"""Six digits are guessed from many addresses at once: a limit for the account, not the address.

django-axes counts by name and address, so that nobody shuts another's door. Who has a
thousand addresses still tries ten thousand PINs a day. So an account that opens only the
Studio takes `LIMIT` wrong tries a day from devices that it does not know; a device that
has been let in before is not asked to wait (OWASP, "Device cookies"), and a link of the
coordinator needs no try at all.
"""

import re
from datetime import datetime, timedelta
from typing import Any

from axes.models import AccessFailureLog
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse

from cms.core import clock
from cms.core.models import User

LIMIT = 50
"""Wrong tries in `WINDOW`: one PIN of a million in about 20,000 days, by chance."""
WINDOW = timedelta(days=1)
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
        elif is_guessed_at(user, clock.now()) and not is_known(request, user):
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


def is_known(request: HttpRequest, user: User) -> bool:
    """Return whether this device was let in as `user`, since its sessions or PIN last ended."""
    try:
        return _SIGNER.unsign(request.COOKIES.get(COOKIE, "")) == _mark(user)
    except BadSignature:
        return False


def remember_device(response: HttpResponse, user: User) -> None:
    """Let the device that gets `response` be known from now on."""
    response.set_cookie(
        COOKIE,
        _SIGNER.sign(_mark(user)),
        max_age=YEAR,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _mark(user: User) -> str:
    return f"{user.pk}-{user.get_session_auth_hash()[:16]}"
