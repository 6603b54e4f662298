"""My products: list, add, change, delete."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from wagtail.models import Collection

from cms.core.clock import now
from cms.core.models import User
from cms.studio.access import products_of, trader, trader_view
from cms.studio.forms import ProductForm
from cms.studio.photos import do_keep_photo
from cms.traders.actions import do_delete, do_save_product
from cms.traders.models import Product


@trader_view
def listing(request: HttpRequest) -> HttpResponse:
    """All products of the trader, those not on sale included."""
    return render(request, "studio/products.html", {"products": products_of(trader(request))})


@trader_view
def add(request: HttpRequest) -> HttpResponse:
    """A new product."""
    return _form(request, Product(), _("Produk ditambahkan."))


@trader_view
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """A product that is there already."""
    product = get_object_or_404(products_of(trader(request)), key=key)
    return _form(request, product, _("Produk disimpan."))


@trader_view
def delete(request: HttpRequest, key: str) -> HttpResponse:
    """Ask, then delete a product with its segments and counts."""
    product = get_object_or_404(products_of(trader(request)), key=key)
    if request.method == "POST":
        do_delete(product, now())
        messages.success(request, _("Produk dihapus."))
        return redirect("studio:products")
    return render(request, "studio/product_delete.html", {"product": product})


def _form(request: HttpRequest, product: Product, done: str) -> HttpResponse:
    user = trader(request)
    form = ProductForm(request.POST or None, request.FILES or None, instance=product, user=user)
    if request.method == "POST" and form.is_valid():
        _save(form, user)
        messages.success(request, done)
        return redirect("studio:products")
    return render(request, "studio/product.html", {"form": form, "product": product})


def _save(form: ProductForm, user: User) -> None:
    product: Product = form.save(commit=False)
    if photo := form.cleaned_data["photo"]:
        collection = product.stall.cooperative.collection or Collection.get_first_root_node()
        product.image = do_keep_photo(photo, product.name, collection)
    do_save_product(product, user, now())
