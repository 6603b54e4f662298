"""The one door for all who sign in: by phone number or user name, to the CMS and to the Studio."""

from math import ceil
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cms.core.guessing import opens_the_cms, remember_device, seconds_to_wait


class SignInForm(AuthenticationForm):
    """Phone number or user name, and password."""

    username = forms.CharField(
        label=_("Nomor telepon atau nama pengguna"),
        max_length=150,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}
        ),
    )
    password = forms.CharField(
        label=_("Kata sandi"),
        strip=False,
        max_length=4096,  # a longer one only keeps the hasher busy
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    remember = forms.BooleanField(
        label=_("Tetap masuk di perangkat ini"), required=False, initial=True
    )
    error_messages = {
        "invalid_login": _("Nomor, nama, atau kata sandi belum cocok. Periksa lalu coba lagi."),
        "inactive": _("Akun ini tidak aktif. Hubungi pengurus koperasi Anda."),
    }


class SignIn(LoginView):
    """The sign-in page. Whoever is signed in already sees as whom, and may leave."""

    form_class = SignInForm
    template_name = "core/sign_in.html"

    def get_default_redirect_url(self) -> str:
        """Return where a person works: the CMS, or the Studio of the traders."""
        if opens_the_cms(self.request.user):
            return reverse("wagtailadmin_home")
        return str(settings.LOGIN_REDIRECT_URL)

    def form_valid(self, form: Any) -> HttpResponse:
        """Sign in; without "remember" the session ends with the browser."""
        response = super().form_valid(form)
        self.request.session.set_expiry(
            settings.SESSION_COOKIE_AGE if form.cleaned_data["remember"] else 0
        )
        remember_device(response, form.get_user())
        return response


class SignOut(LogoutView):
    """Signs out by POST alone: a link in a message must not."""

    next_page = "sign_in"


def locked_out(
    request: HttpRequest, _response: HttpResponse, credentials: dict[str, Any] | None
) -> HttpResponse:
    """Answer whoever tried too often (django-axes calls it)."""
    seconds = seconds_to_wait(request, credentials)
    context = {"locked": True, "minutes": ceil(seconds / 60) if seconds else None}
    response = render(request, "core/sign_in.html", context, status=429)
    if seconds:
        response["Retry-After"] = str(ceil(seconds))
    return response
