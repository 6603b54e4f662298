"""Choices that a cookie remembers: language and wilayah.

They are exempt from CSRF on purpose: a token would make every public page
personal, so that no cache could share it; and what a forged request could do is
change the language of somebody's page.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from cms.core.actions import do_choose_language
from cms.site.choices import remember


def back(request: HttpRequest) -> HttpResponseRedirect:
    """To the page that the form stood on; home for an address that is not ours."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    return HttpResponseRedirect(target)


@csrf_exempt
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Remember the language; an unknown one changes nothing."""
    response = back(request)
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        remember(response, settings.LANGUAGE_COOKIE_NAME, language)
        if request.user.is_authenticated:
            do_choose_language(request.user, language)
    return response
