"""The sender in Chromium, on a page and a clock of the test's own: what counts, and what it costs."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from cms.audience.events.messages import Seen, read

pytestmark = pytest.mark.browser

SCRIPT = Path(__file__).parents[2] / "frontend" / "dist" / "seen.js"
KEY = "0123456789abcdef" * 2
TOKEN = "q3-_" * 6
NOON = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)
ANSWER = 150
"""Bytes of a 204 with its headers."""

PAGE = """<!doctype html><html lang="id"><title>Contoh</title>
<style>article { height: 100px; width: 200px; margin: 0 } .below { margin-top: 2000px }</style>
<body><script type="module" src="/seen.js"></script></body></html>"""

TOLD = """(selector) => new Promise((done) =>
  new IntersectionObserver((_, own) => { own.disconnect(); done(); })
    .observe(document.querySelector(selector)))"""
"""Resolves when the browser has told observers, older ones first, what is in view."""

HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


class Server(ThreadingHTTPServer):
    """Serves the page and keeps what is posted, with the bytes that each post cost.

    It gives `tokens` to who asks, and nothing when there are no more; `asked` are their dates.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.posts: list[tuple[bytes, int]] = []
        self.tokens: list[str] = []
        self.asked: list[str] = []


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        script = self.path == "/seen.js"
        self._answer(200, SCRIPT.read_bytes() if script else PAGE.encode(), script=script)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/seen/token/":
            self.server.asked.append(body.decode())
            token = self.server.tokens.pop(0) if self.server.tokens else ""
            self._answer(200 if token else 204, token.encode(), script=False)
            return
        head = len(self.raw_requestline) + len(str(self.headers))
        self.server.posts.append((body, head + len(body)))
        assert self.headers["Origin"] == f"http://{self.headers['Host']}"
        self._answer(204, b"", script=False)

    def _answer(self, status: int, body: bytes, *, script: bool) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/javascript" if script else "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    running = Server()
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield running
    running.shutdown()


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    """An empty page whose sender waits for cards, on a clock that stands at noon in Jakarta.

    The phone has the token of its day already.
    """
    for told in (server.posts, server.tokens, server.asked):
        told.clear()
    context = browser.new_context(
        timezone_id="Asia/Jakarta", viewport={"width": 800, "height": 600}
    )
    page = context.new_page()
    page.clock.install(time=NOON)
    page.goto(f"http://127.0.0.1:{server.server_port}/")
    page.evaluate("(token) => (localStorage['siar-hari'] = `2026-11-25 ${token}`)", TOKEN)
    page.clock.pause_at(datetime(2026, 11, 25, 5, 1, tzinfo=UTC))
    yield page
    context.close()


def show(page: Page, thing: str = f"pasar {KEY}", style: str = "", name: str = "card") -> None:
    """Put a card on the page and wait until the sender knows where it is."""
    page.evaluate(
        """([thing, style, name]) => {
          const card = Object.assign(document.createElement("article"), { id: name });
          card.dataset.seen = thing;
          card.style.cssText = style;
          document.body.append(card);
        }""",
        [thing, style, name],
    )
    page.evaluate(TOLD, f"#{name}")


def things(server: Server) -> list[str]:
    return [thing for body, _ in server.posts for thing, _ in json.loads(body)["e"]]


def later(page: Page, milliseconds: int = 60_000) -> None:
    page.clock.run_for(milliseconds)
    # A beacon leaves after the script: another request of the page comes after it.
    page.evaluate("fetch('/seen.js').then((answer) => answer.text())")


def ask(page: Page, milliseconds: int = 2_000) -> None:
    """Let the two seconds of a card pass, and the answer for a token come."""
    with page.expect_response("**/seen/token/"):
        page.clock.run_for(milliseconds)
    later(page, 0)


def test_a_card_in_view_for_two_seconds_is_told_as_the_server_reads_it(
    page: Page, server: Server
) -> None:
    show(page)
    later(page)
    [(body, _)] = server.posts
    message = read(body, NOON.replace(minute=2))
    assert message is not None
    assert message.seen == [Seen(KEY, "pasar", "")]
    assert str(message.day) == "2026-11-25"
    assert message.token == TOKEN
    later(page, 300_000)
    assert len(server.posts) == 1


def test_a_card_that_leaves_before_two_seconds_is_not_told(page: Page, server: Server) -> None:
    show(page)
    page.clock.run_for(1_900)
    page.evaluate("document.querySelector('#card').style.marginTop = '3000px'")
    page.evaluate(TOLD, "#card")
    later(page)
    assert things(server) == []


