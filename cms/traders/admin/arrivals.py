"""How a coordinator brings a trader in: add, invite, end sessions, keep the log of consent."""

import secrets
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views import View
from wagtail.log_actions import log

from cms.cooperatives.access import Role, cooperatives_for
from cms.core import clock
from cms.core.formats import tanggal
from cms.core.models import User
from cms.core.phone import wa_link
from cms.traders.actions import do_save_stall, local_day
from cms.traders.admin.arrival_forms import ConsentForm, TraderForm
from cms.traders.consents import do_record_consent, do_withdraw_consent
from cms.traders.invitations import do_invite, do_lock_out, is_open, token_of, way_in
from cms.traders.models import Consent, Invitation, Stall


class ArrivalView(View):
    """A page for coordinators. `names` are the addresses of this room, by short name."""

    index_url_name = ""

    def name_of(self, view: str) -> str:
        """Return the full name of another view of the stalls' set."""
        return self.index_url_name.removesuffix("list") + view

    def user(self) -> User:
        assert isinstance(self.request.user, User)
        return self.request.user

    def stall(self, pk: str) -> Stall:
        """Return the stall if the person coordinates its co-operative; else 404."""
        rows = Stall.objects.visible_to(self.user(), Role.COORDINATOR)
        return get_object_or_404(rows.select_related("cooperative", "trader"), pk=pk)

    def to_trader(self, stall: Stall) -> HttpResponse:
        return redirect(self.name_of("trader"), stall.pk)


class AddTraderView(ArrivalView):
    """Stall, number and consent on one page."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, self._form(None))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self._form(request.POST)
        if not form.is_valid():
            return self._page(request, form)
        stall = do_add_trader(form, self.user(), clock.now())
        messages.success(request, _("Pedagang dicatat. Sekarang kirim undangannya."))
        return self.to_trader(stall)

    def _form(self, data: Any) -> TraderForm:
        places = cooperatives_for(self.user(), Role.COORDINATOR)
        if (first := places.first()) is None:
            raise PermissionDenied
        return TraderForm(data, user=self.user(), today=_today(first.zone))

    def _page(self, request: HttpRequest, form: TraderForm) -> HttpResponse:
        return render(request, "traders/admin/add_trader.html", {"form": form})


@transaction.atomic
def do_add_trader(form: TraderForm, user: User, moment: datetime) -> Stall:
    """Save what a valid form says: the stall, what it deals in, and what was agreed to."""
    stall = form.stall()
    do_save_stall(stall, user, moment)
    stall.commodities.set(form.cleaned_data["commodities"])
    _record(stall, form, user, moment)
    log(instance=stall, action="wagtail.create", user=user)
    return stall


class TraderView(ArrivalView):
    """Where one trader stands: invited or in, what was agreed to, and what can be done."""

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        return self.page(request, self.stall(pk))

    def page(self, request: HttpRequest, stall: Stall, **more: Any) -> HttpResponse:
        moment = clock.now()
        last = _last_invitation(stall)
        context = {
            "stall": stall,
            "last": last,
            "after": _mark(last),
            "waits": last is not None and is_open(last, moment),
            "consents": stall.consents.select_related("recorded_by"),
            "consent_form": ConsentForm(today=local_day(stall, clock.now())),
            "zone": stall.cooperative.zone,
            "names": {
                each: self.name_of(each)
                for each in ("invite", "lock_out", "consent", "withdraw", "edit", "verify", "list")
            },
        }
        return render(request, "traders/admin/trader.html", context | more)


class InviteView(TraderView):
    """Make a link, and show it this once: only its digest is kept."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        stall, moment, secret = self.stall(pk), clock.now(), secrets.token_urlsafe(24)
        if not stall.whatsapp:
            messages.error(request, _("Lapak ini belum punya nomor WhatsApp. Tambahkan dulu."))
            return self.to_trader(stall)
        if request.POST.get("after") != _mark(_last_invitation(stall)):
            # The page was loaded again, or the button pressed twice.
            messages.warning(
                request,
                _("Tautan sudah dibuat dan tetap berlaku. Belum tersalin? Buat tautan baru."),
            )
            return self.to_trader(stall)
        invitation = do_invite(stall, self.user(), secret, moment)
        log(instance=stall, action="traders.invite", user=self.user())
        address = reverse("studio:invitation", args=[token_of(secret)])
        link = request.build_absolute_uri(address)
        return self.page(
            request,
            stall,
            link=link,
            share=wa_link(stall.whatsapp, _message(invitation, link)),
            way=way_in(invitation).way.value,
        )


