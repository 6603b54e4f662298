"""An editor presses play before anything is encoded: it plays by itself once it is."""

import re

import pytest
from playwright.sync_api import expect

from tests.videos.films import make_film

pytestmark = pytest.mark.browser


def test_a_video_that_waits_for_its_turn_plays_by_itself_as_soon_as_it_is_begun(
    open_page, siar, tmp_path, shot
):
    film = make_film(tmp_path / "Sore di pasar.mp4", seconds=12, size="640x360")
    siar.kill_worker()
    try:
        page = open_page("/admin/video/add/", login="moderator")
        page.get_by_label("Pilih video").set_input_files(film)
        page.get_by_role("link", name="Lengkapi keterangan").click()
        page.wait_for_url(re.compile(r"/admin/video/edit/\d+/"))
        machine = page.locator(".siar-machine")
        expect(machine).to_contain_text("Giliran ke-1")
        machine.locator("[data-play]").click()
        expect(machine).to_contain_text("Bagian pertama sedang disiapkan")
        machine.get_by_role("button", name="Dahulukan").click()
        expect(machine).to_contain_text("Didahulukan")
        shot(page, "waiting")
    finally:
        siar.start_worker()
    player = machine.locator("video")
    expect(player).to_have_js_property("paused", value=False)
    for _ in range(200):
        if player.evaluate("player => player.currentTime > 0.2"):
            break
        page.wait_for_timeout(300)
    assert player.evaluate("player => player.currentTime > 0.2")
    expect(machine).not_to_contain_text("Bagian pertama sedang disiapkan")
    shot(page, "playing")
    expect(machine.locator(".siar-chip")).to_have_text(re.compile("Siap"), timeout=180_000)
