"""A title that is still being made, for who watches it: more comes by itself, or a sentence."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.test_viewer_live import play, until
from tests.browser.test_viewer_native import SAFARI
from tests.browser.test_viewer_player import TIME, fetched, growing_title, play_instead

pytestmark = pytest.mark.browser
FIRST_CHUNK = "do(lambda task: task.rank == 0)"


def test_a_title_that_is_still_made_plays_says_so_and_moves_up_by_itself(
    open_page, siar, shot, complaints
):
    publication = f"{0xC0DE:032x}"
    code = growing_title(siar, publication)
    siar.python(code + FIRST_CHUNK)
    page = open_page("/", size=DESK)
    play_instead(page, siar, publication)
    page.goto(f"/video/{siar.facts['promo']}/")
    addresses = fetched(page)
    play(page)
    note = page.locator(".growing")
    expect(note).to_have_text(re.compile(r"Masih disiapkan: [34] detik siap\."))
    shot(page, "growing")
    assert page.evaluate("document.querySelector('video').duration") < 10
    names = {a.split("/")[-2] for a in addresses if a.endswith(".m4s")}
    assert "v480" not in names

    siar.python(code + "do(lambda task: task.rank > 0)")
    expect(note).to_have_count(0, timeout=30_000)
    until(page, "document.querySelector('video').duration > 17", seconds=30)
    until(page, f"{TIME} > 9", seconds=30)
    names = {a.split("/")[-2] for a in addresses if a.endswith(".m4s")}
    assert "v480" in names
    page.evaluate("document.querySelector('video').currentTime = 1")
    until(page, f"{TIME} > 1.5 && {TIME} < 9")
    expect(page.locator(".state")).to_have_count(0)


def test_what_is_not_ready_yet_is_not_waited_for_by_who_seeks(open_page, siar, complaints):
    publication = f"{0xBE6:032x}"
    siar.python(growing_title(siar, publication) + FIRST_CHUNK)
    page = open_page("/", size=PHONE)
    play_instead(page, siar, publication)
    page.goto(f"/video/{siar.facts['promo']}/#t=15")
    play(page)
    assert page.evaluate(TIME) < 5
    page.evaluate("document.querySelector('video').currentTime = 0.5")
    until(page, f"{TIME} > 0.6 && {TIME} < 3")
    expect(page.locator(".state")).to_have_count(0)


def test_a_title_that_is_given_up_while_somebody_watches_is_one_sentence(open_page, siar, shot):
    publication = f"{0xDEAD:032x}"
    siar.python(growing_title(siar, publication) + FIRST_CHUNK)
    page = open_page("/", size=PHONE)
    play_instead(page, siar, publication)
    page.goto(f"/video/{siar.facts['promo']}/")
    play(page)
    expect(page.locator(".growing")).to_be_visible()
    siar.python(f"from cms.videos import publications\npublications.remove_files({publication!r})")
    told = page.get_by_role("alert")
    expect(told).to_have_count(1, timeout=60_000)
    expect(told).to_contain_text("Video ini tidak jadi disiapkan")
    expect(page.locator(".growing")).to_have_count(0)
    shot(page, "stopped")


def test_a_browser_that_plays_by_itself_is_told_how_much_is_ready(open_page, siar):
    publication = f"{0x5AFA:032x}"
    siar.python(growing_title(siar, publication) + FIRST_CHUNK)
    page = open_page("/", size=PHONE)
    page.add_init_script(SAFARI)
    play_instead(page, siar, publication)
    page.goto(f"/video/{siar.facts['promo']}/")
    page.locator(".player .start").click()
    expect(page.locator(".growing")).to_have_text(re.compile(r"Masih disiapkan: [34] detik siap\."))
    siar.python(growing_title(siar, publication) + "do(lambda task: True)")
    expect(page.locator(".growing")).to_have_count(0, timeout=30_000)
