"""A trader's way from the invitation to the proof, on a phone with a slow line."""

import re
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pypdfium2
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, ROOT, Siar
from tests.browser.test_trader import tap
from tests.browser.test_viewer_live import play

pytestmark = pytest.mark.browser

STALLS = "/admin/snippets/traders/stall/"
SEGMENTS = "/admin/snippets/traders/featuredsegment/"
NUMBER, PIN = "0813-9876 5432", "730418"
PRODUCT = "Abon ikan 100 g (contoh)"

BREAK = """
from datetime import timedelta
from cms.channels.models import Channel, WeeklySlot
from cms.channels.actions import do_publish_if_ready, earliest_start
from cms.core import clock
channel, now = Channel.objects.get(slug={slug!r}), clock.now()
# Where programmes are planned, no break finds room.
channel.planned.filter(start__gte=earliest_start(channel, now)).delete()
start = now + timedelta(seconds=60)
WeeklySlot.objects.create(
    channel=channel, content="fair", seconds=60, weekdays=list(range(7)),
    clock=start.astimezone(channel.zone).time().replace(microsecond=0),
)
do_publish_if_ready(channel, clock.now())
# The site itself may have been first.
assert channel.rundowns.filter(written__gte=now).exists()
print(start.timestamp())
"""
"""Puts a break for the traders' turns a minute ahead, as the weekly template would."""

JUDGE = """
from datetime import timedelta
from cms.audience.actions import do_roll_up as do_count
from cms.channels.asrun.evidence import barred_programmes
from cms.channels.asrun.journals import complete_until, days_to_read, do_read_journals
from cms.channels.asrun.models import AsRunDay
from cms.channels.asrun.promoted import SegmentAiring
from cms.channels.asrun.rolling import do_roll_up, do_roll_up_day
from cms.core import clock, published
now = clock.now()
do_count(now + timedelta(minutes=2))
do_read_journals(published.store(), days_to_read(now), now)
do_roll_up(now)
for day in AsRunDay.objects.filter(channel__slug={slug!r}, day__gte=now.date() - timedelta(days=1)):
    do_roll_up_day(day, complete_until(), now, barred_programmes())
print(SegmentAiring.objects.filter(segment_key={key!r}, status="aired").count())
"""
"""What the worker does by the minute, at once; prints how many airings of the segment there are."""


def slow(page: Page) -> Page:
    """Give `page` the line of a phone at the edge of a market: 50 kB/s, a fifth of a second away."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": 200,
            "downloadThroughput": 50_000,
            "uploadThroughput": 50_000,
        },
    )
    page.set_default_timeout(60_000)
    return page


def photo(path: Path) -> Path:
    """Write a picture as a phone's camera would."""
    picture = Image.new("RGB", (1600, 1200), "#c8642d")
    ImageDraw.Draw(picture).ellipse((400, 200, 1200, 1000), fill="#f2e3c1")
    picture.save(path, quality=80)
    return path