def test_time_on_a_page_that_does_not_show_is_not_counted(page: Page, server: Server) -> None:
    show(page)
    page.clock.run_for(1_900)
    page.evaluate(HIDE, True)
    page.clock.run_for(60_000)
    page.evaluate(HIDE, False)
    page.clock.run_for(1_900)
    page.evaluate(HIDE, True)
    later(page)
    assert things(server) == []
    page.evaluate(HIDE, False)
    page.clock.run_for(2_000)
    later(page)
    assert things(server) == [f"pasar {KEY}"]


@pytest.mark.parametrize(("visible", "told"), [(40, 0), (60, 1)])
def test_half_of_a_card_is_enough_and_less_is_not(
    page: Page, server: Server, visible: int, told: int
) -> None:
    show(page, style=f"position: fixed; top: {visible - 100}px")
    later(page)
    assert len(things(server)) == told


def test_a_card_of_the_player_is_told_with_its_airing_and_place(page: Page, server: Server) -> None:
    page.evaluate(
        """(id) => {
          document.body.innerHTML =
            `<article id="card" data-seen="${id}"><a class="chat" href="/chat/x/?di=siaran-jatim&s=y">`;
        }""",
        f"2026-11-25-12/{KEY}",
    )
    page.evaluate(TOLD, "#card")
    later(page)
    assert things(server) == [f"siaran-jatim 2026-11-25-12/{KEY}"]


def test_what_a_hurried_viewer_saw_comes_with_the_next_page(page: Page, server: Server) -> None:
    show(page)
    page.clock.run_for(2_000)
    page.evaluate(HIDE, True)  # told at once: nothing was told before
    page.evaluate(HIDE, False)
    show(page, f"lapak {KEY}", name="second")
    page.clock.run_for(2_000)
    page.reload()
    page.clock.run_for(90_000)
    later(page)
    assert things(server) == [f"pasar {KEY}", f"lapak {KEY}"]


def test_the_token_is_forgotten_when_its_day_ends(page: Page, server: Server) -> None:
    show(page)
    later(page)
    page.clock.run_for(12 * 3600 * 1000)
    assert page.evaluate("localStorage['siar-hari']") is None
    server.tokens.append("next" * 6)
    show(page, name="second")
    ask(page)
    later(page, 120_000)
    first, second = (json.loads(body) for body, _ in server.posts)
    assert (first["d"], second["d"]) == ("2026-11-25", "2026-11-26")
    assert (first["k"], second["k"]) == (TOKEN, "next" * 6)
    assert server.asked == ["2026-11-26"]


def test_a_phone_without_a_token_asks_once_it_has_something_to_tell_and_loses_nothing(
    page: Page, server: Server
) -> None:
    page.evaluate("localStorage['siar-hari'] = '2026-11-25 ' + 'older-token-20-chars'")
    faults: list[str] = []
    page.on("pageerror", lambda wrong: faults.append(str(wrong)))
    later(page)
    assert server.asked == []
    show(page)
    ask(page)
    later(page)
    assert (server.asked, server.posts) == (["2026-11-25"], [])
    server.tokens.append(TOKEN)
    ask(page, 600_000)
    show(page, f"lapak {KEY}", name="second")
    later(page)
    # What was seen before has become too old to count.
    assert things(server) == [f"lapak {KEY}"]
    assert page.evaluate("localStorage['siar-hari']") == f"2026-11-25 {TOKEN}"
    assert faults == []


def test_a_device_that_remembers_nothing_has_no_day(page: Page, server: Server) -> None:
    page.evaluate("Object.defineProperty(window, 'localStorage', { get() { throw Error(); } })")
    server.tokens.append(TOKEN)
    show(page)
    ask(page)
    later(page)
    [(body, _)] = server.posts
    assert (json.loads(body)["d"], json.loads(body)["k"]) == ("", TOKEN)
    assert read(body, NOON.replace(minute=2)) is not None


def test_a_viewer_pays_less_than_a_kilobyte_a_minute_whatever_there_is_to_tell(
    page: Page, server: Server
) -> None:
    minutes = 20
    for minute in range(minutes):
        for number in range(6):
            thing = f"siaran-jatim {minute}-{number}/{KEY}"
            style = f"position: fixed; top: {number * 90}px"
            show(page, thing, style, f"c{minute}-{number}")
            page.clock.run_for(10_000)
            page.evaluate(HIDE, True)
            page.evaluate(HIDE, False)
    later(page, 0)
    spent = sum(cost + ANSWER for _, cost in server.posts)
    assert len(server.posts) > minutes / 2
    assert all(read(body, NOON) is None or len(body) <= 560 for body, _ in server.posts)
    assert spent / minutes < 1_000
