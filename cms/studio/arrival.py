"""The page behind an invitation. Looking at it changes nothing; messengers look first.

The form posts to an address without the secret, which so stands in no log of requests.
"""

from typing import Any

from django import forms
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cms.core import clock
from cms.core.guessing import remember_device
from cms.core.models import User
from cms.core.phone import wa_link
from cms.studio.forms import explain_required
from cms.studio.pins import check_secret, is_secret_of
from cms.traders.invitations import (
    Changed,
    Closed,
    Way,
    WayIn,
    do_join,
    do_make_account,
    do_renew,
    invitation_behind,
    is_open,
    way_in,
)
from cms.traders.models import Invitation

BACKEND = "django.contrib.auth.backends.ModelBackend"
_NEW = forms.PasswordInput(attrs={"autocomplete": "new-password", "inputmode": "numeric"})
_OWN = forms.PasswordInput(attrs={"autocomplete": "current-password"})


class ChooseForm(forms.Form):
    """A PIN of one's own, twice; for a new account the name before it."""

    name = forms.CharField(
        label=_("Nama Anda"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("PIN baru"),
        help_text=_("Enam angka yang hanya Anda tahu. Kata sandi panjang juga boleh."),
        strip=False,
        max_length=4096,
        widget=_NEW,
    )
    again = forms.CharField(label=_("Tulis sekali lagi"), strip=False, max_length=4096, widget=_NEW)

    def __init__(self, *args: Any, owner: User, named: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owner = owner
        if named:
            del self.fields["name"]
        explain_required(self)

    def clean_password(self) -> str:
        """Refuse what is guessed first."""
        text: str = self.cleaned_data["password"]
        check_secret(text, self.owner)
        return text

    def clean(self) -> dict[str, Any]:
        """Refuse two that differ."""
        data = self.cleaned_data
        if {"password", "again"} <= data.keys() and data["password"] != data["again"]:
            self.add_error("again", _("Yang kedua berbeda. Tulis sekali lagi."))
        return data


class ShowForm(forms.Form):
    """The PIN or password of the account that is there."""

    password = forms.CharField(
        label=_("PIN atau kata sandi Anda"), strip=False, max_length=4096, widget=_OWN
    )

    def __init__(self, *args: Any, request: HttpRequest, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.owner = request, owner
        if request.user == owner:
            del self.fields["password"]
        explain_required(self)

    def clean_password(self) -> str:
        """Refuse a wrong one."""
        text: str = self.cleaned_data["password"]
        if not is_secret_of(self.request, self.owner, text):
            raise ValidationError(_("PIN belum cocok. Periksa lalu coba lagi."))
        return text


@never_cache
@require_safe
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Say who invites whom, and ask for a PIN."""
    found = invitation_behind(token)
    if found is None or not is_open(found, clock.now()):
        return _closed(request, found)
    chosen = way_in(found)
    return _page(request, token, found, chosen, _form(request, found, chosen, data=None))


@never_cache
@require_POST
def accept(request: HttpRequest) -> HttpResponse:
    """Use the link: once, and only with what it asks for."""
    token, moment = request.POST.get("token", ""), clock.now()
    found = invitation_behind(token)
    if found is None or not is_open(found, moment):
        return _again(request, found) or _closed(request, found)
    chosen = way_in(found)
    form = _form(request, found, chosen, data=request.POST)
    if not form.is_valid():
        return _page(request, token, found, chosen, form)
    try:
        user = _use(found, chosen, form.cleaned_data)
    except Closed:
        found.refresh_from_db()
        return _again(request, found) or _closed(request, found)
    except Changed:
        return redirect("studio:invitation", token)
    return _signed_in(request, user)


def _signed_in(request: HttpRequest, user: User) -> HttpResponse:
    login(request, user, backend=BACKEND)
    response = redirect("studio:home")
    remember_device(response, user)
    return response


def _again(request: HttpRequest, found: Invitation | None) -> HttpResponse | None:
    """Let in who has just used the link and shows its PIN: a button that was tapped twice."""
    user = found.stall.trader if found is not None and found.used_at else None
    secret = request.POST.get("password", "")
    if user is None or not secret or not is_secret_of(request, user, secret):
        return None
    return _signed_in(request, user)


def _use(found: Invitation, chosen: WayIn, data: dict[str, Any]) -> User:
    moment = clock.now()
    if chosen.user is None:
        return do_make_account(found, data["name"], data["password"], moment)
    if chosen.way is Way.RENEW:
        do_renew(found, chosen.user, data["password"], moment)
    else:
        do_join(found, chosen.user, moment)
    return chosen.user


def _form(request: HttpRequest, found: Invitation, chosen: WayIn, data: Any) -> forms.Form:
    if chosen.user is None:
        return ChooseForm(data, owner=User(phone=found.stall.whatsapp), named=False)
    if chosen.way is Way.RENEW:
        return ChooseForm(data, owner=chosen.user, named=True)
    return ShowForm(data, request=request, owner=chosen.user)


def _page(
    request: HttpRequest, token: str, found: Invitation, chosen: WayIn, form: forms.Form
) -> HttpResponse:
    stall = found.stall
    number = chosen.user.phone if chosen.user else stall.whatsapp
    context = {
        "token": token,
        "stall": stall,
        "sender": found.created_by.get_full_name() if found.created_by else "",
        "way": chosen.way.value,
        "digits": (number or "")[-4:],
        "form": form,
    }
    response = render(request, "studio/invitation.html", context)
    response["Referrer-Policy"] = "same-origin"
    return response


def _closed(request: HttpRequest, found: Invitation | None) -> HttpResponse:
    """One sentence for all; whoever holds a link of ours learns whom to ask."""
    desk = ""
    if found is not None and (number := found.stall.cooperative.whatsapp):
        desk = wa_link(number, "Halo pengurus, tautan undangan Siar saya tidak berlaku lagi.")
    context = {"desk": desk, "cooperative": found.stall.cooperative if desk and found else None}
    status = 404 if found is None else 410
    return render(request, "studio/invitation_closed.html", context, status=status)
