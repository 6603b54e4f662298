"""The scripts that keep a video's machine state alive, against a site that the test plays."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

pytestmark = pytest.mark.browser
DIST = Path(__file__).parents[2] / "frontend" / "dist"
LOST = "Sambungan putus, mencoba lagi…"
PAGE = """<!doctype html><html lang="id"><head><title>x</title></head><body>
<input type="hidden" name="csrfmiddlewaretoken" value="t">
<div data-siar-state="7" data-siar-panel data-code="waiting"></div>
<p data-siar-fault hidden></p>
<div data-siar-preview="/vod/one/master.m3u8" data-hls="/static/hls.js"
     data-waiting="Sedang disiapkan." data-broken="Tidak dapat diputar.">
  <button data-play>Putar</button><video muted hidden></video><p role="status" hidden></p>
</div>
<script type="module" src="/static/progress.js" data-states="/states/"
        data-lost="Sambungan putus, mencoba lagi…" data-signed-out="Anda sudah keluar."
        data-unsent="Permintaan tidak sampai."></script>
<script type="module" src="/static/preview.js"></script></body></html>"""


class Site:
    """What the page is answered, and what it asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.away = False
        self.signed_out = False
        self.action = 200
        self.entry: dict[str, object] = {}
        self.becomes("waiting", "Menunggu. Giliran ke-2.", 0.0)

    def becomes(self, code: str, words: str, progress: float, preview="/vod/one/master.m3u8"):
        button = '<button data-action="cancel" data-url="/act/">Batalkan</button>'
        self.entry = {"code": code, "busy": True, "preview": preview, "progress": progress}
        self.entry |= {"words": words, "chip": words, "panel": f"<p>{words}</p>{button}"}

    def count(self, path: str) -> int:
        return sum(asked.startswith(path) for asked in self.asked)

    def answer(self, route: Route) -> None:
        path = urlsplit(route.request.url).path
        self.asked.append(path)
        if path.startswith("/static/"):
            file = DIST / path.removeprefix("/static/")
            return route.fulfill(body=file.read_bytes(), content_type="text/javascript")
        if path == "/":
            return route.fulfill(body=PAGE, content_type="text/html; charset=utf-8")
        if path == "/states/":
            return self._states(route)
        if path == "/act/":
            return route.fulfill(status=self.action, json={"sentence": "Tidak bisa."})
        return route.fulfill(status=404)

    def _states(self, route: Route) -> None:
        if self.away:
            return route.abort()
        if self.signed_out:
            return route.fulfill(status=403, json={})
        return route.fulfill(body=json.dumps({"videos": {"7": self.entry}}))


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    opened = browser.new_page()
    opened.route("**/*", site.answer)
    opened.goto("http://siar.test/")
    expect(opened.locator("[data-siar-state]")).to_contain_text("Giliran ke-2.")
    yield opened
    opened.close()


def until(page: Page, true: Callable[[], object]) -> None:
    for _ in range(600):
        if true():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not come to that")


