"""Captions of the live channel on the site: switched on by keys, kept over joins and start-over."""

import re

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.conftest import DESK, PHONE, Siar
from tests.browser.test_viewer_back import wait_until_over
from tests.browser.test_viewer_live import play, until
from tests.browser.test_viewer_past import FOLDER, asked_for
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
MAP = "X-TIMESTAMP-MAP=MPEGTS:90090,LOCAL:00:00:01.001"
CUES = """[...document.querySelector('video').textTracks]
    .filter((track) => track.mode === 'showing')
    .flatMap((track) => [...(track.activeCues ?? [])])
    .filter((cue) => cue.startTime > {begins} && cue.text === '{text}')"""
WORDS = """[...document.querySelector('video').textTracks]
    .filter((track) => track.mode === 'showing')
    .flatMap((track) => [...(track.activeCues ?? [])]).map((cue) => cue.text)"""


@pytest.fixture(scope="module")
def spoken(siar: Siar) -> None:
    """Two of the four films on the channel have captions."""
    siar.python(SPEAK.format(titles=TITLES))


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


class Ahead:
    """Lets captions of the past run ahead of the picture: only the first film's media is answered.

    `films` are the publications in the order in which captions are asked for. The second one has
    no captions; the captions of the others are the names of their publications.
    """

    def __init__(self, page: Page) -> None:
        self.films: list[str] = []
        self._began = False
        self._held: list[Route] = []
        page.on("request", self._note)
        page.route(re.compile(r"/captions-id-\d+\.vtt"), self._say)
        page.route(re.compile(r"/publications/\w+/"), self._hold)

    def _note(self, request: Request) -> None:
        self._began = self._began or bool(FOLDER.search(request.url))

    def _say(self, route: Route) -> None:
        film = publication_of(route)
        if self._began and self.films[-1:] != [film]:
            self.films.append(film)
        cue = "" if self.films[1:2] == [film] else f"\n00:00.000 --> 00:08.000\n{film}\n"
        route.fulfill(body=f"WEBVTT\n{MAP}\n{cue}", content_type="text/vtt")

    def _hold(self, route: Route) -> None:
        if len(self.films) in {1, 2} and publication_of(route) != self.films[0]:
            self._held.append(route)
        else:
            route.continue_()

    def release(self) -> None:
        """Answer what was held."""
        for route in self._held:
            route.continue_()


def publication_of(route: Route) -> str:
    return re.search(r"/(?:vod|publications)/(\w+)/", route.request.url)[1]


def test_captions_stay_on_in_the_past_and_go_on_where_they_ran_ahead_of_the_picture(
    open_page, siar, complaints
) -> None:
    wait_until_over(siar, 3)
    page = open_page("/live/", size=DESK)
    play(page)
    switch_on(page)
    ahead = Ahead(page)
    page.get_by_role("button", name="jeda").focus()
    for _ in range(8):
        page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("button", name="Kembali ke siaran langsung")).to_be_visible()
    for _ in range(600):
        if len(ahead.films) > 2:
            break
        page.wait_for_timeout(100)
    page.wait_for_timeout(500)
    at = page.evaluate("document.querySelector('video').currentTime")
    ahead.release()
    later = CUES.format(begins=at, text=ahead.films[2])
    until(page, f"{later}.length > 0", seconds=60)
    assert complaints == []
