"""The door from a product to a chat."""

import logging

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cms.audience import places, visits
from cms.audience.actions import do_note_tap
from cms.audience.devices import Devices
from cms.core.clock import now
from cms.traders.links import chat_link, contact_of
from cms.traders.models import Product

logger = logging.getLogger(__name__)
devices = Devices()


@never_cache
@require_safe
def chat(request: HttpRequest, key: str) -> HttpResponse:
    """Count a tap on a product, then send the buyer to WhatsApp.

    The target is made from the stall's own checked number; nothing of the address
    but the product's key and the place has a say in it.
    """
    moment, traits = now(), visits.traits(request)
    if devices.is_too_fast(traits, moment):
        return _wait(request)
    product = _product(key)
    place = places.resolve(request.GET.get("di", ""))
    contact = contact_of(product.stall)
    if contact is None:
        return render(request, "audience/no_number.html", _about(product))
    if visits.is_person(request) and not devices.is_repeat(traits, str(product.key), moment):
        _note(product, place)
    answer = HttpResponseRedirect(chat_link(product, contact, place.seen))
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _product(key: str) -> Product:
    products = Product.objects.public().select_related("stall__cooperative")
    product = products.filter(key=key).first()
    if product is None:
        raise Http404
    return product


def _note(product: Product, place: places.Place) -> None:
    try:
        do_note_tap(product, place.code, now())
    except OSError:
        # The buyer needs it: a full disk may cost a count, never a sale.
        logger.exception("a tap on product %s could not be noted", product.pk)


def _about(product: Product) -> dict[str, object]:
    return {"stall": product.stall, "back": product.stall.page_url}


def _wait(request: HttpRequest) -> HttpResponse:
    answer = render(request, "audience/wait.html", status=429)
    answer["Retry-After"] = "60"
    return answer
