"""The page on which a coordinator says that a stall and its number are real."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View

from cms.cooperatives.access import may
from cms.core import clock
from cms.core.models import User
from cms.traders.actions import do_verify_stall
from cms.traders.models import DECIDERS, Stall


class VerifyStallView(View):
    """Say that a stall and its number are real, or take it back."""

    index_url_name = ""

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        context = {"row": self._row(request, pk), "index_url_name": self.index_url_name}
        return render(request, "traders/admin/verify_stall.html", context)

    def _row(self, request: HttpRequest, pk: str) -> Stall:
        stall: Stall = get_object_or_404(Stall.objects.all(), pk=pk)
        if not may(request.user, stall.cooperative, *DECIDERS):
            raise PermissionDenied
        return stall

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        stall = self._row(request, pk)
        verified = request.POST.get("decision") == "verify"
        do_verify_stall(stall, _user(request), clock.now(), verified=verified)
        messages.success(
            request, _("Lapak terverifikasi.") if verified else _("Tanda terverifikasi dicabut.")
        )
        return redirect(self.index_url_name)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
