"""A trader's photos: made small on the phone, sent while the form is written, kept when it errs."""

import re
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, Request, Route, expect

from tests.studio.pages import make_heic

pytestmark = pytest.mark.browser
MOST = 300_000
"""Bytes of a photo on the line."""
LINE = 400_000 / 8
"""Bytes a second of a phone at the edge of a market."""
KEPT = """
from PIL import Image
from cms.traders.models import Product
product = Product.objects.get(name="Kerupuk udang (contoh)")
picture = Image.open(product.image.file)
band, rest = (picture.getpixel((picture.width // 2, y)) for y in (20, picture.height - 20))
print(*picture.size, band[0] > 180 > band[2], rest[0] - rest[2] < 90, product.photos.count())
product.delete()
"""
"""Prints the size of the photo, and whether what was left in the file stands at the top."""


def photo() -> bytes:
    """A photo of 5 MB, lying as a phone that is held upright writes it: its top is at the left."""
    picture = Image.effect_noise((4000, 3000), 10).convert("RGB")
    picture.paste("#f5a000", (0, 0, 600, 3000))
    exif, data = Image.Exif(), BytesIO()
    exif[0x0112] = 6
    picture.save(data, "JPEG", quality=95, exif=exif)
    return data.getvalue()


def file(name: str, data: bytes, kind: str = "image/jpeg") -> dict[str, object]:
    return {"name": name, "mimeType": kind, "buffer": data}


def slow_down(page: Page, uplink: float) -> None:
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    limits = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": uplink}
    network.send("Network.emulateNetworkConditions", limits)


def test_photos_are_sent_small_while_the_form_is_written_and_stay_when_it_errs(
    open_page, siar, shot, complaints
):
    page = open_page("/studio/produk/tambah/", login="trader")
    begun: list[int] = []

    def note(request: Request) -> None:
        if request.method == "POST" and request.url.endswith("/uploads/"):
            begun.append(int(request.headers["upload-length"]))

    cut: list[str] = []

    def break_once(route: Route) -> None:
        if len(begun) == 2 and not cut and route.request.method == "PATCH":
            cut.append(route.request.url)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.on("request", note)
    # Before the photos: Chromium does not apply a route to a page on its way.
    page.route("**/uploads/*", break_once)
    large, heic = photo(), make_heic().read()
    assert len(large) > 5_000_000
    shot(page, "1-choose")
    page.get_by_text("Foto", exact=True).scroll_into_view_if_needed()
    slow_down(page, LINE)
    page.get_by_label("Foto dari galeri").set_input_files(file("IMG_1.jpg", large))
    first = page.locator("[data-photos=sent]")
    expect(first.get_by_role("button", name="Jeda")).to_be_visible()
    expect(first.get_by_text(re.compile(r"\d kB dari \d{3} kB"))).to_be_visible()
    first.get_by_role("button", name="Jeda").scroll_into_view_if_needed()
    shot(page, "2-sending")
    page.get_by_label("Nama produk").fill("Kerupuk udang (contoh)")
    page.get_by_label("Harga", exact=True).fill("0")
    # The form waits for the photo, and is saved by itself.
    page.get_by_role("button", name="Simpan produk").click()
    expect(page.get_by_text("Menunggu foto sampai.")).to_be_visible()
    slow_down(page, -1)
    expect(page.get_by_text("Harga belum benar.")).to_be_visible()
    assert len(begun) == 1
    assert begun[0] <= MOST < len(large) / 16
    expect(first.get_by_label("Pakai foto ini")).to_be_checked()
    first.scroll_into_view_if_needed()
    shot(page, "3-kept")

    # What this browser cannot read is sent as it is, also over a line that breaks.
    more = page.locator("[data-photos=more_sent]")
    page.get_by_label("Foto tambahan").set_input_files(
        [file("IMG_2.HEIC", heic, "image/heic"), file("harga.jpg", b"%PDF-1.7" * 99)]
    )
    expect(more.get_by_text("Foto sudah sampai.")).to_be_visible()
    assert (len(cut), begun[1]) == (1, len(heic))
    expect(more.get_by_text("Berkas ini bukan foto")).to_be_visible()
    more.scroll_into_view_if_needed()
    shot(page, "4-sent-and-refused")
    page.get_by_label("Harga", exact=True).fill("12000")
    page.get_by_role("button", name="Simpan produk").click()
    expect(page.get_by_text("Ada foto yang belum terkirim.")).to_be_visible()
    shot(page, "5-unsent")
    more.get_by_role("button", name="Batalkan: harga.jpg").click()
    page.get_by_role("button", name="Simpan produk").click()
    expect(page.get_by_text("Produk ditambahkan.")).to_be_visible()
    assert siar.python(KEPT) == "1200 1600 True True 1"
    assert bool(page.evaluate("document.documentElement.scrollWidth <= 360"))
    assert [said for said in complaints if "/uploads/" not in said] == []
