"""Wagtail's admin in Bahasa Indonesia: ours first, Wagtail's own half-done one for the rest."""

import re
from pathlib import Path

import pytest
import wagtail
from babel.messages.catalog import Catalog

from setup.translations import fill_from_wagtail, read

ROOT = Path(__file__).parents[2]
WAGTAIL = Path(wagtail.__file__).parent
CATALOGUES = {
    "django.po": ROOT / "locale/id/LC_MESSAGES/django.po",
    "djangojs.po": ROOT / "cms/core/locale/id/LC_MESSAGES/djangojs.po",
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|{\w+}")


def key(message):
    """Return the whole id of a message; one text may be plain in one app and plural in another."""
    return message.id, message.context


def english(name: str) -> set[tuple]:
    """Return all that Wagtail can say in `name`."""
    paths = WAGTAIL.rglob(f"locale/en/LC_MESSAGES/{name}")
    return {key(m) for path in paths for m in read(path, "en") if m.id}


@pytest.fixture(params=CATALOGUES)
def name(request) -> str:
    return request.param


@pytest.fixture
def ours(name) -> Catalog:
    return read(CATALOGUES[name], "id")


def texts(message) -> tuple[str, str]:
    source = message.id if isinstance(message.id, str) else message.id[-1]
    target = message.string if isinstance(message.string, str) else message.string[0]
    return source, target


def test_every_translation_is_of_something_that_wagtail_says(name, ours):
    assert {key(message) for message in ours if message.id} <= english(name)


def test_nothing_is_left_empty_and_names_in_texts_stay(ours):
    for message in ours:
        if not message.id:
            continue
        source, target = texts(message)
        assert target, source
        assert set(PLACEHOLDER.findall(target)) == set(PLACEHOLDER.findall(source)), source
        assert source[:1].isspace() == target[:1].isspace()
        assert source[-1:].isspace() == target[-1:].isspace(), f"{source!r} is joined to a word"


def test_the_voice_does_not_apologise_or_shout(ours):
    for message in ours:
        if message.id:
            assert not re.search(r"!|\bmaaf\b|\banda\b", texts(message)[1]), texts(message)[1]


def test_what_we_lack_is_taken_from_wagtail_and_what_we_have_stays():
    catalogue = read(CATALOGUES["django.po"], "id")
    before = len(catalogue)
    fill_from_wagtail(catalogue, "django.po")
    assert len(catalogue) > before + 300
    assert catalogue.get("Publish").string == "Terbitkan"
    assert catalogue.get("Add a page permission").string == "Tambah izin halaman"


def test_what_is_not_there_is_said_in_the_voice_of_the_house(client, admin_user):
    client.force_login(admin_user)
    page = client.get("/admin/tidak-ada/")
    assert page.status_code == 404
    shown = page.content.decode()
    assert "Halaman redaksi ini tidak ada" in shown
    assert "Wagtail" not in shown.split("<body")[1]


def test_the_search_for_pages_names_what_it_counts(client, admin_user, synced_tree):
    client.force_login(admin_user)
    shown = client.get("/admin/pages/search/").content.decode()
    assert re.search(r"1–\d+ dari \d+ halaman", shown.replace("-", "–"))
