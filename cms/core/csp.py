"""The content security policies: one for people's pages, a wider one for the CMS admin."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.csp import CSP


def public_policy(media_hosts: list[str]) -> dict[str, list[str]]:
    """Return the policy of viewers' pages. `media_hosts` are origins of a CDN or store."""
    return {
        "default-src": [CSP.NONE],
        "script-src": [CSP.SELF],
        "style-src": [CSP.SELF],
        "img-src": [CSP.SELF, "data:", "blob:", *media_hosts],
        "media-src": [CSP.SELF, "blob:", *media_hosts],
        "connect-src": [CSP.SELF, *media_hosts],
        "font-src": [CSP.SELF],
        "worker-src": [CSP.SELF],
        "manifest-src": [CSP.SELF],
        "base-uri": [CSP.NONE],
        "form-action": [CSP.SELF],
        "frame-ancestors": [CSP.SELF],
    }


def admin_policy(media_hosts: list[str]) -> dict[str, list[str]]:
    """Return the policy of /admin/: Wagtail's date pickers are inline scripts."""
    policy = public_policy(media_hosts)
    return policy | {
        "script-src": [CSP.SELF, CSP.UNSAFE_INLINE],
        "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
        "worker-src": [CSP.SELF, "blob:"],
        "frame-src": [CSP.SELF],
    }


class AdminPolicyMiddleware:
    """Gives /admin/ its own policy. Stands inside Django's middleware, which writes it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        if request.path.startswith("/admin/") and not hasattr(response, "_csp_config"):
            response._csp_config = settings.ADMIN_CSP  # type: ignore[attr-defined]
        return response
