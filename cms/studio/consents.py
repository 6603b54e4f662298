"""What the trader agreed to, and taking it back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cms.core import clock
from cms.studio.access import trader, trader_view
from cms.traders.consents import do_withdraw_consent
from cms.traders.models import Consent


@trader_view
def listing(request: HttpRequest) -> HttpResponse:
    """The log, withdrawn ones too."""
    rows = Consent.objects.filter(stall__trader=trader(request))
    context = {"consents": rows.select_related("stall__cooperative")}
    return render(request, "studio/consents.html", context)


@trader_view
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one back; its row stays."""
    user = trader(request)
    rows = Consent.objects.filter(stall__trader=user).select_related("stall__cooperative")
    do_withdraw_consent(get_object_or_404(rows, pk=pk), user, clock.now())
    messages.success(request, _("Persetujuan ditarik."))
    return redirect("studio:consents")
