"""Public pages may be kept by browsers and shared caches for a short while.

They differ by cookie alone (wilayah, language), never by who is signed in.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers

View = Callable[..., HttpResponse]


def kept(seconds: int) -> Callable[[View], View]:
    """Let caches keep a page for `seconds`; faults are not kept."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            response = view(request, *args, **kwargs)
            if response.status_code == 200:
                patch_cache_control(response, public=True, max_age=seconds)
            patch_vary_headers(response, ["Cookie"])
            return response

        return answer

    return decorate
