"""Story 7: a trader's product shows while its segment is on, and a tap on it is counted."""

import re
import time
from collections import Counter
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import PHONE, Siar

pytestmark = pytest.mark.browser

ROLL_UP = """
from datetime import timedelta
from cms.audience.actions import do_roll_up
from cms.audience.events.rolling import do_roll_up_seen
from cms.audience.models import HourCount, ReachDay, TapCount
from cms.core import clock
from cms.traders.models import FeaturedSegment
do_roll_up(clock.now() + timedelta(minutes=2))
do_roll_up_seen(clock.now() + timedelta(minutes=2))
cards = FeaturedSegment.objects.values_list("key", flat=True)
print("seen", sum(HourCount.objects.filter(key__in=cards).values_list("impressions", flat=True)))
print("reach", sum(ReachDay.objects.filter(key__in=cards).values_list("devices", flat=True)))
for count in TapCount.objects.order_by("place"):
    print(count.place.split("-")[0], count.taps)
"""
"""Counts as the worker would two minutes later, and prints a line a place."""


def play(page: Page) -> None:
    page.locator(".player .start").click()
    expect(page.locator("media-controller[mediahasplayed]")).to_be_visible()


def counts(siar: Siar) -> dict[str, int]:
    """What was counted, by kind of place: the sum of its minutes."""
    found: Counter[str] = Counter()
    for line in siar.python(ROLL_UP).splitlines():
        place, taps = line.split()
        found[place] += int(taps)
    return found


def tap(page: Page) -> str:
    """Tap the card's chat and return the address to which Siar sends the phone."""
    opened: list[str] = []

    def stop_before_whatsapp(route: Route) -> None:
        answer = route.fetch(max_redirects=0)
        assert answer.status == 302
        opened.append(answer.headers["location"])
        route.fulfill(body="WhatsApp", content_type="text/plain")

    page.context.route(re.compile(r"/chat/[0-9a-f-]{36}/\?"), stop_before_whatsapp)
    with page.context.expect_page() as popup:
        page.locator(".player .product").get_by_role("link", name="Chat WhatsApp").click()
    popup.value.wait_for_load_state()
    assert len(opened) == 1
    return opened[0]


def message(address: str) -> str:
    parts = urlsplit(address)
    assert (parts.netloc, parts.path) == ("wa.me", "/6281234567890")
    return parse_qs(parts.query)["text"][0]


def test_on_demand_the_card_comes_and_goes_with_the_segment(open_page, siar, shot, complaints):
    page = open_page(f"/video/{siar.facts['promo']}/", size=PHONE)
    before = counts(siar)
    play(page)
    card = page.locator(".player .product")
    expect(card).to_contain_text("Sambal bawang 150 g (contoh)")
    expect(card.get_by_text("Promosi")).to_be_visible()
    expect(card.locator(".price")).to_have_text("Rp18.500/botol")
    expect(card).to_contain_text("Lapak Bumbu (contoh), A-12, Pasar Melati (contoh)")
    shot(page, "card")
    text = message(tap(page))
    assert "saya melihat Sambal bawang 150 g (contoh) (Rp18.500/botol)" in text
    assert "acara “Promo sambal (contoh)” di Siar" in text
    page.bring_to_front()
    expect(card).to_have_count(0, timeout=30_000)  # the segment ends a second before the film
    wait_for_taps(siar, "video", before.get("video", 0) + 1)
    page.goto("/tv/")  # what is not told yet goes along to the next page
    wait_for_seen(siar, before)
    assert complaints == []


def test_on_air_the_same_card_shows_while_its_programme_is_on(open_page, siar, shot, complaints):
    page = open_page("/live/nasional/", size=PHONE)
    before = counts(siar)
    play(page)
    card = page.locator(".player .product")
    expect(card).to_contain_text("Sambal bawang 150 g (contoh)", timeout=120_000)
    shot(page, "card")
    text = message(tap(page))
    assert "di siaran Siar Nasional (contoh)" in text
    wait_for_taps(siar, "siaran", before.get("siaran", 0) + 1)
    assert complaints == []


