"""The player beyond play: spoken languages, scrubbing, titles that are still made, podcasts."""

import re
import subprocess

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from media_pipeline.tools.binaries import ffmpeg
from tests.browser.conftest import PHONE, Siar
from tests.browser.test_viewer_live import play, until

pytestmark = pytest.mark.browser
TIME = "document.querySelector('video').currentTime"


def fetched(page: Page) -> list[str]:
    """The addresses that the page asks for from now on."""
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    return addresses


def two_sounds(page: Page) -> None:
    """Let every programme on demand have a second sound, Javanese, with the bytes of the first."""

    def master(route: Route) -> None:
        answer = route.fetch()
        lines = []
        for line in answer.text().split("\n"):
            lines.append(line)
            if line.startswith("#EXT-X-MEDIA:TYPE=AUDIO"):
                named = re.sub(r'NAME="[^"]*"', 'NAME="Jawa",LANGUAGE="jv"', line)
                named = named.replace("DEFAULT=YES", "DEFAULT=NO")
                lines.append(re.sub(r'URI="([^"]*)"', r'URI="jawa-\1"', named))
        route.fulfill(response=answer, body="\n".join(lines))

    def sound(route: Route) -> None:
        url = route.request.url.replace("jawa-", "")
        route.fulfill(response=route.fetch(url=url))

    page.context.route("**/vod/*/master.m3u8", master)
    page.context.route("**/vod/*/jawa-*.m3u8", sound)


def test_a_spoken_language_is_chosen_and_remembered(open_page, siar, shot, complaints):
    page = open_page("/", size=PHONE)
    two_sounds(page)
    page.goto(f"/video/{siar.facts['promo']}/")
    addresses = fetched(page)
    play(page)
    menu = page.get_by_label("Bahasa suara")
    page.locator("video").hover()
    shot(page, "menu")
    box = page.locator(".sounds").bounding_box()
    assert min(box["width"], box["height"]) >= 44
    assert not any("jawa" in address for address in addresses)
    menu.select_option("Jawa")
    page.wait_for_timeout(1500)
    assert any("jawa-o28.m3u8" in address for address in addresses)
    page.reload()
    play(page)
    expect(menu).to_have_value("Jawa")
    assert complaints == []


def test_listening_keeps_to_the_language_that_was_chosen(open_page, siar):
    page = open_page("/", size=PHONE)
    two_sounds(page)
    page.goto(f"/video/{siar.facts['promo']}/")
    page.evaluate("localStorage.setItem('siar.suara', 'Jawa')")
    page.reload()
    addresses = fetched(page)
    page.get_by_role("link", name="Dengar saja").click()
    until(page, f"document.querySelector('video') && {TIME} > 0.5")
    playlists = {a.split("/")[-1] for a in addresses if a.endswith(".m3u8")}
    assert "jawa-o28.m3u8" in playlists
    assert "o28.m3u8" not in playlists


def test_one_language_is_no_choice(open_page, siar):
    page = open_page(f"/video/{siar.facts['promo']}/", size=PHONE)
    play(page)
    expect(page.get_by_label("Bahasa suara")).to_have_count(0)


def test_a_thumb_that_scrubs_sees_where_it_is(browser: Browser, siar: Siar, shot):
    context = browser.new_context(base_url=siar.base, viewport=PHONE, has_touch=True)
    page = context.new_page()
    page.goto(f"/video/{siar.facts['promo']}/")
    addresses = fetched(page)
    play(page)
    assert not any("storyboard-" in address for address in addresses)
    page.locator("video").tap()
    box = page.locator("media-time-range").bounding_box()
    thumb = context.new_cdp_session(page)
    y = box["y"] + box["height"] / 2
    for kind, part in (("touchStart", 0.2), ("touchMove", 0.4), ("touchMove", 0.6)):
        points = [{"x": box["x"] + box["width"] * part, "y": y}]
        thumb.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        page.wait_for_timeout(300)
    preview = page.locator("media-time-range media-preview-thumbnail")
    expect(preview).to_be_visible()
    page.wait_for_timeout(700)
    shot(page, "scrubbing")
    assert any("storyboard-" in address for address in addresses)
    thumb.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    until(page, f"{TIME} > 6")
    context.close()


def growing_title(siar: Siar, publication: str, size: str = "854x480", more: str = "") -> str:
    """Return code that has `publication` prepared; `do` then makes tasks of it."""
    film = siar.var / "tumbuh.mp4"
    picture = f"testsrc2=s={size}:r=25:d=18"
    command = [ffmpeg(), "-v", "error", "-y", "-f", "lavfi", "-i", picture]
    command += ["-f", "lavfi", "-i", "sine=440:d=18", "-c:v", "libx264", "-preset", "ultrafast"]
    subprocess.run([*command, "-c:a", "aac", film], check=True, stdin=subprocess.DEVNULL)
    return f"""
from pathlib import Path
from cms.core import clock, published
from media_pipeline.pipeline import prepare, run_task
film, scratch = Path({str(film)!r}), Path({str(siar.var / "kerja")!r})
scratch.mkdir(exist_ok=True)
store, never = published.store(), lambda: False
job = prepare(film, store, {publication!r}, workers=2, scratch=scratch, cancelled=never, now=clock.now{more})
def do(wanted):
    for task in sorted(job.tasks, key=lambda task: task.rank):
        if wanted(task):
            run_task(film, job, task, store, scratch=scratch, cancelled=never, on_progress=print)
"""


def play_instead(page: Page, siar: Siar, publication: str) -> None:
    """Let the page of the promotion play `publication`."""
    held = siar.publication_of(siar.facts["promo"])

    def swap(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace(held, publication))

    page.context.route(f"**/video/{siar.facts['promo']}/", swap)


