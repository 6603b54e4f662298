"""What the controls of a programme offer: chapters, captions, languages, pictures; by any means."""

import re
from itertools import combinations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import DESK, PHONE, Siar
from tests.browser.test_viewer_live import play, until
from tests.browser.test_viewer_player import TIME, fetched, two_sounds

pytestmark = pytest.mark.browser

TELL = """
from cms.videos import presentations
from cms.videos.models import Caption, Chapter, Video
video = Video.objects.get(slug={slug!r})
if not video.chapters.exists():
    Chapter.objects.create(video=video, start_ms=0, title="Bahan (contoh)")
    Chapter.objects.create(video=video, start_ms=5000, title="Menggoreng (contoh)")
    text = "WEBVTT\\n\\n00:00.000 --> 00:09.000\\nSelamat pagi (contoh)\\n"
    Caption.objects.create(video=video, language="id", text=text)
    assert presentations.write(video)
"""
SHOWN = "[...document.querySelector('video').textTracks].filter((t) => t.mode === 'showing')"


@pytest.fixture(scope="module")
def told(siar: Siar) -> str:
    """The path of a video of nine seconds with two chapters and captions."""
    siar.python(TELL.format(slug=siar.facts["video"]))
    return f"/video/{siar.facts['video']}/"


def paused(page: Page) -> None:
    """Play, then hold the picture, so that the controls stay."""
    play(page)
    page.evaluate("document.querySelector('video').pause()")


def test_captions_are_switched_on_by_keys_and_seen(open_page, told, shot, complaints):
    page = open_page(told, size=DESK)
    paused(page)
    button = page.get_by_role("button", name="teks")
    expect(button).to_be_visible()
    button.focus()
    page.keyboard.press("Enter")
    item = page.get_by_role("menuitemradio", name="Bahasa Indonesia")
    expect(item).to_be_visible()
    expect(page.get_by_role("menuitemradio", name="Mati")).to_be_focused()
    shot(page, "menu")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    until(page, f"{SHOWN}[0]?.activeCues?.[0]?.text === 'Selamat pagi (contoh)'")
    expect(button).to_be_focused()
    shot(page, "captions")
    assert complaints == []


def test_all_controls_have_room_on_a_small_phone(open_page, told, shot):
    page = open_page("/", size=PHONE)
    two_sounds(page)
    page.goto(told)
    paused(page)
    page.locator("video").hover()
    expect(page.get_by_role("button", name="teks")).to_be_visible()
    shot(page, "phone")
    parts = page.evaluate("""() => [...document.querySelectorAll("media-control-bar > *")]
        .map((part) => [part.localName, part.getBoundingClientRect()])
        .filter(([, box]) => box.width > 0)
        .map(([name, box]) => [name, box.left, box.right, box.top, box.bottom])""")
    assert {
        *("media-play-button", "media-time-range", "media-time-display"),
        *("media-captions-menu-button", "label", "media-fullscreen-button"),
    } == {name for name, *_ in parts}
    edge = page.locator(".player .screen").bounding_box()
    for name, left, right, top, bottom in parts:
        assert edge["x"] <= left < right <= edge["x"] + edge["width"] + 0.5, name
        assert edge["y"] <= top < bottom <= edge["y"] + edge["height"] + 0.5, name
        # The time is wide instead: a finger slides along it.
        assert bottom - top >= 43.5 or right - left > 300, name
    for (one, *a), (other, *b) in combinations(parts, 2):
        apart = a[1] <= b[0] + 0.5 or b[1] <= a[0] + 0.5 or a[3] <= b[2] + 0.5 or b[3] <= a[2] + 0.5
        assert apart, (one, other)


def test_a_chapter_is_named_to_who_points_at_it_and_marked_in_the_list(
    open_page, told, shot, complaints
):
    page = open_page(told, size=DESK)
    play(page)
    first, second = page.locator("[data-seek]").all()
    second.click()
    until(page, f"{TIME} >= 5")
    expect(page.locator(".player .screen")).to_be_in_viewport(ratio=1)
    expect(second).to_have_attribute("aria-current", "true")
    expect(first).not_to_have_attribute("aria-current", "true")
    page.evaluate("document.querySelector('video').pause()")
    box = page.locator("media-time-range").bounding_box()
    page.mouse.move(box["x"] + 2, box["y"] + box["height"] / 2)
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] / 2, steps=5)
    name = page.locator("media-time-range media-preview-chapter-display")
    expect(name).to_be_visible()
    expect(name).to_have_text("Bahan (contoh)")
    shot(page, "chapter")
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] / 2, steps=5)
    expect(name).to_have_text("Menggoreng (contoh)")
    assert complaints == []


def test_the_list_of_chapters_is_worked_by_keys_before_and_while_it_plays(open_page, told):
    page = open_page(told, size=DESK)
    page.get_by_role("link", name=re.compile("Menggoreng")).focus()
    page.keyboard.press("Enter")
    until(page, f"document.querySelector('video') && {TIME} >= 5")
    page.get_by_role("link", name=re.compile("Bahan")).focus()
    page.keyboard.press("Enter")
    until(page, f"{TIME} < 4")


def test_keys_that_move_the_time_show_the_picture_of_the_moment(open_page, told, shot, complaints):
    page = open_page(told, size=DESK)
    paused(page)
    addresses = fetched(page)
    slider = page.get_by_role("slider", name="geser waktu")
    slider.focus()
    assert not any("storyboard-" in address for address in addresses)
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    preview = page.locator("media-time-range media-preview-thumbnail")
    expect(preview).to_be_visible()
    page.wait_for_timeout(600)
    shot(page, "keys")
    assert any("storyboard-" in address for address in addresses)
    until(page, f"{TIME} > 1")
    expect(slider).to_have_attribute("aria-valuetext", re.compile(r"\d detik dari \d detik"))
    expect(preview).not_to_be_visible()
    assert complaints == []


def test_pictures_for_scrubbing_are_paid_for_once(open_page, told):
    """Another engine (sound alone and back) once counted them twice."""
    page = open_page("/", size=DESK)

    def heavier(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.body() + bytes(2_000_000))

    page.context.route("**/storyboard-*.jpg", heavier)
    page.goto(told)
    paused(page)
    page.locator(".choices label", has_text="Suara").click()
    until(page, f"{TIME} > 1")
    page.locator(".choices label", has_text="144p").click()
    page.wait_for_timeout(2000)
    page.evaluate("document.querySelector('video').pause()")
    before = megabytes(page)
    page.get_by_role("slider", name="geser waktu").focus()
    page.keyboard.press("ArrowRight")
    until(
        page, "performance.getEntriesByType('resource').some((e) => e.name.includes('storyboard-'))"
    )
    page.wait_for_timeout(500)
    assert 1.9 < megabytes(page) - before < 2.3


def megabytes(page: Page) -> float:
    """What the meter says that this visit has cost."""
    text = page.locator(".meter output").inner_text()
    number = float(text.split()[0].replace(",", "."))
    return number if "MB" in text else number / 1000
