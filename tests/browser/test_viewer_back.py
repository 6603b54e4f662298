"""Going back: the bar of four hours, days of the last week, the page for TV players."""

import json
import re
import time
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Siar
from tests.browser.test_viewer_live import overflows, play, until
from tests.browser.test_viewer_past import MOMENTS, asked_for, folders

pytestmark = pytest.mark.browser

SIZES = pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
BAR = ".player .past input"
THUMB = 16
"""Pixels of the browser's own."""


def past(siar: Siar) -> dict:
    return json.loads(siar.get("/live/nasional/past.json")[1])


def wait_until_over(siar: Siar, count: int = 1) -> list[dict]:
    """Wait until so many programmes are over; return them."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        now = datetime.now(UTC)
        over = [p for p in past(siar)["programmes"] if datetime.fromisoformat(p["end"]) < now]
        if len(over) >= count:
            return over
        time.sleep(1)
    raise AssertionError("nothing has aired")


def behind(page: Page) -> float:
    """How many seconds behind the clock the picture is."""
    return (page.evaluate("Date.now() - (window.moments.at(-1) ?? Date.now())")) / 1000


def plays_on(page: Page) -> None:
    """Wait until the picture has moved on by three seconds."""
    at = page.evaluate("window.moments.at(-1)")
    until(page, f"window.moments.at(-1) > {at} + 3000", seconds=30)


@SIZES
def test_a_viewer_pulls_back_and_returns(open_page, siar, shot, complaints, size):
    wait_until_over(siar, 2)
    page = open_page("/live/", size=size)
    asked = asked_for(page)
    play(page)
    bar = page.locator(BAR)
    expect(bar).to_have_attribute("aria-valuetext", "langsung")
    assert not [url for url in asked if "/dvr/" in url or "past.json" in url]
    page.evaluate(MOMENTS)
    box = bar.bounding_box()
    assert box["height"] >= 44
    # From the middle of the thumb to that of where it stands two or three minutes ago.
    middle, way = box["y"] + box["height"] / 2, box["width"] - THUMB
    page.mouse.move(box["x"] + THUMB / 2 + way, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + THUMB / 2 + way * 0.99, middle, steps=3)
    expect(page.locator(".player .past .at")).to_have_text(re.compile(r"^\d\d\.\d\d WIB"))
    shot(page, "pulled")
    page.mouse.up()
    back = page.get_by_role("button", name="Kembali ke siaran langsung")
    expect(back).to_be_visible()
    until(page, "Date.now() - window.moments.at(-1) > 60_000", seconds=40)
    # Whole five minutes are shared by many; a channel that is younger begins with itself.
    since = int(datetime.fromisoformat(past(siar)["since"]).timestamp())
    shared = max(since, round((time.time() - behind(page)) // 300 * 300))
    assert folders(asked)[-1] in (shared, max(since, shared - 300))
    shot(page, "behind")
    assert not overflows(page)
    if size is DESK:
        page.locator("media-live-button").click()
    else:
        bar.focus()
        page.keyboard.press("End")
    expect(back).to_be_hidden(timeout=10_000)
    until(page, "Date.now() - window.moments.at(-1) < 40_000", seconds=40)
    expect(bar).to_have_attribute("aria-valuetext", "langsung")
    assert complaints == []


def test_arrows_lead_back_step_by_step_and_say_what_was_on(open_page, siar, complaints):
    wait_until_over(siar, 3)
    page = open_page("/live/", size=DESK)
    play(page)
    page.evaluate(MOMENTS)
    asked = asked_for(page)
    page.get_by_role("button", name="jeda").focus()
    for _ in range(8):
        page.keyboard.press("ArrowLeft")
    bar = page.locator(BAR)
    expect(bar).to_have_attribute("aria-valuetext", re.compile(r"\d\d\.\d\d WIB"))
    until(page, "Date.now() - window.moments.at(-1) > 75_000", seconds=40)
    # Between two programmes is a filler, which has no name: at most a step or two further.
    named = re.compile(r"\d\d\.\d\d WIB · .+\(contoh\)")
    for _ in range(6):
        if named.search(bar.get_attribute("aria-valuetext") or ""):
            break
        page.keyboard.press("ArrowLeft")
        page.wait_for_timeout(2500)
    expect(bar).to_have_attribute("aria-valuetext", named)
    expect(page.locator("[data-title]")).to_have_text(re.compile(r".+\(contoh\)"))
    # Its first moments come before it plays: a busy machine falls seconds behind them.
    plays_on(page)
    windows = set(folders(asked))
    before = behind(page)
    # A step that the window reaches asks for no other one.
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    until(page, f"Date.now() - window.moments.at(-1) < {before * 1000 - 12_000}", seconds=20)
    assert set(folders(asked)) == windows
    assert complaints == []


def test_programmes_are_marked_and_page_keys_go_from_one_to_the_next(open_page, complaints):
    page = open_page("/", size=PHONE)
    now = datetime.now(UTC)
    begins = [now - timedelta(minutes=minutes) for minutes in (250, 180, 120, 118, 50)]
    ends = [*begins[1:], now + timedelta(minutes=10)]
    programmes = [
        {"title": f"Acara {n} (contoh)", "start": start.isoformat(), "end": end.isoformat()}
        for n, (start, end) in enumerate(zip(begins, ends, strict=True))
    ]
    since = (now - timedelta(days=1)).isoformat()
    answer = {"since": since, "programmes": programmes, "breaks": []}
    page.context.route("**/past.json", lambda route: route.fulfill(json=answer))
    page.goto("/live/")
    play(page)
    bar = page.locator(BAR)
    bar.focus()
    # What is too short to be seen has none.
    expect(page.locator(".player .past i")).to_have_count(4)
    for title in ("Acara 4 (contoh)", "Acara 3 (contoh)", "Acara 2 (contoh)"):
        page.keyboard.press("PageDown")
        expect(bar).to_have_attribute("aria-valuetext", re.compile(re.escape(title)))
    page.keyboard.press("PageUp")
    expect(bar).to_have_attribute("aria-valuetext", re.compile(r"Acara 3 \(contoh\)"))
    assert complaints == []


def test_what_was_on_while_nobody_looked_is_known_again_with_the_past(open_page, complaints):
    page = open_page("/", size=PHONE)
    now = datetime.now(UTC)

    def programme(title: str, start: int, end: int) -> dict:
        begins, ends = (now + timedelta(minutes=minutes) for minutes in (start, end))
        hours = f"{begins:%H.%M}–{ends:%H.%M}"
        shown = {"title": title, "hours": hours, "rating": "SU", "ratingWords": ""}
        return {**shown, "start": begins.isoformat(), "end": ends.isoformat()}

    first = programme("Acara pagi (contoh)", -200, -120)
    missed = programme("Acara siang (contoh)", -120, 60)
    later = programme("Acara malam (contoh)", 60, 120)
    answers = iter([[first]])
    page.context.route(
        "**/now.json",
        lambda route: route.fulfill(
            json={"programmes": next(answers, [later]), "breaks": [], "next": ""}
        ),
    )
    since = (now - timedelta(days=1)).isoformat()
    told = {"since": since, "programmes": [first, missed], "breaks": []}
    page.context.route("**/past.json", lambda route: route.fulfill(json=told))
    page.goto("/live/")
    play(page)
    page.locator(BAR).focus()
    expect(page.locator("[data-title]")).to_have_text("Acara siang (contoh)")
    assert complaints == []


@SIZES
def test_a_day_is_chosen_and_a_programme_is_watched_again(open_page, siar, shot, complaints, size):
    film = wait_until_over(siar, 1)[0]
    page = open_page("/live/", size=size)
    section = page.get_by_role("region", name="Siaran ulang")
    section.scroll_into_view_if_needed()
    shot(page, "live")
    assert not overflows(page)
    section.get_by_role("link", name="Hari ini").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Siaran ulang Siar"))
    rows = page.locator("main a.programme")
    expect(rows.filter(has_text=re.compile("Tonton|Lihat")).first).to_be_visible()
    shot(page, "days")
    assert not overflows(page)
    if rows.filter(has_text="Tonton").count() == 0:
        # A channel that has shown more than a page has room for folds them: "Lihat 24 acara".
        rows.filter(has_text="Lihat").first.click()
    first = rows.filter(has_text="Tonton").first
    expect(first).to_be_visible()
    slug = first.get_attribute("href")
    listed = siar.python(
        "from cms.videos.models import Video\n"
        f"print(Video.objects.filter(title={film['title']!r}).update(live=False))"
    )
    try:
        second = int(datetime.fromisoformat(film["start"]).timestamp())
        page.goto(f"/live/nasional/ulang/{second}/")
        assert listed == "1"
        assert slug
        expect(page.get_by_role("heading", level=1)).to_have_text(film["title"])
        play(page)
        shot(page, "again")
        assert not overflows(page)
    finally:
        siar.python(
            "from cms.videos.models import Video\n"
            f"Video.objects.filter(title={film['title']!r}).update(live=True)"
        )
    assert complaints == []


@SIZES
def test_the_guide_reminds_and_the_page_for_tv_copies_an_address(
    open_page, siar, shot, complaints, size
):
    page = open_page("/guide/nasional/", size=size)
    shot(page, "guide")
    assert not overflows(page)
    page.get_by_role("link", name="Tonton di TV, kalender").click()
    shot(page, "tv")
    assert not overflows(page)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Salin alamat").first.click()
    expect(page.get_by_role("status")).to_have_text(f"Tersalin: {siar.base}/tv.m3u")
    assert page.evaluate("navigator.clipboard.readText()") == f"{siar.base}/tv.m3u"
    assert complaints == []
