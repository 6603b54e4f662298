"""My products: list, add, change, delete."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.files.base import ContentFile
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.images.models import AbstractImage
from wagtail.models import Collection

from cms.core import clock
from cms.core.models import User
from cms.studio import sent
from cms.studio.access import clips_of, products_of, trader, trader_view, waiting_of
from cms.studio.photos import do_keep_photo
from cms.studio.product_forms import ProductForm
from cms.traders.actions import do_change_photos, do_delete, do_save_product, local_day
from cms.traders.certificates import NOTICE, holding
from cms.traders.models import Product
from cms.traders.spots.outdated import airing_outdated

ON_A_PAGE = 20


@trader_view
def listing(request: HttpRequest) -> HttpResponse:
    """All products of the trader, those not on sale included."""
    user = trader(request)
    page = Paginator(products_of(user), ON_A_PAGE).get_page(request.GET.get("halaman"))
    context = {"page": page, "outdated": airing_outdated(clips_of(user), clock.now())}
    context |= waiting_of(user)
    return render(request, "studio/products.html", context)


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
        do_delete(product, clock.now())
        messages.success(request, _("Produk dihapus."))
        return redirect("studio:products")
    return render(request, "studio/product_delete.html", {"product": product})


@never_cache
@trader_view
@require_safe
def sent_photo(request: HttpRequest, pk: int) -> HttpResponse:
    """A photo that waits for its form, for the form to show."""
    row = get_object_or_404(sent.waiting_of(trader(request)), pk=pk)
    return HttpResponse(bytes(row.jpeg), content_type="image/jpeg")


def _form(request: HttpRequest, product: Product, done: str) -> HttpResponse:
    user = trader(request)
    form = ProductForm(request.POST or None, request.FILES or None, instance=product, user=user)
    if request.method == "POST" and form.is_valid():
        _save(form, user)
        messages.success(request, done)
        return redirect("studio:products")
    if request.method == "POST":
        form.do_keep_photos(user, clock.now())
    context = {
        "form": form,
        "product": product,
        "certificates": _certificates(product),
        "words": sent.words(),
    }
    return render(request, "studio/product.html", context)


def _certificates(product: Product) -> list[dict[str, object]]:
    """Return the certificates with what a trader wants to know of each."""
    if not product.pk:
        return []
    rows = list(product.certificates.all())
    today, last = local_day(product.stall, clock.now()), {each.pk for each in holding(rows)}
    return [
        {
            "row": row,
            "ended": row.expires_on < today,
            "ending": row.pk in last and today <= row.expires_on <= today + NOTICE,
        }
        for row in rows
    ]


@transaction.atomic
def _save(form: ProductForm, user: User) -> None:
    product: Product = form.save(commit=False)
    moment = clock.now()
    if photo := form.first_photo:
        [product.image] = keep(product, [photo])
    do_save_product(product, user, moment)
    more = [*form.cleaned_data["more"], *map(sent.as_file, form.cleaned_data["more_sent"])]
    added = keep(product, more)
    form.do_forget_sent()
    do_change_photos(product, added, form.cleaned_data["removed"], user, moment)


def keep(product: Product, photos: Sequence[ContentFile]) -> list[AbstractImage]:
    """Keep checked photos in the collection of the product's co-operative."""
    collection = product.stall.cooperative.collection or Collection.get_first_root_node()
    own = product.stall.trader
    return [do_keep_photo(photo, product.name, collection, own) for photo in photos]