def narrow(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.fixture
def invited(open_page, shot) -> str:
    """A coordinator adds a trader; returns the path of the invitation."""
    page = slow(open_page(f"{STALLS}pedagang/tambah/", login="coordinator"))
    page.get_by_label("Nama lapak").fill("Lapak Bu Sri (contoh)")
    page.get_by_label("Blok dan nomor").fill("C-7")
    page.locator("input[name=whatsapp]").fill(NUMBER)
    for consent in page.locator("input[type=checkbox][name=contact], input[name=picture]").all():
        consent.check()
    shot(page, "01-tambah-pedagang")
    assert narrow(page)
    page.get_by_role("button", name="Simpan pedagang").click()
    page.get_by_role("button", name="Buat undangan").click()
    link = page.get_by_label("Atau salin").input_value()
    share = page.get_by_role("link", name="Kirim lewat WhatsApp").get_attribute("href")
    assert share.startswith("https://wa.me/62813")
    assert link in parse_qs(urlsplit(share).query)["text"][0]
    shot(page, "02-undangan")
    return urlsplit(link).path


def make_product(page: Page, folder: Path, shot) -> None:
    page.goto("/studio/produk/tambah/")
    page.get_by_label("Nama produk").fill(PRODUCT)
    page.locator("input[name=price]").fill("Rp 27.500,-")
    page.get_by_label("Satuan").select_option("bungkus")
    page.locator("input[name=photo]").set_input_files(photo(folder / "abon.jpg"))
    shot(page, "04-produk")
    assert narrow(page)
    page.get_by_role("button", name="Simpan produk").click()
    expect(page.get_by_text("Rp27.500").first).to_be_visible()


def make_spot(page: Page, shot) -> str:
    """Let Siar make a clip from the photo, and send it; return the segment's key."""
    page.goto("/studio/segmen/buat/")
    shot(page, "05-buat-segmen")
    page.get_by_role("link", name=re.compile("Dari foto")).click()
    page.get_by_role("button", name="Buat klip").click()
    send = page.get_by_role("button", name="Kirim untuk diperiksa")
    deadline = time.monotonic() + 300
    while not send.is_visible():
        assert time.monotonic() < deadline
        page.wait_for_timeout(2000)
        if "/klip/" in page.url:
            page.reload()
    shot(page, "06-segmen-siap")
    assert narrow(page)
    key = re.search(r"/segmen/([0-9a-f-]{36})/", page.url)
    assert key
    send.click()
    expect(page.get_by_text("Menunggu").first).to_be_visible()
    return key[1]


def approve(page: Page, shot) -> None:
    page.goto(f"{SEGMENTS}antrean/")
    shot(page, "07-antrean")
    assert narrow(page)
    page.get_by_role("link", name=re.compile(f"Periksa dan putuskan.*{re.escape(PRODUCT)}")).click()
    approves = page.get_by_role("button", name="Setujui")
    expect(approves).to_be_visible()
    for tick in page.locator("form input[type=checkbox]").all():
        tick.check()
    shot(page, "08-putuskan")
    assert narrow(page)
    approves.click()
    expect(page.get_by_text(re.compile("disetujui", re.IGNORECASE)).first).to_be_visible()


def aired(siar: Siar, key: str) -> None:
    deadline = time.monotonic() + 180
    while int(siar.python(JUDGE.format(key=key, slug=siar.facts["channel"])).splitlines()[-1]) == 0:
        assert time.monotonic() < deadline
        time.sleep(5)


def test_a_trader_comes_in_airs_is_tapped_and_holds_the_proof(
    siar: Siar, invited: str, open_page, shot, tmp_path, request
) -> None:
    trader = slow(open_page(invited))
    shot(trader, "03-undangan-dibuka")
    trader.get_by_label("Nama Anda").fill("Bu Sri (contoh)")
    for box in trader.locator("input[type=password]").all():
        box.fill(PIN)
    trader.get_by_role("button", name="Simpan PIN dan masuk").click()
    trader.wait_for_url("**/studio/")
    expect(trader.get_by_role("heading", level=1)).to_be_visible()
    make_product(trader, tmp_path, shot)
    key = make_spot(trader, shot)
    approve(slow(open_page(login="coordinator")), shot)

    viewer = open_page("/live/", size=PHONE)
    siar.python(BREAK.format(slug=siar.facts["channel"]))
    play(viewer)
    card = viewer.locator(".player .product")
    expect(card).to_contain_text(PRODUCT, timeout=180_000)
    shot(viewer, "09-tayang")
    said = parse_qs(urlsplit(tap(viewer)).query)["text"][0]
    assert PRODUCT in said
    assert "Rp27.500" in said

    aired(siar, key)
    hold_the_proof(trader, open_page, shot, ROOT / "var" / "shots" / request.node.name)


def hold_the_proof(trader: Page, open_page, shot, folder: Path) -> None:
    """Look at the airings, issue the proof, read its PDF, and compare it as anybody may."""
    trader.goto("/studio/tayangan/")
    expect(trader.get_by_text("Sudah tayang").first).to_be_visible()
    shot(trader, "10-tayangan")
    trader.goto("/studio/bukti/")
    shot(trader, "11-bukti")
    trader.get_by_role("button", name=re.compile("Buat bukti")).first.click()
    expect(trader.get_by_text(PRODUCT).first).to_be_visible()
    shot(trader, "12-bukti-tayang")
    assert narrow(trader)
    paper = trader.get_by_role("link", name="PDF").get_attribute("href")
    answer = trader.request.get(paper)
    document = pypdfium2.PdfDocument(answer.body())
    assert len(document) == 1
    text = document[0].get_textpage().get_text_bounded()
    assert PRODUCT in text
    document[0].render(scale=1.5).to_pil().save(folder / "13-pdf.png")

    anybody = open_page(paper.removesuffix("bukti.pdf"))
    expect(anybody.get_by_text(re.compile("Bukti ini asli"))).to_be_visible()
    shot(anybody, "14-periksa-bukti")
    assert narrow(anybody)
    anybody.goto("/b/BUKAN-BUKTI-1234/")
    shot(anybody, "15-bukan-bukti")
