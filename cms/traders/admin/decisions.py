"""Pages on which a coordinator decides: a segment may show, a stall is real."""

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from cms.cooperatives.access import may
from cms.core.clock import now
from cms.core.models import User
from cms.traders.actions import (
    DECIDERS,
    do_approve_segment,
    do_refuse_segment,
    do_verify_stall,
)
from cms.traders.models import FeaturedSegment, Stall


class ReasonForm(forms.Form):
    """The one sentence that a refusal needs."""

    reason = forms.CharField(
        label=gettext_lazy("Alasan, satu kalimat"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class DecisionView(View):
    """A page about one row, behind the viewset's own check of `pk`."""

    model: ClassVar[type[Model]]
    template_name: ClassVar[str]
    index_url_name = ""

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        return self._page(request, self._row(request, pk), ReasonForm())

    def _row(self, request: HttpRequest, pk: str) -> Any:
        row: Any = get_object_or_404(self.model._default_manager.all(), pk=pk)
        stall = row if isinstance(row, Stall) else row.product.stall
        if not may(request.user, stall.cooperative, *DECIDERS):
            raise PermissionDenied
        return row

    def _page(self, request: HttpRequest, row: Any, form: ReasonForm) -> HttpResponse:
        context = {"row": row, "form": form, "index_url_name": self.index_url_name}
        return render(request, self.template_name, context)


class DecideSegmentView(DecisionView):
    """Approve a segment, or send it back with one sentence."""

    model = FeaturedSegment
    template_name = "traders/admin/decide_segment.html"

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        segment, form = self._row(request, pk), ReasonForm(request.POST)
        if not form.is_valid():
            return self._page(request, segment, form)
        try:
            message = self._decide(request, segment, form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error("reason", error.messages)
            return self._page(request, segment, form)
        messages.success(request, message)
        return redirect(self.index_url_name)

    def _decide(self, request: HttpRequest, segment: FeaturedSegment, reason: str) -> str:
        if request.POST.get("decision") == "approve":
            moved = do_approve_segment(segment, _user(request), now())
            done = _("Segmen disetujui. Kartunya tampil di video.")
        else:
            moved = do_refuse_segment(segment, _user(request), reason, now())
            done = _("Segmen dikembalikan kepada pedagang.")
        return done if moved else _("Segmen ini sudah diputuskan.")


class VerifyStallView(DecisionView):
    """Say that a stall and its number are real, or take it back."""

    model = Stall
    template_name = "traders/admin/verify_stall.html"

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        stall = self._row(request, pk)
        verified = request.POST.get("decision") == "verify"
        do_verify_stall(stall, _user(request), now(), verified=verified)
        messages.success(
            request, _("Lapak terverifikasi.") if verified else _("Tanda terverifikasi dicabut.")
        )
        return redirect(self.index_url_name)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
