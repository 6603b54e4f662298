"""Data saya: what Siar holds of the trader, a copy of it, taking it down, erasing it."""

from tempfile import TemporaryFile

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cms.core import clock
from cms.core.models import User
from cms.core.refusals import Refused
from cms.studio.access import products_of, segments_of, stalls_of, trader, trader_view
from cms.studio.pins import is_secret_of
from cms.traders.models import Consent
from cms.traders.personal.copy import do_write_copy
from cms.traders.personal.erasing import check_erase, do_erase
from cms.traders.personal.takedown import do_bring_back_all, do_take_down_all
from media_pipeline.errors import StoreUnavailable


class SecretForm(forms.Form):
    """The trader's PIN or password again: a phone that lies about is not enough."""

    secret = forms.CharField(
        label=gettext_lazy("PIN atau kata sandi Anda"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": gettext_lazy("Tulis PIN atau kata sandi Anda.")},
    )

    def __init__(self, *args: object, request: HttpRequest, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._request = request

    def clean_secret(self) -> str:
        """Refuse a wrong one."""
        secret: str = self.cleaned_data["secret"]
        if not is_secret_of(self._request, trader(self._request), secret):
            raise ValidationError(_("PIN atau kata sandi ini salah."))
        return secret


@never_cache
@trader_view
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What is held, what was agreed to, and the three things to do with it."""
    user = trader(request)
    stalls = list(stalls_of(user))
    context = {
        "person": user,
        "stalls": stalls,
        "products": products_of(user).count(),
        "segments": segments_of(user).count(),
        "consents": Consent.objects.filter(stall__in=stalls).select_related("stall__cooperative"),
        "down": [stall for stall in stalls if stall.taken_down_at],
        "zone": stalls[0].cooperative.zone,
    }
    return render(request, "studio/personal.html", context)


@never_cache
@trader_view
@require_safe
def copy(request: HttpRequest) -> FileResponse:
    """All of it as a ZIP: one JSON file, and the photos."""
    target = TemporaryFile()  # noqa: SIM115 - the response closes it once it is sent
    do_write_copy(trader(request), target, clock.now())
    target.seek(0)
    return FileResponse(
        target, as_attachment=True, filename="data-saya.zip", content_type="application/zip"
    )


@never_cache
@trader_view
def take_down(request: HttpRequest) -> HttpResponse:
    """Ask, then take everything down."""
    if request.method == "POST":
        if do_take_down_all(trader(request), clock.now()):
            messages.success(request, _("Semua sudah diturunkan. Anda dapat memulihkannya."))
        return redirect("studio:personal")
    return render(request, "studio/personal_down.html")


@trader_view
@require_POST
def bring_back(request: HttpRequest) -> HttpResponse:
    """Show everything again."""
    if do_bring_back_all(trader(request), clock.now()):
        messages.success(request, _("Lapak Anda tampil lagi."))
    return redirect("studio:personal")


@never_cache
@trader_view
def erase(request: HttpRequest) -> HttpResponse:
    """Ask for the PIN, then erase the trader and end the account."""
    user = trader(request)
    form = SecretForm(request.POST or None, request=request)
    refusal = _refusal(user)
    if request.method == "POST" and not refusal and form.is_valid():
        try:
            do_erase(user, clock.now())
        except StoreUnavailable:
            form.add_error(None, _("Penyimpanan sedang tidak terjangkau. Coba lagi nanti."))
        else:
            logout(request)
            return render(request, "studio/personal_gone.html")
    context = {"form": form, "refusal": refusal}
    return render(request, "studio/personal_erase.html", context)


def _refusal(user: User) -> str:
    try:
        check_erase(user)
    except Refused as refused:
        return str(refused)
    return ""
