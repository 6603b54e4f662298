"""Indonesian, unless a person or a browser chose English."""

import pytest
from django.conf import settings

from cms.core.actions import do_choose_language

pytestmark = pytest.mark.django_db


def language(response):
    return response.headers["Content-Language"]


def test_a_browser_that_prefers_english_still_gets_indonesian(client):
    assert language(client.get("/masuk/", headers={"accept-language": "en"})) == "id"


def test_the_choice_of_the_browser_holds_for_visitors(client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get("/masuk/")
    assert language(page) == "en"
    assert '<html lang="en">' in page.content.decode()


@pytest.mark.parametrize("nonsense", ["xx", "en-xx", "../../etc", ""])
def test_a_cookie_that_names_no_language_of_ours_is_ignored(client, nonsense):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = nonsense
    assert language(client.get("/masuk/")) == "id"


def test_the_choice_of_the_person_goes_before_that_of_the_browser(client, editor_a):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    client.force_login(editor_a)
    assert language(client.get("/admin/")) == "id"
    do_choose_language(editor_a, "en")
    assert 'lang="en"' in client.get("/admin/").content.decode()


def test_an_unknown_language_changes_nothing(editor_a):
    do_choose_language(editor_a, "xx")
    editor_a.refresh_from_db()
    assert editor_a.language == "id"


def test_the_switch_on_a_page_is_remembered_for_the_person_too(client, editor_a):
    client.force_login(editor_a)
    assert client.post("/bahasa/", {"language": "en", "next": "/masuk/"}).url == "/masuk/"
    editor_a.refresh_from_db()
    assert editor_a.language == "en"


def test_the_account_page_offers_the_language_once(client, editor_a):
    client.force_login(editor_a)
    page = client.get("/admin/account/").content.decode()
    assert 'name="siar_language-language"' in page
    assert "preferred_language" not in page


def test_the_account_page_asks_for_no_e_mail(client, editor_a):
    client.force_login(editor_a)
    response = client.post(
        "/admin/account/",
        {
            "name_email-first_name": "Sri",
            "name_email-phone": "0812-3456-7890",
            "siar_language-language": "en",
            "locale-current_time_zone": "Asia/Makassar",
            "theme-theme": "system",
            "theme-contrast": "system",
            "theme-density": "default",
            "theme-keyboard_shortcuts": "on",
        },
    )
    faults = [
        panel.get_form().errors
        for panels in (response.context or {}).get("panels_by_tab", {}).values()
        for panel in panels
    ]
    assert response.status_code == 302, faults
    editor_a.refresh_from_db()
    assert (editor_a.first_name, editor_a.phone, editor_a.language) == (
        "Sri",
        "+6281234567890",
        "en",
    )
