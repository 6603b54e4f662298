"""A trader's spots from the phone: asked for of photos, and sent as a film over a bad line."""

import time
from itertools import pairwise

import pytest
from playwright.sync_api import Page, Route, expect

from tests.videos.films import make_film

pytestmark = pytest.mark.browser
SENT = 60_000
"""Milliseconds in which a small film is sent on a machine that does other things too."""

PHOTO = """
from io import BytesIO
from django.core.files.images import ImageFile
from PIL import Image
from wagtail.images import get_image_model
from cms.traders.models import Product
data = BytesIO()
Image.effect_mandelbrot((1200, 900), (-2, -1.2, 1, 1.2), 60).convert("RGB").save(data, "JPEG")
photo = get_image_model()(title="Foto (contoh)", width=1200, height=900)
photo.file.save("foto.jpg", ImageFile(data, name="foto.jpg"), save=False)
photo.save()
Product.objects.filter(name__startswith="Sambal bawang").update(image=photo)
"""


def begin(page: Page, way: str, go_on: str) -> None:
    page.goto("/studio/")
    page.get_by_role("link", name="Buat segmen").click()
    page.get_by_role("link", name=way).click()
    page.get_by_label("Produk").select_option(label="Sambal bawang 150 g (contoh)")
    page.get_by_role("button", name=go_on).click()


def narrow(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= 360"))


def test_a_clip_from_photos_is_asked_for_on_the_phone(open_page, siar, shot, complaints):
    siar.python(PHOTO)
    page = open_page("/studio/", login="trader")
    begin(page, "Dari foto produk", "Buat klip")
    expect(page.locator("[data-told]")).to_be_visible()
    assert narrow(page)
    shot(page, "made")
    assert complaints == []


def test_a_film_goes_on_where_the_line_broke_while_its_part_is_marked(
    open_page, tmp_path, shot, complaints
):
    film = make_film(tmp_path / "VID_0001.mp4", seconds=20, size="640x360")
    page = open_page("/studio/", login="trader")
    tries: list[float] = []

    def break_five_times(route: Route) -> None:
        if route.request.method == "PATCH" and len(tries) < 6:
            tries.append(time.monotonic())
        if route.request.method == "PATCH" and len(tries) < 6:
            route.abort("connectionreset")
        else:
            route.continue_()

    # Before the page of the clip is opened: Chromium does not apply a route to a page on its way.
    page.route("**/uploads/**", break_five_times)
    begin(page, "Klip dari ponsel", "Lanjut")
    page.get_by_label("Pilih klip").set_input_files(film)
    expect(page.locator("video.marking")).to_be_visible()
    page.locator("video.marking").evaluate("video => { video.currentTime = 2.5; }")
    page.get_by_role("button", name="Mulai di sini").click()
    expect(page.get_by_label("Mulai pada detik")).to_have_value("2.5")
    assert narrow(page)
    shot(page, "marking")
    page.get_by_role("button", name="Pakai bagian ini").click()
    # The page is another one once film and part are there.
    expect(page.get_by_label("Pilih klip")).to_have_count(0, timeout=SENT)
    expect(page.locator("[data-told]")).to_be_visible()
    pauses = [after - before for before, after in pairwise(tries)]
    assert len(pauses) == 5
    assert max(pauses) < 8, "5 s, and what a busy machine adds"
    assert [said for said in complaints if "ERR_CONNECTION_RESET" not in said] == []


def test_a_film_that_was_begun_says_what_is_already_there(open_page, tmp_path, shot):
    film = make_film(tmp_path / "VID_0003.mp4", seconds=2, size="128x96")
    page = open_page("/studio/", login="trader")

    def break_line(route: Route) -> None:
        if route.request.method == "PATCH":
            route.abort("connectionreset")
        elif route.request.method == "HEAD":
            headers = {"Upload-Offset": "1500000", "Tus-Resumable": "1.0.0"}
            route.fulfill(status=200, headers=headers)
        else:
            route.continue_()

    page.route("**/uploads/**", break_line)
    begin(page, "Klip dari ponsel", "Lanjut")
    page.get_by_label("Pilih klip").set_input_files(film)
    expect(page.get_by_text("Sambungan terputus").first).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(
        page.get_by_role("listitem").filter(has_text="VID_0003.mp4: 1,5 MB dari")
    ).to_be_visible()
    assert narrow(page)
    shot(page, "there-already")


def test_a_film_that_is_chosen_before_the_script_has_come_is_taken(open_page, tmp_path):
    film = make_film(tmp_path / "VID_0002.mp4", seconds=2, size="128x96")
    page = open_page("/studio/", login="trader")
    held: list[Route] = []

    def hold(route: Route) -> None:
        if "/studio/klip/" in route.request.frame.url:
            held.append(route)
        else:
            route.continue_()

    page.route("**/*.js", hold)
    begin(page, "Klip dari ponsel", "Lanjut")
    page.get_by_label("Pilih klip").set_input_files(film)
    expect(page.locator("video.marking")).to_be_hidden()
    assert held
    for route in held:
        route.continue_()
    expect(page.locator("video.marking")).to_be_visible()
    expect(page.get_by_text("VID_0002.mp4", exact=True)).to_be_visible()
