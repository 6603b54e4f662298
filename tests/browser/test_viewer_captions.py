"""Captions of the live channel on the site: switched on by keys, kept over joins and start-over."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Siar
from tests.browser.test_viewer_live import play, until
from tests.examples import deep

pytestmark = pytest.mark.browser

SPEAK = """
from cms.videos import presentations
from cms.videos.models import Caption, Video
for video in Video.objects.filter(title__in={titles!r}):
    if not video.captions.exists():
        text = "WEBVTT\\n\\n00:00.000 --> 00:20.000\\n" + video.title + "\\n"
        Caption.objects.create(video=video, language="id", text=text)
        assert presentations.write(video)
"""
TITLES = ("Dapur pasar (contoh)", "Kelas koperasi (contoh)")
WORDS = """[...document.querySelector('video').textTracks]
    .filter((track) => track.mode === 'showing')
    .flatMap((track) => [...(track.activeCues ?? [])]).map((cue) => cue.text)"""


@pytest.fixture(scope="module")
def spoken(siar: Siar) -> None:
    """Two of the four films on the channel have captions."""
    siar.python(SPEAK.format(titles=TITLES))


def asked_for(page: Page) -> list[str]:
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    return addresses


def switch_on(page: Page) -> None:
    button = page.get_by_role("button", name="teks")
    expect(button).to_be_visible()
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitemradio", name="Mati")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitemradio", name="Bahasa Indonesia")).to_be_focused()
    page.keyboard.press("Enter")


def seen(page: Page, title: str, seconds: int = 90) -> None:
    until(page, f"{WORDS}.includes({title!r})", seconds=seconds)


@pytest.mark.parametrize("size", [PHONE, deep(DESK)], ids=["phone", "desk"])
def test_captions_of_the_channel_are_switched_on_by_keys_and_stay_over_joins(
    open_page, spoken, shot, complaints, size
) -> None:
    page = open_page("/live/", size=size)
    asked = asked_for(page)
    play(page)
    until(page, "document.querySelector('video').currentTime > 3")
    # Who wants none is sent none.
    assert [url for url in asked if "captions-" in url] == []
    switch_on(page)
    for title in TITLES:
        seen(page, title)
    shot(page, "phone" if size is PHONE else "desk")
    until(page, f"{WORDS}.length === 0", seconds=60)
    assert complaints == []


def test_who_has_captions_on_has_them_in_a_start_over_too(
    open_page, spoken, programmes, complaints
) -> None:
    page = open_page("/live/", size=DESK)
    play(page)
    switch_on(page)
    seen(page, TITLES[0])
    page.get_by_role("button", name="Tonton dari awal").click(timeout=90_000)
    expect(page.get_by_role("button", name="Kembali ke siaran langsung")).to_be_visible()
    # From the beginning of the programme on, the other one may be all others away.
    seen(page, TITLES[1], seconds=240)
    assert complaints == []
