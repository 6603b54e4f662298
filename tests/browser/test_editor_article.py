"""Story 5: an editor writes an article on a phone; pages, home and feed follow."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Siar
from tests.browser.editing import STEP, publish, until

pytestmark = pytest.mark.browser
TITLE = "Tempe pagi ini (contoh)"
WORDS = "Tempe datang pukul lima, masih hangat."


@pytest.fixture(scope="module")
def form(siar: Siar) -> str:
    """Address of the form for a new article in the market's section."""
    section = siar.python(
        "from cms.articles.models import SectionPage\n"
        f"print(SectionPage.objects.get(cooperative__slug='{siar.facts['market']}').pk)"
    )
    return f"/admin/pages/add/articles/articlepage/{section}/"


def add(page: Page, block: str) -> None:
    """Add a block at the end of the body."""
    blocks = page.locator("[data-streamfield-child]")
    count = blocks.count()

    def step() -> None:
        page.locator(".c-sf-add-button:visible").last.press("Enter")
        # The list before may still fade away.
        page.get_by_role("option", name=block, exact=True).last.click(timeout=STEP)

    until(lambda wait: expect(blocks).to_have_count(count + 1, timeout=wait), step)


def choose(page: Page, button: str, title: str) -> None:
    """Pick something by its title in the chooser behind the button."""
    opener = page.get_by_role("button", name=button)

    def step() -> None:
        opener.press("Enter")
        page.locator(".modal-body a", has_text=title).first.click(timeout=STEP)

    until(lambda wait: expect(opener).to_have_count(0, timeout=wait), step)
    expect(page.locator(".modal-body")).to_have_count(0)


def write(page: Page, form: str) -> None:
    """Fill in the form, block by block."""
    page.goto(form)
    # Typed, since the address follows the title key by key.
    page.locator("#id_title").press_sequentially(TITLE)
    page.locator("#id_summary").fill("Pasokan pertama sudah habis separuh sebelum matahari terbit.")
    add(page, "Teks")
    page.locator("[contenteditable=true]").last.click()
    page.keyboard.type(WORDS)
    add(page, "Kutipan")
    page.locator("textarea[name^=body][name$=text]").last.fill("Tempe paling enak sebelum siang.")
    add(page, "Video")
    choose(page, "Pilih video", "Dapur pasar")
    add(page, "Produk")
    choose(page, "Pilih produk", "")


def is_refused_draft(complaint: str, form: str, article: str) -> bool:
    """Wagtail saves a draft half a second after each change: one between two keys may be refused.

    It tells the writer nothing then, and saves again after the next change. The first draft that
    is taken gives the article an address of its own, to which the later ones are sent.
    """
    drafts = (form, f"/admin/pages/{article}/edit/")
    return "status of 400" in complaint and complaint.endswith(drafts)


def test_an_article_from_a_phone_is_on_its_page_the_list_home_and_in_the_feed(
    siar: Siar, form: str, open_page: Callable[..., Page], shot, complaints
):
    page = open_page("/admin/", size=PHONE, login="moderator")
    write(page, form)
    shot(page, "1-form")
    publish(page)
    shot(page, "2-published")

    page = open_page("/kabar/", size=PHONE)
    page.get_by_role("link", name=TITLE).first.click()
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(page.get_by_text(WORDS)).to_be_visible()
    expect(page.locator("blockquote")).to_contain_text("sebelum siang")
    expect(page.locator("[data-player]")).to_have_count(1)
    chat = page.locator("article.product a.chat")
    expect(chat).to_have_attribute("href", re.compile(r"^/chat/[0-9a-f-]{36}/\?di=kabar-\d+$"))
    data = [
        json.loads(t)
        for t in page.locator("script[type='application/ld+json']").all_text_contents()
    ]
    assert [d["headline"] for d in data if d["@type"] == "NewsArticle"] == [TITLE]
    shot(page, "3-article")
    chat.scroll_into_view_if_needed()
    shot(page, "4-product")

    expect(open_page("/", size=PHONE).get_by_text(TITLE).first).to_be_visible()
    assert TITLE in siar.get("/feed/")[1]
    article = siar.python(
        f"from cms.articles.models import ArticlePage\nprint(ArticlePage.objects.get(title={TITLE!r}).pk)"
    )
    assert [told for told in complaints if not is_refused_draft(told, form, article)] == []


def test_the_editor_of_another_market_does_not_get_the_form(
    siar: Siar, form: str, open_page: Callable[..., Page]
):
    page = open_page("/admin/", size=PHONE, login="neighbour")
    page.goto(form)
    expect(page.locator("#id_title")).to_have_count(0)
