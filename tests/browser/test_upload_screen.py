"""The upload screen tells what became of a file: nothing is well before it was looked into."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.videos.films import make_film

pytestmark = pytest.mark.browser
DESK = {"width": 1280, "height": 800}
ENCODED = 120_000
"""Milliseconds in which a short film is encoded on a machine that does other things too."""


def half_sent(page: Page, films: list[Path]) -> None:
    """Choose `films` on a line that takes half of each, and leave the page."""
    sent: list[str] = []

    def cut(route: Route) -> None:
        request = route.request
        half = (request.post_data_buffer or b"")[:20_000]
        if request.url not in sent:
            sent.append(request.url)
            route.fetch(post_data=half)
        route.abort()

    page.route(
        re.compile(r"/uploads/\w{32}$"),
        lambda r: cut(r) if r.request.method == "PATCH" else r.continue_(),
    )
    for number, film in enumerate(films, 1):
        page.get_by_label("Pilih video").set_input_files(film)
        row = page.locator("[data-list] li", has_text=film.name)
        expect(row).to_contain_text(re.compile("terputus|menit|dihitung"))
        while len(sent) < number:
            page.wait_for_timeout(50)
        row.get_by_role("button", name="Jeda").click()
    page.unroute_all(behavior="wait")


def test_who_returns_goes_on_with_what_was_begun_or_discards_it(open_page, tmp_path, shot):
    film = make_film(tmp_path / "Panen cabai.mp4", seconds=2)
    other = tmp_path / "lain" / film.name
    other.parent.mkdir()
    other.write_bytes(bytes(film.stat().st_size))
    unwanted = tmp_path / "Tidak jadi.mp4"
    unwanted.write_bytes(b"x" * 60_000)
    page = open_page("/admin/video/add/", login="editor")
    half_sent(page, [film, unwanted])
    # Another device: it knows nothing of the upload by itself.
    page.evaluate("localStorage.clear()")
    page.reload()
    row = page.locator("[data-list] li", has_text=film.name)
    expect(row).to_contain_text("Pilih berkas yang sama untuk meneruskan")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    shot(page, "unfinished-360")
    page.set_viewport_size(DESK)
    shot(page, "unfinished-1280")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Buang: Tidak jadi.mp4").click()
    expect(page.locator("[data-list] li", has_text="Tidak jadi.mp4")).to_have_count(0)
    row.locator("input[type=file]").set_input_files(other)
    expect(row).to_contain_text("Berkas itu bukan yang sama")
    offsets: list[str] = []
    page.on(
        "request",
        lambda r: offsets.append(r.headers["upload-offset"]) if r.method == "PATCH" else None,
    )
    row.locator("input[type=file]").set_input_files(film)
    expect(row).to_contain_text("Terkirim")
    assert offsets == ["20000"]


def test_what_is_no_video_ends_red_and_a_film_green_on_the_same_screen(open_page, tmp_path, shot):
    (tmp_path / "Catatan.mp4").write_bytes(b"Catatan belanja\n" * 4000)
    make_film(tmp_path / "Sayur pagi.mp4", seconds=2)
    page = open_page("/", login="editor")
    scripts: list[Route] = []
    page.route(re.compile(r"/upload[.\w]*\.js"), lambda route: scripts.append(route))
    page.goto("/admin/video/add/", wait_until="commit")
    # A hasty editor: the files are chosen before the script has come.
    page.get_by_label("Pilih video").set_input_files(
        [tmp_path / "Catatan.mp4", tmp_path / "Sayur pagi.mp4"]
    )
    (script,) = scripts
    script.continue_()
    wrong = page.locator("[data-list] li", has_text="Catatan.mp4")
    right = page.locator("[data-list] li", has_text="Sayur pagi.mp4")
    expect(right).to_contain_text("Terkirim, sedang diperiksa.", timeout=20_000)
    assert "ok" not in {one.get_attribute("data-tone") for one in (wrong, right)}
    expect(wrong).to_contain_text("bukan video yang dapat dibaca", timeout=ENCODED)
    expect(wrong).to_contain_text("belum dapat dipakai")
    expect(wrong).to_have_attribute("data-tone", "bad")
    expect(right.get_by_role("link", name="Tonton")).to_be_visible(timeout=ENCODED)
    expect(right).to_contain_text("Siap", timeout=ENCODED)
    expect(right).to_have_attribute("data-tone", "ok", timeout=ENCODED)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    shot(page, "ended-360")
    page.set_viewport_size(DESK)
    shot(page, "ended-1280")
    right.get_by_role("link", name="Tonton").click()
    expect(page.locator("[data-siar-preview]")).to_be_in_viewport()
