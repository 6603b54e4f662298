"""The doors from a product to a chat and to a shop."""

import logging
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from cms.audience import networks, places, visits
from cms.audience.actions import do_note_tap
from cms.audience.devices import Devices
from cms.audience.events.salts import Salts
from cms.audience.pictures import SEGMENT
from cms.cooperatives.models import Cooperative
from cms.core import clock
from cms.core.visitors import address
from cms.traders.links import chat_link, contact_of, shop_link
from cms.traders.models import FeaturedSegment, Product

logger = logging.getLogger(__name__)
devices = Devices()
salts = Salts()


@never_cache
@require_safe
def chat(request: HttpRequest, key: str) -> HttpResponse:
    """Count a tap on a product, then send the buyer to WhatsApp.

    The target is made from the stall's own checked number; nothing of the address
    but the product's key and the place has a say in it.
    """
    traits = visits.traits(request)
    if devices.is_too_fast(traits, clock.now()):
        return wait(request)
    product = _product(key)
    if product is None:
        return gone(request, key)
    contact = contact_of(product.stall)
    if contact is None:
        return render(request, "audience/no_number.html", _about(product))
    place = _count(request, product, traits)
    return _sent_to(chat_link(product, contact, place.seen))


@never_cache
@require_safe
def shop(request: HttpRequest, key: str) -> HttpResponse:
    """Count a tap on a product, then send the buyer to its own shop, whose address is checked."""
    traits = visits.traits(request)
    if devices.is_too_fast(traits, clock.now()):
        return wait(request)
    product = _product(key)
    if product is None:
        return gone(request, key)
    link = shop_link(product)
    if not link:
        raise Http404
    _count(request, product, traits)
    return _sent_to(link)


def _sent_to(address: str) -> HttpResponse:
    answer = HttpResponseRedirect(address)
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _count(request: HttpRequest, product: Product, traits: tuple[str, ...]) -> places.Place:
    """Note a person's tap; return where it was made."""
    clip = request.GET.get("k", "")
    place = places.resolve(places.ON_AIR if clip else request.GET.get("di", ""))
    segment = clip or request.GET.get("s", "")
    if visits.is_person(request) and not devices.is_repeat(traits, str(product.key), clock.now()):
        _note(request, product, place, segment if SEGMENT.fullmatch(segment) else "")
    return place


def _product(key: str) -> Product | None:
    found: Product | None = (
        Product.objects.public().select_related("stall__cooperative").filter(key=key).first()
    )
    return found


def gone(request: HttpRequest, key: str) -> HttpResponse:
    """Return the page for visitors whose link leads to a product that is no longer offered.

    It names nothing of the stall, which may have been taken down. 410 while the product is
    kept, so that its market is known; 404 once it was erased.
    """
    market = Cooperative.objects.filter(stalls__products__key=key).first()
    status = 410 if market else 404
    return render(request, "audience/gone.html", {"market": market}, status=status)


@cache_control(public=True, max_age=1)
@require_safe
def shows(request: HttpRequest, key: str) -> JsonResponse:
    """Say whether the card of a product is still to show; players ask while they show it.

    The rundown keeps the cards of an entry that has begun: they are what the as-run compares.
    """
    segment = request.GET.get("s", "")
    if SEGMENT.fullmatch(segment):
        cards = FeaturedSegment.objects.on_cards().filter(key=UUID(segment), product__key=key)
        return JsonResponse({"shows": cards.exists()})
    return JsonResponse({"shows": Product.objects.public().filter(key=key).exists()})


def _note(request: HttpRequest, product: Product, place: places.Place, segment: str) -> None:
    now = clock.now()
    try:
        network = networks.hidden(address(request), salts, now)
        do_note_tap(product, place.code, segment, network, now)
    except OSError:
        # The buyer needs it: a full disk may cost a count, never a sale.
        logger.exception("a tap on product %s could not be noted", product.pk)


def _about(product: Product) -> dict[str, object]:
    return {"stall": product.stall, "back": product.stall.page_url}


def wait(request: HttpRequest) -> HttpResponse:
    """Return the answer to who asks too often."""
    answer = render(request, "audience/wait.html", status=429)
    answer["Retry-After"] = "60"
    return answer
