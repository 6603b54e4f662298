"""Browsers without a MediaSource play HLS themselves; the player keeps what the viewer chose."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE, Siar
from tests.browser.test_viewer_live import until
from tests.browser.test_viewer_player import two_sounds

pytestmark = pytest.mark.browser

SAFARI = """
delete window.MediaSource;
delete window.ManagedMediaSource;
HTMLMediaElement.prototype.canPlayType = (type) => (type.includes("mpegurl") ? "maybe" : "");
HTMLMediaElement.prototype.play = () => Promise.resolve();
const list = (video) => {
  video.sounds ??= Object.assign(new EventTarget(), { all: [], *[Symbol.iterator]() { yield* this.all; } });
  return video.sounds;
};
Object.defineProperty(HTMLMediaElement.prototype, "audioTracks", { get() { return list(this); } });
HTMLMediaElement.prototype.getStartDate = () => new Date(window.stamp ?? Number.NaN);
window.reach = (moment) => {
  const video = document.querySelector("video");
  window.stamp = moment - video.currentTime * 1000;
  video.dispatchEvent(new Event("timeupdate"));
};
Object.defineProperty(HTMLMediaElement.prototype, "src", { set(value) { this.asked = value; } });
window.arrive = (video) => {
  const tracks = list(video);
  tracks.all = ["Bahasa Indonesia", "Jawa"].map((label, i) => ({ label, enabled: i === 0 }));
  for (const _ of tracks.all) tracks.dispatchEvent(new Event("addtrack"));
  video.dispatchEvent(new Event("loadedmetadata"));
};
window.heard = () =>
  document.querySelector("video").sounds.all.filter((t) => t.enabled).map((t) => t.label);
"""
"""What the player meets of Safari: an element that plays HLS, its clock, and its list of sounds."""


@pytest.fixture
def phone(browser: Browser, siar: Siar):
    context = browser.new_context(base_url=siar.base, viewport=PHONE)
    context.add_init_script(SAFARI)
    page = context.new_page()
    yield page
    context.close()


def begin(page: Page, siar: Siar) -> None:
    two_sounds(page)
    page.goto(f"/video/{siar.facts['promo']}/")
    page.locator(".player .start").click()
    expect(page.locator("media-play-button")).to_be_attached()
    until(page, "document.querySelector('video').asked?.endsWith('/master.m3u8')")


def test_the_language_that_was_chosen_is_heard_once_the_programme_has_come(phone, siar):
    phone.goto("/")
    phone.evaluate("localStorage.setItem('siar.suara', 'Jawa')")
    begin(phone, siar)
    phone.evaluate("arrive(document.querySelector('video'))")
    assert phone.evaluate("heard()") == ["Jawa"]


def test_a_language_that_the_programme_has_not_leaves_the_usual_one_on(phone, siar):
    phone.goto("/")
    phone.evaluate("localStorage.setItem('siar.suara', 'Minangkabau')")
    begin(phone, siar)
    phone.evaluate("arrive(document.querySelector('video'))")
    assert phone.evaluate("heard()") == ["Bahasa Indonesia"]


def test_what_was_taken_down_is_said_to_be(phone, siar):
    begin(phone, siar)
    phone.context.route("**/vod/*/master.m3u8", lambda route: route.fulfill(status=410))
    phone.evaluate("document.querySelector('video').dispatchEvent(new Event('error'))")
    expect(phone.get_by_role("alert")).to_contain_text("Tayangan ini sudah ditarik")


def told(page: Page, begin: datetime) -> None:
    """Have the channel tell a sentence for a minute."""
    playlist = (
        "#EXTM3U\n#EXT-X-TARGETDURATION:4\n"
        f'#EXT-X-DATERANGE:ID="notice-7",CLASS="id.siar.notice",START-DATE="{begin.isoformat()}",'
        'DURATION=60,X-TEXT="Pasar tutup pukul dua, kata pengelola"\n'
        f"#EXT-X-PROGRAM-DATE-TIME:{begin.isoformat()}\n#EXTINF:4,\n1.m4s\n"
    )
    page.context.route("**/live/nasional/a48.m3u8", lambda route: route.fulfill(body=playlist))


def reach(page: Page, moment: datetime) -> None:
    """Be at `moment` of the channel."""
    page.evaluate("reach", moment.timestamp() * 1000)


def check_notice(page: Page, begin: datetime) -> None:
    """It is there from its begin to its end, whatever came before."""
    sentence = page.locator(".notice p")
    for seconds, shown in ((-5, 0), (1, 1), (61, 0), (59, 1), (-5, 0)):
        reach(page, begin + timedelta(seconds=seconds))
        expect(sentence).to_have_count(shown)
    reach(page, begin)
    expect(sentence).to_have_text("Pasar tutup pukul dua, kata pengelola")


def test_a_notice_has_its_moment_live_and_for_who_has_gone_back(phone, siar):
    begin = datetime.now(UTC) - timedelta(minutes=10)
    told(phone, begin)
    phone.goto("/live/")
    phone.locator(".player .start").click()
    until(phone, "document.querySelector('video')?.asked?.endsWith('/live/nasional/master.m3u8')")
    with phone.expect_response("**/live/nasional/a48.m3u8"):
        reach(phone, begin)
    expect(phone.locator(".notice p")).to_have_count(1)
    check_notice(phone, begin)
    phone.locator(".past input").evaluate(
        "(range) => { range.value -= 600; range.dispatchEvent(new Event('change')); }"
    )
    until(phone, "/nasional\\/\\d+-\\/master/.test(document.querySelector('video').asked)")
    check_notice(phone, begin)
