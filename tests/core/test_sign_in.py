"""One door for all: by phone number or user name, to the CMS and to the Studio."""

import pytest
from django.conf import settings as django_settings
from django.urls import reverse

from cms.core.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "kata sandi contoh"


@pytest.fixture
def seller(db):
    return User.objects.create_user(
        username="bu-sri", password=PASSWORD, phone="+6281234567890", email=""
    )


def sign_in(client, name, password=PASSWORD, **more):
    return client.post(
        "/masuk/", {"username": name, "password": password, "remember": "on", **more}
    )


@pytest.mark.parametrize("name", ["bu-sri", "081234567890", "0812-3456-7890", "+62 812 3456 7890"])
def test_people_sign_in_by_name_or_by_phone_as_they_write_it(client, seller, name):
    response = sign_in(client, name)
    assert response.status_code == 302
    assert response.url == "/studio/"
    assert client.session["_auth_user_id"] == str(seller.pk)


def test_editors_arrive_in_the_cms_and_all_where_they_were_going(client, editor_a):
    assert sign_in(client, "redaksi-a").url == "/admin/"
    client.post("/keluar/")
    assert sign_in(client, "redaksi-a", next="/admin/pages/").url == "/admin/pages/"


def test_nobody_is_sent_to_another_site(client, editor_a):
    assert sign_in(client, "redaksi-a", next="https://example.com/").url == "/admin/"


def test_the_admin_sends_visitors_to_the_one_door(client):
    assert client.get("/admin/").url == "/masuk/?next=/admin/"
    assert client.get("/admin/login/?next=/admin/").url == "/masuk/?next=/admin/"


def test_a_wrong_password_gets_one_sentence_that_betrays_nothing(client, seller):
    known = sign_in(client, "bu-sri", "salah").content.decode()
    unknown = sign_in(client, "tidak-ada", "salah").content.decode()
    sentence = "Nomor, nama, atau kata sandi belum cocok."
    assert sentence in known
    assert sentence in unknown


def test_a_trader_before_the_cms_is_told_why_and_can_change_the_account(client, trader_a):
    client.force_login(trader_a)
    page = client.get("/admin/", follow=True).content.decode()
    assert "Anda sudah masuk sebagai" in page
    assert "tidak dapat membuka halaman" in page
    assert f'action="{reverse("sign_out")}"' in page


def test_a_link_does_not_sign_anybody_out(client, editor_a):
    client.force_login(editor_a)
    for address in ("/keluar/", "/admin/logout/"):
        assert client.get(address).status_code == 405
        assert client.get("/admin/").status_code == 200


def test_without_remember_the_session_ends_with_the_browser(client, seller):
    client.post("/masuk/", {"username": "bu-sri", "password": PASSWORD})
    assert client.cookies[django_settings.SESSION_COOKIE_NAME]["max-age"] == ""
    client.post("/keluar/")
    sign_in(client, "bu-sri")
    assert client.cookies[django_settings.SESSION_COOKIE_NAME]["max-age"] > 0


def test_too_many_tries_close_the_door_for_all_ways_of_writing_the_name(client, seller, settings):
    settings.AXES_ENABLED = True
    settings.AXES_FAILURE_LIMIT = 3
    for name in ("bu-sri", "081234567890", "+62 812-3456-7890"):
        response = sign_in(client, name, "salah")
    assert response.status_code == 429
    assert "Tunggu 1 menit" in response.content.decode()
    assert sign_in(client, "bu-sri").status_code == 429
    assert "_auth_user_id" not in client.session


def test_tries_from_elsewhere_do_not_close_the_door_to_the_owner(client, seller, settings):
    settings.AXES_ENABLED, settings.AXES_FAILURE_LIMIT, settings.PROXIES = True, 3, 1
    thief = {"headers": {"X-Forwarded-For": "9.9.9.9, 114.10.1.2"}}
    form = {"username": "bu-sri", "password": "salah"}
    statuses = [client.post("/masuk/", form, **thief).status_code for _try in range(3)]
    assert statuses[-1] == 429
    form["password"] = PASSWORD
    assert client.post("/masuk/", form, **thief).status_code == 429
    owner = {"headers": {"X-Forwarded-For": "114.10.9.9"}}
    assert client.post("/masuk/", form, **owner).status_code == 302


@pytest.mark.parametrize(("address", "status"), [("2001:db8::ffff", 429), ("2001:db8:0:1::1", 200)])
def test_wrong_tries_count_for_the_whole_64_of_an_ipv6_customer(
    client, seller, settings, address, status
):
    settings.AXES_ENABLED, settings.AXES_FAILURE_LIMIT, settings.PROXIES = True, 3, 1
    form = {"username": "bu-sri", "password": "salah"}

    def tried(source):
        return client.post("/masuk/", form, headers={"X-Forwarded-For": source}).status_code

    assert [tried(f"2001:db8::{n}") for n in (1, 2, 3)][:2] == [200, 200]
    assert tried(address) == status


def test_zero_bytes_in_a_name_are_a_wrong_name(client, db):
    assert sign_in(client, "a\x00b").status_code == 200


@pytest.mark.parametrize("name", ["081234567890", "+6281234567890"])
def test_no_user_name_is_somebody_elses_phone(seller, name):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError) as refused:
        User(username=name, password="x").full_clean()
    assert "username" in refused.value.message_dict


def test_two_people_without_phone_are_fine_and_one_phone_is_one_person(db):
    for name in ("satu", "dua"):
        user = User(username=name, password="x", phone="")
        user.full_clean()
        user.save()
    assert User.objects.filter(phone=None).count() == 2
