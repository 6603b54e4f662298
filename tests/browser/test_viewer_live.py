"""Story 2: the home page tells what is on; live plays on across programmes."""

import random
import re
import time
from datetime import UTC, datetime, timedelta
from itertools import groupby

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import DESK, PHONE, Siar

pytestmark = pytest.mark.browser

WATCH = """() => {
  const video = document.querySelector("video");
  window.seen = { waits: [], errors: 0, moments: [] };
  video.addEventListener("waiting", () => {
    const { currentTime: at, buffered } = video;
    const ends = Array.from({ length: buffered.length }, (_, n) => n)
      .filter((n) => buffered.start(n) <= at && at < buffered.end(n))
      .map((n) => buffered.end(n));
    window.seen.waits.push({ at, ahead: ends.length ? ends[0] - at : 0 });
  });
  video.addEventListener("error", () => { window.seen.errors += 1; });
  document.addEventListener("siar:moment", (event) => {
    window.seen.moments.push(event.detail.getTime());
  });
}"""
"""Counts what a viewer would notice. Started once it plays: the first buffering is no stall."""

PLAYED = """(ranges) => Array.from({ length: ranges.length }, (_, n) => n)
  .reduce((sum, n) => sum + ranges.end(n) - ranges.start(n), 0)"""
"""Seconds that were played of the source that the element has."""

JOINS = 5
STAMP = re.compile(r"#EXT-X-PROGRAM-DATE-TIME:(\S+)")


def play(page: Page) -> None:
    """Tap play and wait until the picture moves."""
    page.locator(".player .start").click()
    expect(page.locator("media-controller[mediahasplayed]")).to_be_visible()
    until(page, "document.querySelector('video').currentTime > 0.5")


VIDEO = """(() => {
    const video = document.querySelector('video');
    if (!video) return null;
    const { currentTime, paused, readyState, error, buffered, textTracks } = video;
    const ranges = Array.from({ length: buffered.length }, (_, at) => [buffered.start(at), buffered.end(at)]);
    const texts = Array.from(textTracks, (t) => [t.language, t.mode, t.cues?.length]);
    return { currentTime, paused, readyState, error: error?.message, ranges, texts };
})()"""
"""What a test that waits in vain tells of the player."""


def until(page: Page, condition: str, *, seconds: int = 20) -> None:
    """Wait until `condition` holds: `seconds`, or three times as long on a machine under load.

    Playwright's own `wait_for_function` dies under the policy.
    """
    for _ in range(seconds * 5 * 3):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(200)
    raise AssertionError(f"never: {condition}; the video: {page.evaluate(VIDEO)}")


def test_home_at_phone_size_shows_what_is_on_and_next(open_page, programmes, shot, complaints):
    page = open_page("/", size=PHONE)
    expect(page.locator(".now h1")).to_be_visible()
    expect(page.get_by_role("heading", name="Berikutnya")).to_be_visible()
    expect(page.locator(".programme").first).to_be_visible()
    shot(page, "phone")
    assert not overflows(page)
    page.set_viewport_size(DESK)
    shot(page, "desk")
    assert complaints == []


def test_live_plays_across_five_joins_without_a_stall(open_page, siar, shot, complaints):
    page = open_page("/live/", size=PHONE)
    play(page)
    page.evaluate(WATCH)
    starts = joins_of(siar, page)
    deadline = time.monotonic() + 150
    while passed(page, starts) < JOINS and time.monotonic() < deadline:
        page.wait_for_timeout(3000)
        starts |= joins_of(siar, page)
    shot(page, "phone")
    assert passed(page, starts) >= JOINS
    seen = page.evaluate("window.seen")
    assert (stalls(seen), seen["errors"]) == ([], 0)
    expect(page.locator(".state")).to_have_count(0)
    assert complaints == []


def stalls(seen: dict) -> list[dict]:
    """Return the waits that a stream can cause.

    A player with more than a second in its buffer waits for the decoder of a busy machine.
    """
    return [wait for wait in seen["waits"] if wait["ahead"] <= 1]


def joins_of(siar: Siar, page: Page) -> set[float]:
    """The moments (milliseconds) at which entries begin that the playlist shows now."""
    status, text = siar.get("/live/nasional/v144.m3u8")
    assert status == 200
    stamps = STAMP.findall(text)
    return set(page.evaluate("stamps => stamps.map(Date.parse)", stamps))


