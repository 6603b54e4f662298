"""The page on which editors decide on a debt. The viewset's check of `pk` stands before."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.channels.admin.views import ChannelView, told
from cms.channels.asrun.closing.actions import (
    do_cancel_makegood,
    do_choose_makegood,
    do_write_off,
)
from cms.channels.asrun.closing.offers import Offer, offers_for
from cms.channels.asrun.debts import answers
from cms.channels.asrun.owed import owed_by
from cms.channels.asrun.promoted import PlannedMakegood
from cms.channels.asrun.reasons import reason_of
from cms.traders.models import FeaturedSegment


class WriteOffForm(forms.Form):
    """Why a debt will not be made good."""

    reason = forms.CharField(
        label=gettext_lazy("Alasan"),
        help_text=gettext_lazy("Pedagangnya membaca alasan ini."),
        min_length=10,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DebtView(ChannelView):
    """A debt: what there is to replace it, and a way to write it off."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        rows = owed_by(self.channel).select_related("channel__cooperative")
        self.debt = get_object_or_404(rows, pk=kwargs["debt"])

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        self.require_editor()
        return self._page(WriteOffForm())

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        self.require_editor()
        form = WriteOffForm(request.POST if "reason" in request.POST else None)
        with told(request):
            if not self._decide(request, form):
                return self._page(form)
        return redirect(self.url("as_run"))

    def _decide(self, request: HttpRequest, form: WriteOffForm) -> bool:
        """Do what was asked for; return whether it was anything."""
        if offer := request.POST.get("offer"):
            do_choose_makegood(self.debt, offer, self.user, self.now)
            messages.success(request, _("Pengganti tercatat. Utang tertutup sesudah tayang utuh."))
        elif cancel := request.POST.get("cancel"):
            do_cancel_makegood(self.debt, cancel, self.user, self.now)
            messages.success(request, _("Pengganti dibatalkan."))
        elif form.is_valid():
            do_write_off(self.debt, form.cleaned_data["reason"], self.user, self.now)
            messages.success(request, _("Utang ditutup. Pedagangnya membaca alasannya."))
        else:
            return False
        return True

    def _page(self, form: WriteOffForm) -> HttpResponse:
        segments = FeaturedSegment.objects.select_related("product__stall", "video")
        key = self.debt.segment_key
        chosen = PlannedMakegood.objects.filter(
            channel=self.channel, owed_key=key, start__gt=self.now
        )
        answered = answers(self.channel, key)
        context = {
            "channel": self.channel,
            "day": self.day,
            "debt": self.debt,
            "reason": reason_of(self.debt.why),
            "segment": segments.get(key=key),
            "is_open": self.debt in answered and answered[self.debt] is None,
            "turn": answered.get(self.debt),
            "offers": self._offers(),
            "chosen": chosen,
            "form": form,
            "names": self.url_names,
        }
        return render(self.request, "channels/admin/debt.html", context)

    def _offers(self) -> list[Offer]:
        with told(self.request):
            return offers_for(self.debt, self.now)
        return []
