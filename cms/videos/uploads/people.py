"""Who asks, and whether they may upload: Django's session, outside of Django's request."""

from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from types import SimpleNamespace
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user
from django.http.request import split_domain_port, validate_host
from django.utils.translation import gettext as _

from cms.cooperatives import access, roles
from cms.cooperatives.models import Cooperative
from cms.core.models import User
from cms.core.refusals import Refused
from cms.videos.models import Video
from cms.videos.uploads import purposes
from cms.videos.uploads.answers import Answer
from cms.videos.uploads.headers import Request


class MayNoLonger(Refused):
    """The right to upload is gone by now. It may come back, so what has arrived stays."""


def person(request: Request) -> User:
    """Return who asks, or refuse before anything of the request is kept."""
    if not from_our_pages(request):
        raise Answer(403, "Cross-site requests are refused.")
    user = signed_in(request)
    if user is None:
        raise Answer(401, _("Anda belum masuk. Masuk lalu lanjutkan unggahan."))
    if not may_upload(user) and not purposes.may_send_any(user):
        raise Answer(403, _("Akun Anda belum boleh mengunggah video. Minta izin kepada pengurus."))
    return user


def signed_in(request: Request) -> User | None:
    """Return the active user of the session cookie, None if there is none."""
    try:
        cookies = SimpleCookie(request.headers.get("cookie", ""))
    except CookieError:
        return None
    cookie = cookies.get(settings.SESSION_COOKIE_NAME)
    if cookie is None:
        return None
    store = import_module(settings.SESSION_ENGINE).SessionStore(cookie.value)
    # get_user checks the backend and the hash that a change of password changes.
    user = get_user(SimpleNamespace(session=store))  # type: ignore[arg-type]
    return user if isinstance(user, User) and user.is_active else None


def from_our_pages(request: Request) -> bool:
    """Return whether the request comes from our own pages, or from no page at all."""
    host = request.headers.get("host", "")
    domain, _port = split_domain_port(host)
    hosts = settings.ALLOWED_HOSTS or (["localhost", "127.0.0.1"] if settings.DEBUG else [])
    if not domain or not validate_host(domain, hosts):
        return False
    if origin := request.headers.get("origin"):
        return urlsplit(origin).netloc.lower() == host.lower()
    return request.headers.get("sec-fetch-site", "none") in ("none", "same-origin")


def may_upload_to(user: User, cooperative: str) -> Cooperative | None:
    """Return the co-operative with that id if `user` may add videos to it."""
    if not (cooperative.isascii() and cooperative.isdigit() and len(cooperative) < 18):
        return None
    wanted = roles.roles_that_may(Video, "add")
    return access.cooperatives_for(user, *wanted).filter(pk=int(cooperative)).first()


def check_may_still(user: User | None, cooperative: int | None) -> None:
    """Raise MayNoLonger unless `user` may add videos to that co-operative still.

    It is a plain Refused if the account is there no more. Uploads take hours, and people leave their co-operative meanwhile: it is asked again
    wherever something is granted.
    """
    sentence = _("Anda tidak lagi boleh mengunggah ke koperasi ini. Hubungi pengurusnya.")
    if user is None:
        raise Refused(sentence)
    if not user.is_active or may_upload_to(user, str(cooperative)) is None:
        raise MayNoLonger(sentence)


def check_may_still_send(
    user: User | None, cooperative: int | None, purpose: str, target: str
) -> None:
    """As check_may_still, of an upload that is for the `target` of a purpose, if it is."""
    if not purpose:
        return check_may_still(user, cooperative)
    if user is None:
        raise Refused(_("Unggahan ini tidak ada lagi. Kirim ulang berkasnya."))
    room = purposes.find(purpose)
    if not user.is_active or room is None or room.place_of(user, target) is None:
        raise MayNoLonger(_("Unggahan ini tidak ada lagi. Kirim ulang berkasnya."))


def may_upload(user: User) -> bool:
    """Return whether `user` may add videos anywhere."""
    return access.cooperatives_for(user, *roles.roles_that_may(Video, "add")).exists()
