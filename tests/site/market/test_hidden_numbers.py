"""A hidden number is in no public answer: every address is asked, with all that could tell it.

The addresses come from the URL resolver, so one that is added tomorrow is asked tomorrow.
"""

import itertools
import re
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote

import pytest
from asgiref.sync import async_to_sync
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from wagtail.documents import get_document_model

from cms.channels.models import Channel
from cms.cooperatives.models import Cooperative
from cms.traders.models import Certificate, FeaturedSegment, Product, Stall
from tests.studio.pages import make_photo, product_form

HIDDEN = "81234567890"
NOT_PUBLIC = ("admin/", "studio/")
VALUES = {
    "product_slug": ["sambal-bawang"],
    "region": ["jawa-timur"],
    "channel": ["nasional"],
    "start": ["1764000000"],
    "code": ["AAAA-AAAA-AAAA"],
    "rest": ["x"],
    "page_id": ["1"],
    "restriction_id": ["1"],
    "page_view_restriction_id": ["1"],
}
"""What stands in the names of addresses; slugs and keys are those of `rows`."""


def routes(patterns, before="") -> list[str]:
    found = []
    for each in patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            found += routes(each.url_patterns, route)
        elif isinstance(each, URLPattern):
            found.append(route)
    return [route for route in found if not route.startswith(NOT_PUBLIC)]


def addresses(route: str, slugs: list[str], keys: list[str]) -> list[str]:
    """Return `route` with each of the values that its names could have."""
    names = re.findall(r"<(?:\w+:)?(\w+)>(?!\[)", route)
    choices = [VALUES.get(name, keys if name == "key" else slugs) for name in names]
    found = []
    for values in itertools.product(*choices):
        path = route
        for name, value in zip(names, values, strict=True):
            path = re.sub(rf"<(?:\w+:)?{name}>", value, path, count=1)
        found.append("/" + re.sub(r"\(.*?\)\)?\*?\)?|[\^$\\]", "", path))
    return found


@pytest.fixture
def rows(
    on_tv: FeaturedSegment, national: Channel, pasar_a: Cooperative, now: datetime
) -> tuple[list[str], list[str]]:
    """The slugs and keys of market A's rows; its stall hides its number."""
    pasar_a.whatsapp = "+6281311112222"
    pasar_a.save()
    Stall.objects.update(hide_number=True, verified_at=now)
    Product.objects.update(shop_url="https://wa.me/6281234567890")
    product, video = on_tv.product, on_tv.video
    slugs = ["lapak-bumbu", "pasar-a", video.slug, "nasional", "dapur-pasar", "jawa-timur"]
    return slugs, [str(row.key) for row in (product, product.stall, video)]


async def whole(answer) -> bytes:
    """Return what is streamed."""
    return b"".join([part async for part in answer.streaming_content])


def said(client, path: str) -> tuple[int, str]:
    """Return what is answered, headers too, without what parts the digits of a number."""
    answer = client.get(path)
    body = async_to_sync(whole)(answer) if getattr(answer, "is_async", False) else answer.getvalue()
    text = f"{dict(answer.headers)} {body.decode(errors='ignore')}"
    return answer.status_code, re.sub(r"(?<=\d)[\s.\-]+(?=\d)", "", unquote(text))


def test_a_hidden_number_is_in_no_public_answer(client, rows):
    told, seen = [], 0
    for route in routes(get_resolver().url_patterns):
        for path in addresses(route, *rows):
            status, text = said(client, path)
            seen += status in (200, 302)
            if HIDDEN in text:
                told.append(path)
    assert told == []
    assert seen > 40, "the walk has lost its way"


def test_the_walk_would_see_a_number_that_is_shown(client, rows):
    Stall.objects.update(hide_number=False)
    told = {
        route
        for route in routes(get_resolver().url_patterns)
        for path in addresses(route, *rows)
        if HIDDEN in said(client, path)[1]
    }
    assert told == {"chat/<uuid:key>/", "chat/<uuid:key>/toko/"}


def test_who_hides_the_number_is_written_to_at_the_office(client, rows):
    page = client.get("/lapak/lapak-bumbu/sambal-bawang/").content.decode()
    assert "Chat dijawab pengurus koperasi" in page
    answer = client.get(f"/chat/{rows[1][0]}/?di=lapak")
    assert "6281311112222" in answer["Location"]


def test_what_a_trader_sends_is_no_document_and_a_certificates_photo_in_no_answer(
    client, rows, sambal, trader_a, tmp_path, settings
):
    """Documents are public to whoever has their address, and renditions of images are."""
    settings.MEDIA_ROOT = tmp_path
    trader = Client()
    trader.force_login(trader_a)
    paper = {"kind": "halal", "number": "ID-1", "expires_on": "2027-01-31", "camera": make_photo()}
    product = product_form(name="Sambal bawang", price="18500", camera=make_photo())
    for path, form in (
        (reverse("studio:certificate_add", args=[sambal.key]), paper),
        (reverse("studio:product", args=[sambal.key]), product),
    ):
        assert trader.post(path, form).status_code == 302
    sambal.refresh_from_db()
    images = (Certificate.objects.get().image, sambal.image)
    held, shown = (Path(image.file.name).stem for image in images)
    assert not get_document_model().objects.exists()
    assert client.get("/documents/1/x.pdf").status_code == 404
    answers = [
        said(client, path)[1]
        for route in routes(get_resolver().url_patterns)
        for path in addresses(route, *rows)
    ]
    # Names of renditions have a part of it.
    assert any(shown[:16] in text for text in answers)
    assert not [text for text in answers if held[:16] in text]
    # Nobody guesses where the office's own view of it stands.
    assert re.fullmatch(r"produk-[0-9a-f]{16}", held)
