"""Story 5, the pages around an article: they follow what is published, at phone and desk size."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Siar

pytestmark = pytest.mark.browser

TITLE = "Cabai naik tiga hari (contoh)"
PUBLISH = f"""
from cms.articles.actions import do_ensure_root
from cms.articles.models import ArticlePage
from cms.core import clock
from cms.videos.models import Category, Video
root = do_ensure_root(clock.now())
if not ArticlePage.objects.filter(slug="cabai").exists():
    video = Video.objects.get(title="Kabar pagi (contoh)")
    page = ArticlePage(
        title={TITLE!r}, slug="cabai", summary="Pasokan mulai masuk (contoh).",
        category=Category.objects.first(), body=[("video", video)],
    )
    root.add_child(instance=page)
    page.save_revision().publish()
"""

PATHS = {
    "home": "/",
    "live": "/live/nasional/",
    "guide": "/guide/",
    "guide-channel": "/guide/nasional/",
    "videos": "/video/",
    "rubrik": "/rubrik/kabar-pasar/",
    "regions": "/wilayah/",
    "region": "/wilayah/jawa-timur/",
    "market": "/pasar/",
    "cooperative": "/pasar/melati/",
    "search": "/cari/?q=sambal",
    "news": "/kabar/",
    "article": "/kabar/cabai/",
}


@pytest.fixture(scope="module", autouse=True)
def article(siar: Siar) -> None:
    """An article with a video in it, published."""
    siar.python(PUBLISH)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_page_fits_its_screen_and_the_browser_complains_of_nothing(
    open_page, shot, complaints, size
):
    page = open_page("/", size=size)
    wide = []
    for name, path in PATHS.items():
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        shot(page, name)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(name)
    assert wide == []
    assert complaints == []


def test_home_rubrik_and_feed_follow_a_published_article(open_page, siar):
    page = open_page("/", size=PHONE)
    for path in ("/", "/rubrik/kabar-pasar/", "/cari/?q=cabai"):
        page.goto(path)
        expect(page.get_by_role("link", name=TITLE)).to_be_visible()
    assert TITLE in siar.get("/feed/")[1]
    assert "/kabar/cabai/" in siar.get("/sitemap.xml")[1]
    assert '"@type":"NewsArticle"' in siar.get("/kabar/cabai/")[1]


def test_targets_of_thumbs_are_large_enough(open_page):
    page = open_page("/", size=PHONE)
    small = page.evaluate("""() => [...document.querySelectorAll(
        ".bar a, .nav a, .button, .tabs a, .start")].filter((target) => {
          const box = target.getBoundingClientRect();
          return box.width > 0 && (box.height < 43.5 || box.width < 43.5);
        }).map((target) => target.outerHTML.slice(0, 80))""")
    assert small == []


def test_the_first_tab_leads_past_the_navigation(open_page):
    page = open_page("/", size=DESK)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Langsung ke isi")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**#isi")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(open_page, shot, scheme):
    page = open_page("/", size=PHONE)
    page.emulate_media(color_scheme=scheme)
    for path in ("/", "/guide/", "/pasar/", "/kabar/cabai/"):
        page.goto(path)
        assert faint_texts(page) == [], path
    page.goto("/")
    shot(page, scheme)


FAINT = r"""() => {
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const parse = (colour) => colour.match(/[\d.]+/g).map(Number);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] === 1) return colour;
      if (colour[3] > 0) return null;
    }
    return [255, 255, 255];
  };
  const found = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim()) continue;
    if (element.closest(".screen, .quiet, .skip, progress, script, noscript")) continue;
    const under = ground(element);
    if (!under || !element.getClientRects().length) continue;
    const [one, two] = [light(parse(getComputedStyle(element).color)), light(under)];
    const ratio = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
    const words = walker.currentNode.textContent.trim().slice(0, 40);
    if (ratio < 4.5) found.add(`${ratio.toFixed(1)} ${words}`);
  }
  return [...found];
}"""
"""Texts whose contrast with the ground they stand on is under 4.5 (WCAG 1.4.3)."""


def faint_texts(page: Page) -> list[str]:
    """Return them; text over pictures is left out, its ground is a shade of its own."""
    return list(page.evaluate(FAINT))


def test_wilayah_and_language_are_choices_that_stay(open_page, shot, complaints):
    page = open_page("/wilayah/", size=PHONE)
    page.get_by_role("button", name="Pilih Jawa Timur").click()
    expect(page.locator(".bar .place")).to_contain_text("Jawa Timur")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", name="Up next")).to_be_visible()
    shot(page, "english")
    page.goto("/live/")
    expect(page.get_by_role("heading", name="Save data")).to_be_visible()
    shot(page, "english-live")
    assert complaints == []
