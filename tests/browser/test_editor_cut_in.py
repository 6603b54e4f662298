"""An editor cuts in, and tells viewers a sentence: both are there within seconds."""

import re
import time

import m3u8
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Siar
from tests.browser.test_viewer_live import play, until
from tests.examples import deep

pytestmark = pytest.mark.browser

SEE_MOMENTS = """after => document.addEventListener("siar:moment", (event) => {
  window.at = event.detail.getTime();
  if (window.at > after) window.title ??= document.querySelector("[data-title]").textContent;
})"""
"""Keeps the moment on the screen, and the page's title when it is past `after`."""


@pytest.fixture(scope="module")
def pages(siar: Siar) -> str:
    """The address of the channel's pages, up to the name of one."""
    slug = siar.facts["channel"]
    found = siar.python(
        f"from cms.channels.models import Channel\nprint(Channel.objects.get(slug='{slug}').pk)"
    )
    return f"/admin/snippets/channels/channel/{{}}/{found}/"


def playlist_with(siar: Siar, mark: str, *, gone: bool = False) -> str:
    """The channel's playlist as soon as it names `mark`, or does not any more."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        status, text = siar.get(f"/live/{siar.facts['channel']}/v144.m3u8")
        if status == 200 and (mark in text) != gone:
            return text
        time.sleep(0.5)
    raise AssertionError(f"never in the playlist: {mark}")


def test_an_editor_cuts_in_and_the_channel_that_is_watched_shows_it(
    siar: Siar, pages: str, open_page, shot, complaints
):
    live = open_page(f"/live/{siar.facts['channel']}/", size=PHONE)
    play(live)
    page = open_page("/admin/", size=PHONE, login="admin")
    page.get_by_role("link", name=re.compile("Siaran sela")).first.click()
    expect(page.get_by_role("link", name="Promo sambal")).to_be_visible()
    shot(page, "1-choose")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_role("link", name="Promo sambal").click()
    expect(page.get_by_text("Potong sekarang?")).to_be_visible()
    page.get_by_label(re.compile("dilanjutkan dari tempatnya")).check()
    shot(page, "2-confirm")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_role("button", name="Potong sekarang").click()
    expect(
        page.get_by_text(re.compile(r"Siaran sela tayang mulai \d\d\.\d\d\.\d\d.WIB"))
    ).to_be_visible()
    shot(page, "3-done")
    row = siar.python(
        "from cms.channels.models import CutIn\ncut = CutIn.objects.get()\n"
        "print(cut.entry_id, cut.video.media.publication, (cut.start - cut.created).total_seconds())"
    )
    identity, publication, wait = row.split()
    # 2 to 6 s, and up to a segment more where a film's short last one lies on the way.
    assert 2 <= float(wait) <= 10.5
    text = playlist_with(siar, f'ID="{identity}"')
    assert any(publication in s.uri for s in m3u8.loads(text).segments)
    moment = siar.python(
        "from cms.channels.models import CutIn\ncut = CutIn.objects.get()\n"
        "print(cut.start.timestamp(), cut.title)"
    )
    moment, _, name = moment.partition(" ")
    live.evaluate(SEE_MOMENTS, float(moment) * 1000 + 2500)
    deadline = time.monotonic() + 90
    while (
        live.evaluate("window.at ?? 0") < float(moment) * 1000 + 1000
    ) and time.monotonic() < deadline:
        live.wait_for_timeout(500)
    assert live.evaluate("window.at") >= float(moment) * 1000
    # The page asks once a minute: the playlist has told it that something else is on.
    until(live, "window.title !== undefined")
    assert live.evaluate("window.title") == name
    expect(live.locator(".state")).to_have_count(0)
    assert [c for c in complaints if "Failed to load resource" not in c] == []


@pytest.mark.parametrize("size", [PHONE, deep(DESK)], ids=["phone", "desk"])
def test_a_sentence_comes_to_the_screen_beside_captions_and_card_and_is_closed(
    siar: Siar, pages: str, open_page, shot, complaints, size
):
    live = open_page(f"/live/{siar.facts['channel']}/", size=size)
    play(live)
    # Another one each time: that of the test before may still be told.
    sentence = f'Pasar <b>tutup</b> pukul 15.{size["width"] % 60}, "banjir" di Blok A & B (contoh)'
    tell(open_page, pages, sentence, size, shot)
    notice = live.locator(".notice[role=status]")
    expect(notice.locator("p")).to_have_text(sentence.replace('"', "”"), timeout=40_000)
    shot(live, "3-notice")
    picture, box = live.locator("video").bounding_box(), notice.locator("div").bounding_box()
    assert picture
    assert box
    if size is PHONE:
        assert box["y"] >= picture["y"] + picture["height"] - 1
    else:
        # The upper half of the picture: captions stand below, the card above the controls.
        assert box["y"] + box["height"] < picture["y"] + picture["height"] / 2
    assert live.evaluate("document.documentElement.scrollWidth") <= size["width"]
    notice.get_by_role("button", name="Tutup").click()
    expect(notice.locator("p")).to_have_count(0)
    live.wait_for_timeout(5000)
    expect(notice.locator("p")).to_have_count(0)
    assert [c for c in complaints if "Failed to load resource" not in c] == []


def test_a_sentence_that_is_taken_away_leaves_the_screen(siar: Siar, pages: str, open_page, shot):
    live = open_page(f"/live/{siar.facts['channel']}/", size=PHONE)
    play(live)
    page = tell(open_page, pages, "Salah alamat (contoh)", PHONE, shot)
    told = live.locator(".notice p")
    expect(told).to_have_text("Salah alamat (contoh)", timeout=40_000)
    page.get_by_role("button", name="Cabut").click()
    expect(page.get_by_text("Pengumuman dicabut.")).to_be_visible()
    playlist_with(siar, "id.siar.notice", gone=True)
    expect(told).to_have_count(0, timeout=40_000)


def tell(open_page, pages: str, sentence: str, size, shot) -> Page:
    """Write the sentence on the editor's page."""
    page = open_page(pages.format("pengumuman"), size=size, login="admin")
    page.get_by_label("kalimat").fill(sentence)
    page.get_by_label("lama").fill("2")
    shot(page, "1-write")
    page.locator(".planner-form button[type=submit]").click()
    expect(page.get_by_text("tampil di layar penonton")).to_be_visible()
    shot(page, "2-told")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    return page