def hide(page: Page, hidden: bool) -> None:
    page.evaluate(
        """hidden => {
            Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


def test_a_lost_connection_is_told_after_several_tries_and_mends_itself(page, site):
    site.away = True
    trouble = page.locator(".siar-trouble")
    expect(trouble).to_have_text(LOST, timeout=60_000)
    expect(page.locator("[data-siar-state]")).to_contain_text("Giliran ke-2.")  # it stays
    site.away = False
    site.becomes("encoding", "Mengodekan 10 %.", 0.1)
    expect(page.locator("[data-siar-state]")).to_contain_text("10 %", timeout=60_000)
    expect(trouble).to_be_hidden()


def test_one_question_that_is_not_answered_alarms_nobody(page, site):
    site.away = True
    before = site.count("/states/")
    until(page, lambda: site.count("/states/") > before)
    site.away = False
    site.becomes("encoding", "Mengodekan 10 %.", 0.1)
    expect(page.locator("[data-siar-state]")).to_contain_text("10 %", timeout=60_000)
    expect(page.locator(".siar-trouble")).to_be_empty()


def test_who_was_signed_out_is_told_so_and_nothing_is_asked_any_more(page, site):
    site.signed_out = True
    expect(page.locator(".siar-trouble")).to_have_text("Anda sudah keluar.", timeout=60_000)
    before = site.count("/states/")
    page.wait_for_timeout(2500)
    assert site.count("/states/") == before


def test_a_page_that_nobody_sees_asks_nothing_and_asks_at_once_when_it_is_seen(page, site):
    hide(page, True)
    page.wait_for_timeout(500)  # a question that was under way
    before = site.count("/states/")
    page.wait_for_timeout(2500)
    assert site.count("/states/") == before
    site.becomes("ready", "Siap.", 1)
    hide(page, False)
    expect(page.locator("[data-siar-state]")).to_contain_text("Siap.", timeout=60_000)


def test_what_changes_is_announced_politely_and_not_each_second(page, site):
    said = page.locator("body > .w-sr-only[role=status]")
    expect(said).to_be_empty()
    site.becomes("encoding", "Mengodekan 1 %.", 0.01)
    expect(said).to_have_text("Mengodekan 1 %.", timeout=60_000)
    site.becomes("encoding", "Mengodekan 20 %.", 0.2)
    expect(page.locator("[data-siar-state]")).to_contain_text("20 %", timeout=60_000)
    expect(said).to_have_text("Mengodekan 1 %.")
    site.becomes("encoding", "Mengodekan 26 %.", 0.26)
    expect(said).to_have_text("Mengodekan 26 %.", timeout=60_000)


def test_a_button_that_is_pressed_twice_asks_once(page, site):
    page.evaluate(
        "() => { const b = document.querySelector('[data-url]'); b.click(); b.click(); b.click(); }"
    )
    until(page, lambda: site.count("/act/"))
    before = site.count("/states/")
    until(page, lambda: site.count("/states/") > before)
    assert site.count("/act/") == 1


@pytest.mark.parametrize(
    ("status", "said"), [(409, "Tidak bisa."), (500, "Permintaan tidak sampai."), (200, "")]
)
def test_a_press_that_does_nothing_says_why(page, site, status, said):
    site.action = status
    page.get_by_role("button", name="Batalkan").click()
    until(page, lambda: site.count("/act/"))
    expect(page.locator("[data-siar-fault]")).to_have_text(said)


def test_the_preview_waits_once_however_often_it_is_pressed_and_stops_when_the_work_failed(
    page, site
):
    page.evaluate(
        "() => { const b = document.querySelector('[data-play]'); b.click(); b.click(); b.click(); }"
    )
    expect(page.locator("[data-siar-preview] [role=status]")).to_have_text("Sedang disiapkan.")
    before = site.count("/vod/")
    page.wait_for_timeout(2000)
    assert 0 < site.count("/vod/") - before <= 10  # four a second
    site.becomes("failed", "Gagal.", 0.0, preview="")
    expect(page.locator("[data-siar-state]")).to_contain_text("Gagal.", timeout=60_000)
    expect(page.locator("[data-siar-preview] [role=status]")).to_be_hidden()
    expect(page.locator("[data-siar-preview] video")).to_be_hidden()
    expect(page.get_by_role("button", name="Putar")).to_be_hidden()
    page.wait_for_timeout(500)  # a question that was under way
    before = site.count("/vod/")
    page.wait_for_timeout(1500)
    assert site.count("/vod/") == before


def test_the_preview_asks_nothing_while_nobody_looks_and_goes_on_afterwards(page, site):
    page.get_by_role("button", name="Putar").click()
    until(page, lambda: site.count("/vod/"))
    hide(page, True)
    page.wait_for_timeout(500)
    before = site.count("/vod/")
    page.wait_for_timeout(1500)
    assert site.count("/vod/") == before
    hide(page, False)
    until(page, lambda: site.count("/vod/") > before)