def passed(page: Page, starts: set[float]) -> int:
    """How many of `starts` the picture went across."""
    moments = page.evaluate("window.seen.moments")
    if not moments:
        return 0
    return sum(1 for start in starts if moments[0] < start <= moments[-1])


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_product_card_comes_with_the_programme(open_page, siar, shot, complaints, size):
    page = open_page(f"/video/{siar.facts['promo']}/", size=size)
    play(page)
    card = page.locator(".player .product")
    expect(card).to_be_visible()
    expect(card.get_by_text("Promosi")).to_be_visible()
    expect(card.get_by_text("18.500")).to_be_visible()
    link = card.get_by_role("link", name="Chat WhatsApp")
    assert "/chat/" in (link.get_attribute("href") or "")
    shot(page, "card")
    picture, product = page.locator("video").bounding_box(), card.bounding_box()
    assert picture
    assert product
    below = product["y"] >= picture["y"] + picture["height"] - 1
    assert below == (size is PHONE)
    # Its trader takes it down while it shows.
    page.context.route("**/tampil.json*", lambda route: route.fulfill(json={"shows": False}))
    expect(card).to_have_count(0, timeout=5000)
    assert not page.evaluate("document.querySelector('video').ended")
    assert complaints == []


def test_the_quality_that_was_chosen_is_fetched_and_remembered(open_page, complaints):
    page = open_page("/live/", size=PHONE)
    page.locator(".choices label", has_text="144p").click()
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    play(page)
    page.wait_for_timeout(4000)
    names = {url.split("/")[-2] for url in fetched if url.endswith(".m4s")}
    assert names == {"v144", "a48"}
    expect(page.locator(".meter output")).not_to_have_text("0 kB")
    page.reload()
    expect(page.locator(".choices input:checked")).to_have_value("144p")
    expect(page.locator("[data-quota]")).to_contain_text("144p")
    assert complaints == []


def test_listening_fetches_no_pictures(open_page, shot, complaints):
    page = open_page("/live/", size=PHONE)
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.get_by_role("link", name="Dengar saja").click()
    until(page, "document.querySelector('video')?.currentTime > 0.5")
    page.wait_for_timeout(3000)
    shot(page, "listening")
    names = {url.split("/")[-2] for url in fetched if url.endswith(".m4s")}
    assert names == {"a48"}
    expect(page.get_by_text("Suara saja", exact=True)).to_be_visible()
    assert complaints == []


def test_a_lost_connection_is_said_and_playback_goes_on_by_itself(open_page, shot):
    page = open_page("/live/", size=PHONE)
    play(page)
    page.context.set_offline(True)
    notice = page.get_by_text("Tayangan berlanjut sendiri saat sinyal kembali.")
    expect(notice).to_be_visible()
    shot(page, "offline")
    page.context.set_offline(False)
    expect(notice).to_have_count(0)
    until(page, "!document.querySelector('video').paused")


def test_what_was_on_its_way_does_not_take_back_that_the_connection_is_lost(open_page):
    page = open_page("/live/", size=PHONE)
    play(page)
    held: list[Route] = []
    page.route("**/*.m4s", lambda route: held.append(route))
    waits_for(page, held)
    page.evaluate("dispatchEvent(new Event('offline'))")
    notice = page.get_by_text("Tayangan berlanjut sendiri saat sinyal kembali.")
    expect(notice).to_be_visible()
    late = len(held)
    for route in held[:late]:
        route.continue_()
    waits_for(page, held, more_than=late)
    expect(notice).to_be_visible()
    page.route("**/*.m4s", lambda route: route.continue_())
    for route in held[late:]:
        route.continue_()
    expect(notice).to_have_count(0, timeout=20_000)


def waits_for(page: Page, held: list[Route], *, more_than: int = 0) -> None:
    """Wait until the player has asked for another segment, which is held."""
    for _ in range(100):
        if len(held) > more_than:
            return
        page.wait_for_timeout(200)
    raise AssertionError(f"{len(held)} segments were asked for")


def test_live_plays_on_after_a_segment_that_cannot_be_decoded(open_page):
    page = open_page("/live/", size=PHONE)
    play(page)
    page.evaluate(
        """() => document.querySelector("video").addEventListener("emptied", () => {
          window.emptied = true;
        })"""
    )
    page.route(re.compile(r"/v\w+/\d+\.m4s"), spoil, times=1)
    until(page, "window.emptied", seconds=40)
    # What was played since the source is another: a seek alone moves the time as well.
    until(page, f"({PLAYED})(document.querySelector('video').played) > 8", seconds=40)
    expect(page.locator(".player .state")).to_have_count(0)


def spoil(route: Route) -> None:
    """Answer with the segment that is asked for, its coded pictures replaced by noise."""
    answer = route.fetch()
    body = answer.body()
    data = body.index(b"mdat") + 4
    noise = random.Random(1).randbytes(len(body) - data)
    route.fulfill(response=answer, body=body[:data] + noise)


