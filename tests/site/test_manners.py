"""What holds for every public page: no inline code, nobody else's host, weight, access."""

from html.parser import HTMLParser

import pytest

HEAVIEST = 15_000
"""Bytes of HTML (DESIGN.md, budget of the look)."""

PATHS = [
    "/",
    "/live/",
    "/live/nasional/",
    "/video/",
    "/video/dapur-pasar/",
    "/embed/video/dapur-pasar/",
    "/guide/",
    "/guide/nasional/",
    "/rubrik/dapur-pasar/",
    "/wilayah/",
    "/wilayah/jawa-timur/",
    "/pasar/",
    "/pasar/pasar-a/",
    "/lapak/lapak-bumbu/",
    "/lapak/lapak-bumbu/sambal-bawang/",
    "/cari/",
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


@pytest.fixture(params=PATHS)
def text(request, get, national, on_tv) -> str:
    """Each public page in turn."""
    return get(request.param)


@pytest.fixture
def page(text: str) -> Page:
    """The same, taken apart."""
    return Page(text)


def test_no_page_has_inline_script_or_style(page):
    assert not page.all("style")
    for script in page.all("script"):
        assert script.get("type") == "application/ld+json" or script.get("src")
    for tag, attributes in page.elements:
        assert "style" not in attributes, tag
        assert not [name for name in attributes if name.startswith("on")], tag
        assert not attributes.get("href", "").startswith("javascript:"), tag


def test_no_page_fetches_from_another_host(page):
    addresses = [a[name] for _, a in page.elements for name in FETCHED if a.get(name)]
    addresses += [
        link["href"] for link in page.all("link") if link["rel"] in ("stylesheet", "icon")
    ]
    assert [address for address in addresses if not address.startswith("/")] == []


def test_no_page_weighs_more_than_its_budget(text):
    assert len(text.encode()) <= HEAVIEST


def test_each_page_has_one_heading_of_the_first_rank_and_a_language(page, request):
    if "embed" not in request.node.callspec.params["text"]:
        assert len(page.all("h1")) == 1
    assert page.all("html")[0]["lang"] == "id"


def test_pictures_have_a_size_and_words_or_none_on_purpose(page):
    for image in page.all("img"):
        assert {"alt", "width", "height"} <= image.keys()


def test_each_field_has_a_label(page):
    labels = {label.get("for") for label in page.all("label")}
    for field in page.all("input", "select", "textarea"):
        assert field.get("type") == "hidden" or field["id"] in labels


def test_no_id_is_used_twice_and_every_reference_meets_one(page):
    ids = [a["id"] for _, a in page.elements if "id" in a]
    assert len(ids) == len(set(ids))
    named = {a["aria-labelledby"] for _, a in page.elements if "aria-labelledby" in a}
    assert named <= set(ids)


def test_the_way_past_the_navigation_comes_first(page, request):
    if "embed" not in request.node.callspec.params["text"]:
        first = page.all("a")[0]
        assert first["href"] == "#isi"
        assert "isi" in [a.get("id") for a in page.all("main")]


def test_faults_are_told_in_the_voice_of_the_house(get, db, client):
    assert "Halaman ini tidak ada" in get("/tidak/ada/", status=404)
    client.raise_request_exception = False
