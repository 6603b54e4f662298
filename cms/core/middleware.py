"""The language of a page: what the person chose, else what this browser chose, else Indonesian."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

LANGUAGES = dict(settings.LANGUAGES)


class LanguageMiddleware:
    """Activates the language. Stands after Django's authentication.

    What the browser says it prefers is not asked: phones here are sold in English,
    and their owners read Indonesian.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = chosen_language(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self._get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Cookie"])
        return response


def chosen_language(request: HttpRequest) -> str:
    """Return the code of the language in which to answer `request`."""
    choices = [request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)]
    # Without a session nobody is signed in: visitors cost no query.
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
        choices.insert(0, request.user.language)
    return next((each for each in choices if each in LANGUAGES), settings.LANGUAGE_CODE)