def test_home_prices_a_minute_as_the_meter_of_the_live_page_does(open_page):
    page = open_page("/", size=PHONE)
    expect(page.locator("[data-prices]")).to_contain_text("240p: ")
    told = re.compile(r"240p: ([\d,]+)\sMB")
    page.wait_for_load_state("networkidle")
    (home,) = told.findall(page.locator("[data-prices]").inner_text())
    page.goto("/live/")
    label = page.locator(".choices label", has_text="240p")
    expect(label).to_contain_text(f"{home} MB")


def test_the_price_of_a_minute_stands_at_the_button_and_follows_the_choice(open_page, shot):
    page = open_page("/live/", size=PHONE)
    label = page.locator(".choices label", has_text="144p")
    cost = page.locator(".screen .cost")
    expect(cost).to_have_text(re.compile(r"240p · [\d,]+.MB/menit, sekitar Rp\d+"))
    shot(page, "phone")
    label.click()
    expect(cost).to_have_text(re.compile(r"144p · "))
    button, price = page.locator(".start").bounding_box(), cost.bounding_box()
    assert price["y"] >= button["y"] + button["height"]
    assert price["y"] + price["height"] <= page.locator("div.screen").bounding_box()["height"] + 80
    expect(page.locator(".meter .sum")).to_contain_text("0 detik")


def test_between_programmes_the_page_names_what_plays_and_when_it_goes_on(open_page, siar, shot):
    now = datetime.now(UTC)
    programmes = [
        {
            "title": title,
            "start": (now + timedelta(minutes=begin)).isoformat(),
            "end": (now + timedelta(minutes=begin + 10)).isoformat(),
            "hours": f"{hour}.00–{hour}.10\u00a0WIB",
            "rating": "D",
            "ratingWords": "Dewasa",
            "url": "",
        }
        for title, begin, hour in (("Sudah (contoh)", -11, "08"), ("Nanti (contoh)", 4, "09"))
    ]
    ends = {"start": programmes[0]["end"], "end": programmes[1]["start"]}
    answer = {"programmes": programmes, "breaks": [{"title": "Musik (contoh)", **ends}], "next": ""}
    page = open_page("/", size=PHONE)
    page.context.route("**/now.json", lambda route: route.fulfill(json=answer))
    page.goto("/live/")
    expect(page.locator("[data-title]")).to_have_text("Musik (contoh)")
    expect(page.locator("[data-hours]")).to_have_text("jeda sampai 09.00")
    expect(page.locator(".player .rating")).to_be_hidden()
    shot(page, "break")


def test_a_page_that_does_not_play_shows_a_short_cut_in(open_page, siar, shot):
    start = datetime.now(UTC).replace(microsecond=0)

    def programme(name: str, begin: float, end: float) -> dict[str, str]:
        span = ((start + timedelta(seconds=each)).isoformat() for each in (begin, end))
        told = {"hours": "08.00–09.00\u00a0WIB", "rating": "SU", "ratingWords": "", "url": ""}
        return {"id": name, "title": name, **dict(zip(("start", "end"), span, strict=True)), **told}

    plan = [programme("Film (contoh)", -600, 600)]
    # As now.json tells it 4 s before.
    cut = [
        programme("Film (contoh)", -600, 30),
        programme("Darurat (contoh)", 30, 45),
        programme("Film (contoh)", 45, 600),
    ]
    at, asked = 0, []

    def answer(route: Route) -> None:
        asked.append(at)
        route.fulfill(json={"programmes": cut if at >= 26 else plan, "breaks": [], "next": ""})

    page = open_page("/", size=PHONE)
    page.context.route("**/now.json", answer)
    page.clock.install(time=start)
    page.goto("/live/")
    page.clock.pause_at(start + timedelta(minutes=1))
    title, seen = page.locator("[data-title]"), []
    page.clock.set_system_time(start)
    for at in range(0, 80, 2):
        page.clock.run_for(2000)
        page.wait_for_timeout(30)
        seen.append(title.inner_text())
        if seen[-1] != seen[max(len(seen) - 2, 0)]:
            shot(page, f"{at}")
    titles = [each for each, _ in groupby(seen)]
    assert titles[-3:] == ["Film (contoh)", "Darurat (contoh)", "Film (contoh)"]
    # Each 10 s, and at once where the clock was put.
    assert len(asked) <= 10


@pytest.mark.parametrize("part", ["hls", "controls"])
def test_a_part_of_the_player_that_did_not_come_is_fetched_again(open_page, siar, shot, part):
    page = open_page(f"/video/{siar.facts['promo']}/", size=PHONE)
    page.evaluate("addEventListener('unhandledrejection', () => (window.unhandled = true))")
    page.context.route(f"**/{part}*.js", lambda route: route.abort(), times=1)
    page.locator(".player .start").click()
    notice = page.get_by_text("Tayangan berlanjut sendiri saat sinyal kembali.")
    expect(notice).to_be_visible()
    shot(page, part)
    until(page, "document.querySelector('video').currentTime > 0.5")
    expect(notice).to_have_count(0)
    assert not page.evaluate("window.unhandled")


