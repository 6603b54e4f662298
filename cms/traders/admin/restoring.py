"""The page on which a coordinator brings back, on the trader's word, what the trader took down."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View

from cms.core import clock
from cms.core.models import User
from cms.core.refusals import Refused
from cms.traders.models import Stall
from cms.traders.personal.takedown import check_bring_back, do_bring_back


class RestoreStallView(View):
    """Ask, then show the stall again; behind the viewset's own check of `pk`."""

    index_url_name = ""

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        stall = get_object_or_404(Stall.objects.select_related("cooperative"), pk=pk)
        try:
            check_bring_back(stall, _user(request), clock.now())
        except Refused as refused:
            messages.warning(request, str(refused))
            return redirect(self.index_url_name)
        context = {"row": stall, "index_url_name": self.index_url_name}
        return render(request, "traders/admin/restore_stall.html", context)

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        stall = get_object_or_404(Stall, pk=pk)
        try:
            do_bring_back(stall, _user(request), clock.now())
        except Refused as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(request, _("Lapak tampil lagi."))
        return redirect(self.index_url_name)


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
