"""axe-core finds nothing on any page that viewers see, on a phone and a desk, by day and night."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, Siar
from tests.browser.test_trader_axe import AXE, faults, looked
from tests.browser.test_viewer_controls import paused
from tests.browser.test_viewer_live import until
from tests.browser.test_viewer_pages import PATHS, PUBLISH
from tests.examples import deep

pytestmark = pytest.mark.browser

THINGS = """
import json
from cms.traders.models import FeaturedSegment
product = FeaturedSegment.objects.get(video__slug={promo!r}).product
print(json.dumps([product.stall.page_url, product.page_url]))
"""


@pytest.fixture(scope="module")
def paths(siar: Siar) -> list[str]:
    """The addresses of all kinds of pages, full and empty."""
    siar.python(PUBLISH)
    things = siar.python(THINGS.format(promo=siar.facts["promo"])).splitlines()[-1]
    video = siar.facts["video"]
    return [
        *PATHS.values(),
        *json.loads(things),
        f"/video/{video}/",
        f"/embed/video/{video}/",
        "/guide/nasional/ulang/",
        "/pasar/?tampil=produk&q=sambal",
        "/pasar/?q=sambla",
        "/cari/",
        "/cari/?q=tidak-ada",
        "/tv/",
        "/masuk/",
        "/tidak-ada/",
    ]


@pytest.mark.parametrize(
    ("size", "scheme"),
    [(PHONE, "light"), (DESK, "dark"), deep(PHONE, "dark"), deep(DESK, "light")],
    ids=["phone", "desk by night", "phone by night", "desk"],
)
def test_axe_finds_nothing_on_any_page_of_the_site(open_page, paths, size, scheme):
    page = open_page("/", size=size)
    page.emulate_media(color_scheme=scheme)
    page.add_init_script(path=AXE)
    found = [line for path in paths for line in faults(page, path)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_axe_finds_nothing_on_a_video_that_plays(open_page, siar, size):
    page = open_page("/", size=size)
    page.add_init_script(path=AXE)
    page.goto(f"/video/{siar.facts['video']}/")
    paused(page)
    page.locator("video").hover()
    expect(page.locator("media-time-display")).to_be_visible()
    until(page, "!document.querySelector('[userinactive]')")
    found = looked(page, "playing")
    assert not found, "\n".join(found)
