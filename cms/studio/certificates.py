"""Certificates of my products: add, change, delete. The Koppas checks them."""

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from cms.core import clock
from cms.core.models import User
from cms.studio import sent
from cms.studio.access import products_of, trader, trader_view
from cms.studio.product_forms import CertificateForm
from cms.studio.products import keep
from cms.traders.actions import local_day
from cms.traders.certifying import do_delete_certificate, do_save_certificate
from cms.traders.models import Certificate, Product


@trader_view
def add(request: HttpRequest, key: str) -> HttpResponse:
    """A new certificate of a product."""
    product = get_object_or_404(products_of(trader(request)), key=key)
    return _form(request, Certificate(product=product))


@trader_view
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """A certificate that is there already."""
    return _form(request, get_object_or_404(_own(trader(request)), key=key))


@trader_view
def delete(request: HttpRequest, key: str) -> HttpResponse:
    """Ask, then delete a certificate."""
    certificate = get_object_or_404(_own(trader(request)), key=key)
    if request.method == "POST":
        do_delete_certificate(certificate, trader(request), clock.now())
        messages.success(request, _("Sertifikat dihapus."))
        return redirect("studio:product", key=certificate.product.key)
    return render(request, "studio/certificate_delete.html", {"certificate": certificate})


def _own(user: User) -> QuerySet[Certificate]:
    own = Certificate.objects.filter(product__stall__trader=user)
    return own.select_related("product__stall__cooperative", "image")


def _form(request: HttpRequest, certificate: Certificate) -> HttpResponse:
    product, moment, user = certificate.product, clock.now(), trader(request)
    form = CertificateForm(
        request.POST or None,
        request.FILES or None,
        instance=certificate,
        user=user,
        today=local_day(product.stall, moment),
    )
    if request.method == "POST" and form.is_valid():
        _save(form, product, user)
        messages.success(request, _("Sertifikat disimpan. Pengurus Koppas akan memeriksanya."))
        return redirect("studio:product", key=product.key)
    if request.method == "POST":
        form.do_keep_photos(user, moment)
    context = {
        "form": form,
        "product": product,
        "certificate": certificate,
        "words": sent.words(),
    }
    return render(request, "studio/certificate.html", context)


@transaction.atomic
def _save(form: CertificateForm, product: Product, user: User) -> None:
    certificate: Certificate = form.save(commit=False)
    if photo := form.first_photo:
        [certificate.image] = keep(product, [photo])
    do_save_certificate(certificate, user, clock.now())
    form.do_forget_sent()