def test_a_trader_makes_a_segment_on_the_phone_and_the_koppas_lets_it_show(
    open_page, siar, shot, complaints
):
    page = open_page("/studio/", size=PHONE, login="trader")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    shot(page, "1-studio")
    add_product(page)
    shot(page, "2-products")
    ask_for_segment(page)
    shot(page, "3-segment-waits")

    desk = open_page("/admin/snippets/traders/featuredsegment/", login="coordinator")
    row = desk.get_by_role("row", name=re.compile("Bumbu rendang"))
    row.get_by_role("link", name="Putuskan").click()
    approves = desk.get_by_role("button", name="Setujui")
    expect(approves).to_be_visible()
    shot(desk, "4-decision")
    for tick in desk.locator("form:has(button[value=approve]) input[type=checkbox]").all():
        tick.check()
    approves.click()
    expect(desk.get_by_text("Segmen disetujui.")).to_be_visible()

    page.reload()
    expect(page.get_by_text("Disetujui").first).to_be_visible()
    wait_for_card(siar, "Bumbu rendang (contoh)")
    viewer = open_page(f"/video/{siar.facts['video']}/", size=PHONE)
    play(viewer)
    expect(viewer.locator(".player .product")).to_contain_text("Bumbu rendang (contoh)")
    expect(viewer.locator(".player .product img")).to_be_visible()
    shot(viewer, "5-card")
    for name, address in (("6-data", "/studio/data/"), ("7-proofs", "/studio/bukti/")):
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        shot(page, name)
    assert complaints == []


def add_product(page: Page) -> None:
    page.get_by_role("link", name="Produk saya").click()
    page.get_by_role("link", name="Tambah produk").click()
    page.get_by_label("Nama produk").fill("Bumbu rendang (contoh)")
    page.get_by_label("Harga", exact=True).fill("0")
    page.get_by_role("button", name="Simpan produk").click()
    expect(page.get_by_text("Harga belum benar. Tulis angka lebih dari 0.")).to_be_visible()
    expect(page.get_by_label("Nama produk")).to_have_value("Bumbu rendang (contoh)")
    page.get_by_label("Harga", exact=True).fill("15000")
    page.get_by_label("Satuan").select_option("bungkus")
    page.get_by_label("Foto dari galeri").set_input_files(
        {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    page.get_by_role("button", name="Simpan produk").click()
    expect(page.get_by_text("Produk ditambahkan.")).to_be_visible()
    expect(page.get_by_text("Rp15.000/bungkus")).to_be_visible()


def ask_for_segment(page: Page) -> None:
    page.goto("/studio/segmen/tambah/")
    page.get_by_label("Produk").select_option(label="Bumbu rendang (contoh) · Lapak Bumbu (contoh)")
    page.get_by_label("Video dari Koppas").select_option(label="Kabar pagi (contoh) (0.09)")
    page.get_by_label("Mulai pada detik").fill("1")
    page.get_by_label("Selesai pada detik").fill("8")
    page.get_by_role("button", name="Kirim untuk diperiksa").click()
    expect(page.get_by_text("Segmen dikirim.")).to_be_visible()
    expect(page.get_by_text("Menunggu").first).to_be_visible()


def photo() -> bytes:
    """A drawn photo, larger than a card shows it."""
    picture = Image.new("RGB", (900, 700), "#a4402c")
    ImageDraw.Draw(picture).ellipse((250, 150, 650, 550), fill="#f6b52b")
    data = BytesIO()
    picture.save(data, "JPEG")
    return data.getvalue()


def wait_for_taps(siar: Siar, place: str, wanted: int) -> None:
    """Wait until the taps at `place` are `wanted`: the web process writes a spool that is read later."""
    deadline = time.monotonic() + 60
    while (found := counts(siar).get(place, 0)) != wanted and time.monotonic() < deadline:
        time.sleep(0.3)
    assert found == wanted


def wait_for_seen(siar: Siar, before: dict[str, int]) -> None:
    """Wait until a card that was seen is told and counted: a device posts once in 100 seconds."""
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        now = counts(siar)
        if now["seen"] == before["seen"] + 1:
            assert now["reach"] == before["reach"] + 1
            return
        time.sleep(0.3)
    raise AssertionError(f"the card was on the screen, and counted are {now} after {before}")


def wait_for_card(siar: Siar, name: str) -> None:
    """Wait until the worker has told the origin, by any player's eyes: the playlist."""
    publication = siar.python(
        "from cms.videos.models import Media\n"
        f"print(Media.objects.get(video__slug={siar.facts['video']!r}).publication)"
    )
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        status, playlist = siar.get(f"/vod/{publication}/v144.m3u8")
        assert status == 200
        if name in playlist:
            assert 'CLASS="id.siar.card"' in playlist
            assert 'X-PRICE="Rp15.000"' in playlist
            return
        time.sleep(0.3)
    raise AssertionError(f"no card of {name}")
