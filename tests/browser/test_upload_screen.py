"""The upload screen tells what became of a file: nothing is well before it was looked into."""

import re

import pytest
from playwright.sync_api import Route, expect

from tests.videos.films import make_film

pytestmark = pytest.mark.browser
DESK = {"width": 1280, "height": 800}
ENCODED = 120_000
"""Milliseconds in which a short film is encoded on a machine that does other things too."""


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
