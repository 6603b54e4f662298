"""What holds for every public page: no inline code, nobody else's host, weight, access."""

from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise

import pytest

HEAVIEST = 15_000
"""Bytes of HTML (DESIGN.md, budget of the look)."""

PATHS = [
    "/",
    "/live/",
    "/video/",
    "/video/dapur-pasar/",
    "/embed/video/dapur-pasar/",
    "/guide/",
    "/guide/nasional/",
    "/guide/nasional/ulang/",
    "/tv/",
    "/rubrik/dapur-pasar/",
    "/wilayah/",
    "/wilayah/jawa-timur/",
    "/pasar/",
    "/pasar/pasar-a/",
    "/lapak/lapak-bumbu/",
    "/lapak/lapak-bumbu/sambal-bawang/",
    "/cari/?q=sambal",
]
FETCHED = {"src", "poster", "data-src"}
"""Attributes that make a browser fetch something without a tap."""


class Page(HTMLParser):
    """Collects the elements of a page, with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def all(self, *tags: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.elements if tag in tags]


def inline_code(page: Page) -> Iterator[str]:
    yield from ("a <style> element" for _ in page.all("style"))
    for script in page.all("script"):
        if script.get("type") != "application/ld+json" and not script.get("src"):
            yield "a script without an address"
    for tag, attributes in page.elements:
        if "style" in attributes or any(name.startswith("on") for name in attributes):
            yield f"inline code on <{tag}>"
        if attributes.get("href", "").startswith("javascript:"):
            yield "a javascript: address"


def foreign_hosts(page: Page) -> Iterator[str]:
    fetched = [a[name] for _, a in page.elements for name in FETCHED if a.get(name)]
    fetched += [a["href"] for a in page.all("link") if a["rel"] in ("stylesheet", "icon")]
    yield from (f"fetches {address}" for address in fetched if not address.startswith("/"))


def pictures(page: Page) -> Iterator[str]:
    for image in page.all("img"):
        if not {"alt", "width", "height"} <= image.keys():
            yield f"a picture without alt, width or height: {image.get('src')}"


def names(page: Page) -> Iterator[str]:
    ids = [a["id"] for _, a in page.elements if "id" in a]
    yield from (f"the id {one} twice" for one in set(ids) if ids.count(one) > 1)
    named = {a["aria-labelledby"] for _, a in page.elements if "aria-labelledby" in a}
    yield from (f"no element {one} to be named by" for one in named - set(ids))
    labels = {label.get("for") for label in page.all("label")}
    for field in page.all("input", "select", "textarea"):
        if field.get("type") != "hidden" and field.get("id") not in labels:
            yield f"the field {field.get('name')} has no label"
    if page.all("html")[0].get("lang") != "id":
        yield "no language"


def headings(page: Page) -> Iterator[str]:
    ranks = [int(tag[1]) for tag, _ in page.elements if tag in ("h1", "h2", "h3", "h4")]
    for before, rank in pairwise([0, *ranks]):
        if rank > before + 1:
            yield f"a heading of rank {rank} after one of rank {before}"


def frame(page: Page) -> Iterator[str]:
    if len(page.all("h1")) != 1:
        yield f"{len(page.all('h1'))} headings of the first rank"
    if page.all("a")[0].get("href") != "#isi" or page.all("main")[0].get("id") != "isi":
        yield "no way past the navigation"


@pytest.mark.parametrize("path", PATHS)
def test_a_public_page_keeps_its_manners(path, get, national, on_tv):
    text = get(path)
    page = Page(text)
    rules = [inline_code, foreign_hosts, pictures, names]
    if not path.startswith("/embed/"):
        rules += [frame, headings]
    assert [fault for rule in rules for fault in rule(page)] == []
    assert len(text.encode()) <= HEAVIEST


@pytest.mark.parametrize("path", ["/", "/live/", "/video/", "/guide/", "/pasar/", "/cari/?q=x"])
def test_a_page_without_anything_on_it_keeps_the_order_of_its_headings(path, client, db):
    page = Page(client.get(path).content.decode())
    assert list(headings(page)) == []


def test_faults_are_told_in_the_voice_of_the_house(get, db):
    assert "Halaman ini tidak ada" in get("/tidak/ada/", status=404)


def test_the_page_for_our_own_faults_needs_nothing_that_could_fail(client, db, monkeypatch):
    monkeypatch.setattr("cms.site.search.text_of", lambda *_: 1 / 0)
    client.raise_request_exception = False
    answer = client.get("/cari/")
    assert answer.status_code == 500
    assert "Halaman ini sedang terganggu" in answer.content.decode()
