"""The API itself: its errors, each one sentence, and its patience."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, Throttled, ValidationError
from ninja.throttling import BaseThrottle

from cms.api.answers import finished
from cms.audience.devices import Devices
from cms.core import clock
from cms.core.visitors import address, network_of

RATE = 600
"""Requests a minute of one address; a whole mobile network may share it."""


class Patience(BaseThrottle):
    """Asks an address to wait that asks too often; remembers a day's hash of it at most."""

    def __init__(self, rate: int = RATE) -> None:
        self._devices = Devices(rate)

    def allow_request(self, request: HttpRequest) -> bool:
        return not self._devices.is_too_fast((network_of(address(request)),), clock.now())

    def wait(self) -> float:
        return 60


patience = Patience()
api = NinjaAPI(
    title="Siar",
    version="1",
    urls_namespace="api-v1",
    docs_url=None,  # ninja's own page loads scripts from another host
    openapi_url=None,  # served by `openapi`, with what holds for every operation
    throttle=[patience],
)
api.add_decorator(finished, mode="view")


def refuse(request: HttpRequest, status: int, code: str, message: str) -> HttpResponse:
    """An error's body: a code for programs, one sentence for people."""
    return api.create_response(request, {"code": code, "message": message}, status=status)


@api.exception_handler(Http404)
def not_found(request: HttpRequest, _error: Http404) -> HttpResponse:
    """What is not there, or not for this person."""
    return refuse(request, 404, "not_found", _("Yang Anda minta tidak ada."))


@api.exception_handler(Throttled)
def too_fast(request: HttpRequest, error: Throttled) -> HttpResponse:
    """Too many requests."""
    answer = refuse(request, 429, "too_many_requests", _("Terlalu sering. Coba lagi semenit lagi."))
    answer["Retry-After"] = str(int(error.wait or 60))
    return answer


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What an operation itself refuses; its message is a sentence already."""
    code = "sign_in" if error.status_code == 401 else "refused"
    return refuse(request, error.status_code, code, str(error))


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """A parameter that cannot be: the first one that is wrong, by its name."""
    first: dict[str, Any] = error.errors[0]
    name = str(first["loc"][-1])
    message = _("Parameter “%(name)s” belum benar.") % {"name": name}
    return refuse(request, 422, "invalid", message)