def played(page: Page) -> set[str]:
    """Tap play; return the renditions whose segments are asked for until the picture moves."""
    addresses = fetched(page)
    play(page)
    assert page.evaluate("document.querySelector('video').webkitAudioDecodedByteCount") > 0
    return {address.split("/")[-2] for address in addresses if address.endswith(".m4s")}


def without(page: Page, codec: str) -> None:
    """Load the page anew in a browser that cannot decode `codec`."""
    page.add_init_script(
        "{ const can = MediaSource.isTypeSupported.bind(MediaSource);"
        f"MediaSource.isTypeSupported = (type) => !/{codec}/i.test(type) && can(type); }}"
    )
    page.evaluate("localStorage.clear()")
    page.reload()


def test_av1_and_opus_are_taken_where_they_can_be_decoded_and_their_lower_prices_shown(
    open_page, siar, complaints
):
    publication = f"{0xA51:032x}"
    made = growing_title(siar, publication, "426x240", ", av1=True, opus=True")
    siar.python(made + "do(lambda task: True)")
    page = open_page("/", size=PHONE)
    play_instead(page, siar, publication)
    page.goto(f"/video/{siar.facts['promo']}/")
    expect(page.locator(".choices label", has_text="240p")).to_have_count(1)
    price = page.locator(".screen .cost")
    both = price.inner_text()
    assert played(page) == {"x240", "o28"}
    with page.expect_request("**/v144/*.m4s"):
        page.locator(".choices label", has_text="144p").click()
    before = page.evaluate(TIME)
    until(page, f"{TIME} > {before} + 1", seconds=30)
    with page.expect_request("**/o28.m3u8"):
        page.locator(".choices label", has_text="Suara").click()
    before = page.evaluate(TIME)
    until(page, f"{TIME} > {before} + 1", seconds=30)
    assert complaints == []

    without(page, "av01")
    expect(price).not_to_have_text(both)
    opus = price.inner_text()
    assert played(page) == {"v240", "o28"}
    without(page, "opus")
    expect(price).not_to_have_text(opus)
    assert played(page) == {"v240", "a48"}
    assert complaints == []


BOTH = {
    # codec, size, average bits a second: AV1 of 360 lines costs less than H.264 of 240
    "v144": ("avc1.64000c", "256x144", 80_000),
    "v240": ("avc1.640015", "426x240", 400_000),
    "v360": ("avc1.64001e", "640x360", 800_000),
    "v480": ("avc1.64001f", "854x480", 1_200_000),
    "x360": ("av01.0.04M.08", "640x360", 320_000),
    "x480": ("av01.0.04M.08", "854x480", 480_000),
}


def offered(page: Page, siar: Siar, qualities: dict[str, tuple[str, str, int]]) -> list[list[str]]:
    """What the menu of the promotion's page offers where its playlist has these `qualities`."""
    lines = ["#EXTM3U"]
    for name, (codec, size, bits) in qualities.items():
        told = f'BANDWIDTH={bits * 2},AVERAGE-BANDWIDTH={bits},CODECS="{codec},mp4a.40.2"'
        lines += [f"#EXT-X-STREAM-INF:{told},RESOLUTION={size}", f"{name}.m3u8"]
    body = "\n".join(lines)
    page.context.route("**/vod/*/master.m3u8", lambda route: route.fulfill(body=body))
    page.goto(f"/video/{siar.facts['promo']}/")
    expect(page.locator(".choices label").first).to_be_visible()
    texts = page.locator(".choices label").all_inner_texts()
    return [text.replace("\u00a0", " ").split("\n") for text in texts]


def test_the_menu_has_each_height_once_the_smallest_first_at_its_true_price(open_page, siar):
    assert offered(open_page("/", size=PHONE), siar, BOTH) == [
        ["144p", "0,6 MB · Rp2"],
        ["240p", "3,0 MB · Rp12"],
        ["360p", "2,4 MB · Rp10"],
        ["480p", "3,6 MB · Rp14"],
    ]


def test_of_two_heights_at_one_price_the_larger_is_offered_and_taken(open_page, siar):
    page = open_page("/", size=PHONE)
    page.evaluate("localStorage.setItem('siar.mutu', '480p')")
    slides = {
        "v360": ("avc1.64001e", "640x360", 120_000),
        "v480": ("avc1.64001f", "854x480", 187_743),
        "v720": ("avc1.64001f", "1280x720", 188_040),
    }
    found = offered(page, siar, slides)
    assert found == [["360p", "0,9 MB · Rp4"], ["720p", "1,4 MB · Rp6"]]
    expect(page.locator(".choices input:checked")).to_have_value("720p")


def test_what_has_nothing_to_see_is_heard_at_the_price_of_sound(open_page, siar, shot, complaints):
    page = open_page("/", size=PHONE)

    def without_picture(route: Route) -> None:
        answer = route.fetch()
        text = answer.text().replace("data-player ", 'data-player data-sound="1" ')
        route.fulfill(response=answer, body=text)

    page.context.route(f"**/video/{siar.facts['promo']}/", without_picture)
    page.goto(f"/video/{siar.facts['promo']}/")
    expect(page.locator(".screen .cost")).to_have_text(re.compile("Suara · "))
    expect(page.locator(".choices label")).to_have_count(1)
    shot(page, "before")
    addresses = fetched(page)
    play(page)
    shot(page, "playing")
    assert {a.split("/")[-2] for a in addresses if a.endswith(".m4s")} == {"o28"}
    expect(page.locator(".ear")).to_have_count(0)
    assert page.evaluate("document.querySelector('video').poster") != ""
    assert complaints == []