def test_the_clock_of_an_english_page_is_english(open_page, siar):
    page = open_page("/live/", size=PHONE)
    page.evaluate("document.documentElement.lang = 'en'")
    play(page)
    expect(page.locator(".clock")).to_have_text(re.compile(r"\d\d:\d\d WIB"))


def test_a_viewer_abroad_reads_the_channels_own_clock(browser: Browser, siar: Siar):
    context = browser.new_context(
        base_url=siar.base, viewport=PHONE, locale="en-US", timezone_id="America/New_York"
    )
    page = context.new_page()
    page.goto("/live/")
    play(page)
    expect(page.locator(".clock")).to_have_text(re.compile(r"\d\d\.\d\d WIB"))
    shown = page.locator(".clock").inner_text().split()[0]
    wib = datetime.now(UTC) + timedelta(hours=7)
    assert shown in {f"{wib - timedelta(minutes=n):%H.%M}" for n in range(3)}
    context.close()


def opened_with(browser: Browser, siar: Siar, script: str) -> Page:
    """The live page in a browser that `script` has taken something from."""
    context = browser.new_context(base_url=siar.base, viewport=PHONE)
    context.add_init_script(script)
    page = context.new_page()
    page.goto("/live/")
    page.locator(".player .start").click()
    return page


def test_where_the_picture_cannot_be_decoded_sound_is_offered_and_plays(browser, siar, shot):
    page = opened_with(
        browser,
        siar,
        "const can = MediaSource.isTypeSupported.bind(MediaSource);"
        "MediaSource.isTypeSupported = (type) => !type.includes('avc1') && can(type);",
    )
    expect(page.get_by_role("alert")).to_contain_text("tidak dapat diputar di peramban ini")
    shot(page, "undecodable")
    page.get_by_role("button", name="Dengar saja").click()
    until(page, "document.querySelector('video')?.currentTime > 0.5")
    expect(page.get_by_role("alert")).to_have_count(0)
    page.context.close()


def test_a_browser_without_any_player_is_led_to_another(browser, siar, shot):
    page = opened_with(
        browser,
        siar,
        "delete window.MediaSource; delete window.ManagedMediaSource;"
        "HTMLMediaElement.prototype.canPlayType = () => '';",
    )
    expect(page.get_by_role("alert")).to_contain_text("buka tayangan ini di aplikasi pemutar")
    expect(page.get_by_role("button", name="Buka di pemutar")).to_be_visible()
    shot(page, "unsupported")
    page.context.close()


def test_without_script_the_page_reads_and_leads_to_the_playlist(browser: Browser, siar, shot):
    context = browser.new_context(base_url=siar.base, viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto("/live/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("noscript a")).to_have_attribute("href", "/live/nasional/master.m3u8")
    assert not page.locator("[data-meter]").is_visible()
    shot(page, "no-script")
    context.close()


def test_the_player_is_worked_from_the_keyboard(open_page, siar, complaints):
    page = open_page(f"/video/{siar.facts['promo']}/", size=DESK)
    page.locator(".player .start").focus()
    page.keyboard.press("Enter")
    until(page, "document.querySelector('video')?.currentTime > 0.5")
    page.get_by_role("button", name="jeda").focus()
    page.keyboard.press("Space")
    until(page, "document.querySelector('video').paused")
    unnamed = page.evaluate(
        "[...document.querySelectorAll('media-control-bar > [role=button]')]"
        ".filter((button) => !button.ariaLabel).length"
    )
    assert unnamed == 0
    assert complaints == []


def overflows(page: Page) -> bool:
    """Whether the page is wider than its screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def test_a_channel_goes_on_after_what_was_taken_down(open_page, siar):
    page = open_page("/live/", size=PHONE)
    play(page)
    held = siar.publication_of(siar.facts["promo"])
    page.context.route(f"**/publications/{held}/**", lambda route: route.fulfill(status=410))
    refused = wait_for_refusal(page, held)
    until(page, f"document.querySelector('video').currentTime > {refused} + 25", seconds=90)
    expect(page.locator(".player .state")).to_have_count(0)


def wait_for_refusal(page: Page, publication: str) -> float:
    """Wait until the player was refused a segment of `publication`; return where it plays."""
    with page.expect_response(
        lambda answer: publication in answer.url and answer.status == 410, timeout=90_000
    ):
        pass
    return page.evaluate("document.querySelector('video').currentTime")
