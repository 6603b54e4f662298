"""axe-core finds nothing on any page that a trader or their coordinator sees, on a small phone.

The Studio's pages are those of its URL conf (`tests/studio/routes.py`): one that is added is
looked at, and one that is none is named here.
"""

import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import PHONE, ROOT, Siar
from tests.examples import deep

pytestmark = pytest.mark.browser

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"

NO_PAGES = {
    "manifest": "JSON",
    "accept": "takes a link by POST",
    "personal_copy": "a file",
    "personal_back": "a button of `personal`",
    "consent_withdraw": "a button of `consents`",
    "proof_issue": "a button of `proofs`",
    "sent_photo": "a picture, shown by forms",
    "clip_mark": "a form of `clip`",
    "clip_retry": "a button of `clip`",
    "clip_again": "a button of `segment`",
    "segment_submit": "a button of `segments`",
    "clip_state": "JSON, shown by `clip`",
    "spot_state": "JSON, shown by `segment`",
}
"""Routes of the Studio that show no page of their own, and what they are."""

MAKE = """
import json
from cms.core import clock
from cms.core.models import User
from cms.traders.models import FeaturedSegment
from tests.studio.routes import addresses, make_things
card = FeaturedSegment.objects.get(video__slug={promo!r})
print(json.dumps(addresses(make_things(card, User.objects.get(username="coordinator"), clock.now()))))
"""
CLEAR = """
from cms.channels.models import Channel
Channel.objects.filter(slug="giliran-contoh").delete()
"""
SPEAK = """
from cms.core.actions import do_choose_language
from cms.core.models import User
for name in {names}:
    do_choose_language(User.objects.get(username=name), {language!r})
"""
DESK = """
import json
from django.urls import reverse
from cms.traders.models import FeaturedSegment, Stall
card, stall = FeaturedSegment.objects.get(video__slug={promo!r}), Stall.objects.get(block="A-12")
segment, of_stall = "wagtailsnippets_traders_featuredsegment:", "wagtailsnippets_traders_stall:"
print(json.dumps([
    reverse(segment + "queue"),
    reverse(segment + "decide", args=[card.pk]),
    reverse(of_stall + "add_trader"),
    reverse(of_stall + "trader", args=[stall.pk]),
    reverse(of_stall + "verify", args=[stall.pk]),
]))
"""
RUN = """async where => {
    const told = await axe.run(where || document, { resultTypes: ["violations"] });
    return told.violations.flatMap(({ id, help, nodes }) =>
        nodes.map(node => `${id} (${help}): ${node.html} ${node.any.concat(node.all, node.none)
            .map(check => check.message).join("; ")}`));
}"""


@pytest.fixture(scope="module")
def paths(siar: Siar) -> Iterator[dict[str, list[str]]]:
    """The addresses of each route of the Studio, with real things of the trader behind them."""
    yield json.loads(siar.python(MAKE.format(promo=siar.facts["promo"])).splitlines()[-1])
    siar.python(CLEAR)


@pytest.fixture
def speak(siar: Siar) -> Iterator[Callable[[str], None]]:
    """Return a function that lets the trader and the coordinator be answered in a language."""
    names = ["trader", "coordinator"]

    def choose(language: str) -> None:
        siar.python(SPEAK.format(names=names, language=language))

    yield choose
    choose("id")


def faults(page: Page, path: str, where: str = "") -> list[str]:
    """Go to `path` and return what axe finds there, a line a fault."""
    page.goto(path)
    return looked(page, path, where)


def looked(page: Page, path: str, where: str = "") -> list[str]:
    return [f"{path} {fault}" for fault in page.evaluate(RUN, where)]


def is_page(page: Page, path: str) -> bool:
    """Whether `path` answers with a page of its own; one that leads elsewhere does not."""
    answer = page.context.request.get(path, max_redirects=0)
    return answer.status == 200 and "text/html" in answer.headers.get("content-type", "")


def test_axe_finds_what_is_planted(open_page):
    page = open_page("/studio/masuk/", size=PHONE)
    page.add_init_script(path=AXE)
    page.reload()
    page.evaluate("document.querySelector('main').append(document.createElement('input'))")
    assert any("label" in fault for fault in looked(page, "planted"))


@pytest.mark.parametrize("language", ["id", deep("en")])
def test_axe_finds_nothing_on_any_page_of_the_studio(open_page, siar, paths, speak, language):
    speak(language)
    page = open_page("/studio/masuk/", size=PHONE)
    page.add_init_script(path=AXE)
    page.context.add_cookies([{"name": "django_language", "value": language, "url": siar.base}])
    visitor = {"sign_in", "invitation"}
    found = [
        line for name in sorted(visitor) for path in paths[name] for line in faults(page, path)
    ]
    found += faults(page, "/studio/undangan/tautan-salah/")

    page = open_page("/studio/", size=PHONE, login="trader")
    page.add_init_script(path=AXE)
    pages = {
        name: here
        for name, each in paths.items()
        if name not in visitor and (here := [path for path in each if is_page(page, path)])
    }
    assert paths.keys() - pages.keys() - visitor == NO_PAGES.keys()
    for path in (path for each in pages.values() for path in each):
        found += faults(page, path)
        assert page.locator("html").get_attribute("lang") == language
    assert not found, "\n".join(found)


def test_axe_finds_nothing_where_a_form_refuses_and_where_there_is_nothing(open_page, paths):
    page = open_page("/studio/", size=PHONE, login="trader")
    page.add_init_script(path=AXE)
    found = []
    for path in (*paths["product_add"], *paths["certificate_add"], *paths["stall"]):
        page.goto(path)
        page.locator("form:has(input[type=text])").first.evaluate(
            "form => { for (const field of form.querySelectorAll('input[type=text], input[type=tel]'))"
            " field.value = ''; }"
        )
        with page.expect_navigation():
            page.locator("main form button[type=submit]").first.click()
        assert page.locator("[aria-invalid=true]").count()
        found += looked(page, f"refused {path}")
    other = open_page("/studio/", size=PHONE, login="editor")
    other.add_init_script(path=AXE)
    found += faults(other, "/studio/")
    assert not found, "\n".join(found)


def test_axe_finds_nothing_at_the_coordinators_desk(open_page, siar, paths):
    page = open_page("/admin/", size=PHONE, login="coordinator")
    page.add_init_script(path=AXE)
    desk = json.loads(siar.python(DESK.format(promo=siar.facts["promo"])).splitlines()[-1])
    found = [line for path in desk for line in faults(page, path, "main")]
    assert not found, "\n".join(found)
