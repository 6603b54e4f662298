"""Story 2: who comes late watches from the beginning, who pauses goes on there, and both return."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.test_viewer_live import overflows, play, until
from tests.examples import deep

pytestmark = pytest.mark.browser

FOLDER = re.compile(r"/live/nasional/(\d+)-/")
MOMENTS = """() => {
  window.moments = [];
  document.addEventListener("siar:moment", (event) => {
    window.moments.push(event.detail.getTime());
  });
}"""


def asked_for(page: Page) -> list[str]:
    """The addresses that the page asks for from now on."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    return asked


def folders(asked: list[str]) -> list[int]:
    """The seconds from which the past was asked for."""
    return [int(found[1]) for url in asked if (found := FOLDER.search(url))]


@pytest.mark.parametrize("size", [PHONE, deep(DESK)], ids=["phone", "desk"])
def test_a_programme_is_watched_from_its_beginning_and_live_again(
    open_page, programmes, shot, complaints, size
) -> None:
    page = open_page("/live/", size=size)
    play(page)
    asked = asked_for(page)
    over = page.get_by_role("button", name="Tonton dari awal")
    back = page.get_by_role("button", name="Kembali ke siaran langsung")
    expect(over).to_be_visible(timeout=90_000)
    expect(back).to_be_hidden()
    over.click(timeout=90_000)
    page.evaluate(MOMENTS)
    until(page, "window.moments.length > 8", seconds=40)
    (start,) = set(folders(asked))
    # The first moments may be of the picture that was still there.
    assert abs(page.evaluate("window.moments[5]") / 1000 - start) < 5
    expect(back).to_be_visible()
    expect(page.locator(".player .tag.live")).to_be_hidden()
    shot(page, f"over-{'phone' if size is PHONE else 'desk'}")
    assert not overflows(page)
    until(page, f"window.moments.at(-1) / 1000 > {start} + 14", seconds=60)
    back.click()
    expect(back).to_be_hidden()
    until(page, "Date.now() - window.moments.at(-1) < 40_000", seconds=40)
    expect(page.locator(".player .tag.live")).to_be_visible()
    assert complaints == []


def test_who_pauses_for_long_goes_on_where_it_was(open_page, complaints) -> None:
    page = open_page("/live/", size=PHONE)
    play(page)
    page.evaluate(MOMENTS)
    until(page, "window.moments.length > 3")
    asked = asked_for(page)
    page.evaluate("document.querySelector('video').pause()")
    left = page.evaluate("window.moments.at(-1)") / 1000
    # A minute goes by for the page alone.
    page.evaluate(
        "(now => (performance.now = () => now() + 60_000))(performance.now.bind(performance))"
    )
    page.evaluate("document.querySelector('video').play()")
    expect(page.get_by_role("button", name="Kembali ke siaran langsung")).to_be_visible(
        timeout=30_000
    )
    (start,) = set(folders(asked))
    assert start % 10 == 0
    assert 0 <= left - start < 12
    assert complaints == []