class LockOutView(ArrivalView):
    """A lost phone: sign the trader out everywhere."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        stall = self.stall(pk)
        do_lock_out(stall, self.user(), clock.now())
        log(instance=stall, action="traders.lock_out", user=self.user())
        messages.success(request, _("Semua perangkat pedagang ini keluar. Kirim tautan baru."))
        return self.to_trader(stall)


class ConsentView(TraderView):
    """Add to the log what was agreed to later."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        stall, moment = self.stall(pk), clock.now()
        form = ConsentForm(request.POST, today=local_day(stall, clock.now()))
        if not form.is_valid():
            return self.page(request, stall, consent_form=form)
        if not form.consents():
            form.add_error("contact", _("Tandai yang disetujui pedagang."))
            return self.page(request, stall, consent_form=form)
        _record(stall, form, self.user(), moment)
        messages.success(request, _("Persetujuan dicatat."))
        return self.to_trader(stall)


class WithdrawView(ArrivalView):
    """Write down that a consent is withdrawn."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: str, consent: int) -> HttpResponse:
        stall = self.stall(pk)
        row = get_object_or_404(Consent.objects.filter(stall=stall), pk=consent)
        do_withdraw_consent(row, self.user(), clock.now())
        messages.success(request, _("Penarikan persetujuan dicatat."))
        return self.to_trader(stall)


def addresses(viewset: Any) -> list[Any]:
    """Return the addresses of these pages, behind the set's own check of `pk`."""
    pages = {
        "pedagang/tambah/": (AddTraderView, "add_trader"),
        "pedagang/<str:pk>/": (TraderView, "trader"),
        "pedagang/<str:pk>/undang/": (InviteView, "invite"),
        "pedagang/<str:pk>/keluarkan/": (LockOutView, "lock_out"),
        "pedagang/<str:pk>/persetujuan/": (ConsentView, "consent"),
        "pedagang/<str:pk>/persetujuan/<int:consent>/tarik/": (WithdrawView, "withdraw"),
    }
    index = viewset.get_url_name("list")
    return [
        path(route, viewset.construct_view(view, index_url_name=index), name=name)
        for route, (view, name) in pages.items()
    ]


def _record(stall: Stall, form: ConsentForm, user: User, moment: datetime) -> None:
    given_at = form.given_at(stall.cooperative.zone, moment)
    way = Consent.Way(form.cleaned_data["way"])
    for kind, wording in form.consents():
        do_record_consent(stall, kind, way, wording, given_at, user)


def _last_invitation(stall: Stall) -> Invitation | None:
    return Invitation.objects.filter(stall=stall).first()


def _mark(invitation: Invitation | None) -> str:
    """What a form carries that makes the link after `invitation`: it is good for one."""
    return str(invitation.pk) if invitation else ""


def _today(zone: str) -> date:
    return clock.now().astimezone(ZoneInfo(zone)).date()


def _message(invitation: Invitation, link: str) -> str:
    """The words around the link. Indonesian in every interface: the trader reads them."""
    stall = invitation.stall
    with override("id"):
        until = tanggal(invitation.expires_at.astimezone(ZoneInfo(stall.cooperative.zone)))
    return (
        f"Halo {stall.name}, {stall.cooperative.name} mengundang Anda ke Studio Siar. "
        f"Buka tautan ini dan buat PIN Anda sendiri: {link} "
        f"Berlaku sekali, sampai {until}. Jangan diteruskan kepada orang lain."
    )
