"""How a trader comes in: by the link once, afterwards by number and PIN."""

import math
import re

import pytest
from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django import Settings
from time_machine import Traveller

from cms.cooperatives.models import Cooperative
from cms.core import clock
from cms.core.models import User
from cms.studio import arrival
from cms.traders.invitations import LIFETIME, do_invite, do_lock_out, token_of
from cms.traders.models import Invitation, Stall
from tests.traders.made import NEW_NUMBER as NUMBER

BRAND = (0x6A, 0x1B, 0x43)
SECRET = "rahasia-contoh"
TOKEN = token_of(SECRET)
ACCEPT = "/studio/undangan/"
CHOSEN = {"token": TOKEN, "name": "Bu Sri", "password": "402916", "again": "402916"}
PASSWORD = "kata sandi contoh"


@pytest.fixture
def invited(new_stall: Stall, coordinator_a: User) -> Invitation:
    """An invitation for it, open now."""
    return do_invite(new_stall, coordinator_a, SECRET, clock.now())


@pytest.fixture
def stall_of_both(stall_a: Stall, trader_a: User, pasar_b: Cooperative) -> Stall:
    """A stall in market B with the number of trader_a, who sells in market A."""
    User.objects.filter(pk=trader_a.pk).update(phone=NUMBER)
    return Stall.objects.create(
        cooperative=pasar_b, name="Lapak Kedua (contoh)", slug="lapak-kedua", whatsapp=NUMBER
    )


def _link(token: str = TOKEN) -> str:
    return reverse("studio:invitation", args=[token])


def test_looking_at_the_link_says_who_invites_and_uses_nothing_up(
    client: Client, invited: Invitation
) -> None:
    for _look in range(3):
        page = client.get(_link())
        assert client.head(_link()).status_code == 200
    text = page.content.decode()
    assert "Koppas A (contoh) mengundang Anda ke Siar" in text
    assert "Lapak Bu Sri (contoh)" in text
    assert NUMBER not in text
    assert "no-store" in page["Cache-Control"]
    invited.refresh_from_db()
    assert invited.used_at is None
    assert client.get(ACCEPT).status_code == 405
    assert client.post(_link()).status_code == 405


def test_a_pin_opens_the_studio_and_the_link_is_used(
    client: Client, invited: Invitation, new_stall: Stall
) -> None:
    answer = client.post(ACCEPT, CHOSEN)
    assert (answer.status_code, answer["Location"]) == (302, "/studio/")
    assert "Lapak Bu Sri (contoh)" in client.get("/studio/").content.decode()
    other = Client()
    for again in (other.get(_link()), other.post(ACCEPT, CHOSEN | {"password": "730154"})):
        assert again.status_code == 410
        assert "Minta tautan baru kepada pengurus Koppas Anda." in again.content.decode()
    assert "_auth_user_id" not in other.session
    assert User.objects.get(phone=NUMBER).check_password("402916")


def test_a_button_tapped_twice_leads_into_the_studio_and_never_to_a_used_link(
    client: Client, invited: Invitation
) -> None:
    assert client.post(ACCEPT, CHOSEN).status_code == 302
    other = Client()  # the answer to the first tap never reached the phone
    answer = other.post(ACCEPT, CHOSEN)
    assert (answer.status_code, answer["Location"]) == (302, "/studio/")
    assert "Lapak Bu Sri (contoh)" in other.get("/studio/").content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"password": "123456", "again": "123456"}, "PIN ini mudah ditebak."),
        ({"password": "111222", "again": "111222"}, "PIN ini mudah ditebak."),
        ({"password": "4029", "again": "4029"}, "PIN harus enam angka."),
        ({"again": "402917"}, "Yang kedua berbeda."),
        ({"name": ""}, "Bagian ini belum diisi."),
    ],
)
def test_a_form_that_cannot_be_gets_one_sentence_and_uses_nothing_up(
    client: Client, invited: Invitation, changes: dict[str, str], sentence: str
) -> None:
    page = client.post(ACCEPT, CHOSEN | changes)
    assert (page.status_code, sentence in page.content.decode()) == (200, True)
    assert "402916" not in page.content.decode()
    assert client.post(ACCEPT, CHOSEN).status_code == 302


@pytest.mark.parametrize("token", ["x", TOKEN[:-1], TOKEN + "x", token_of("tidak-ada"), "%00"])
def test_altered_links_are_not_there_and_say_what_to_do(
    client: Client, invited: Invitation, token: str
) -> None:
    for page in (client.get(_link(token)), client.post(ACCEPT, CHOSEN | {"token": token})):
        assert page.status_code == 404
        text = page.content.decode()
        assert "Minta tautan baru kepada pengurus Koppas Anda." in text
        assert "Koppas A (contoh)" not in text
    assert not User.objects.filter(phone=NUMBER).exists()


def test_an_expired_link_leads_to_the_chat_with_the_koppas_and_tells_nothing_else(
    client: Client, invited: Invitation, pasar_a: Cooperative, frozen: Traveller
) -> None:
    Cooperative.objects.filter(pk=pasar_a.pk).update(whatsapp="+6281200000001")
    frozen.shift(LIFETIME)
    for page in (client.get(_link()), client.post(ACCEPT, CHOSEN)):
        assert page.status_code == 410
        text = page.content.decode()
        assert "https://wa.me/6281200000001" in text
        assert "Lapak Bu Sri" not in text


def test_of_two_posts_at_once_one_gets_in(
    client: Client, invited: Invitation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second comes after the first has looked at the link, and before it acts."""
    other, real = Client(), arrival._use

    def overtaken(*arguments: object) -> User:
        monkeypatch.setattr(arrival, "_use", real)
        assert other.post(ACCEPT, CHOSEN | {"password": "730154", "again": "730154"}).url
        return real(*arguments)

    monkeypatch.setattr(arrival, "_use", overtaken)
    assert client.post(ACCEPT, CHOSEN).status_code == 410
    assert "_auth_user_id" not in client.session
    assert User.objects.get(phone=NUMBER).check_password("730154")


def test_a_form_of_another_site_is_refused(invited: Invitation) -> None:
    assert Client(enforce_csrf_checks=True).post(ACCEPT, CHOSEN).status_code == 403


def test_a_second_stall_asks_for_the_own_pin_and_the_studio_shows_both(
    client: Client, stall_of_both: Stall, stall_a: Stall, trader_a: User, coordinator_b: User
) -> None:
    do_invite(stall_of_both, coordinator_b, SECRET, clock.now())
    page = client.get(_link()).content.decode()
    assert "Masuk dengan PIN Anda sendiri" in page
    assert 'name="again"' not in page
    wrong = client.post(ACCEPT, CHOSEN)
    assert "PIN belum cocok." in wrong.content.decode()
    assert "_auth_user_id" not in client.session
    assert client.post(ACCEPT, {"token": TOKEN, "password": PASSWORD}).status_code == 302
    for place, number in ((stall_of_both.cooperative, "1"), (stall_a.cooperative, "2")):
        Cooperative.objects.filter(pk=place.pk).update(whatsapp=f"+628120000000{number}")
    home = client.get("/studio/").content.decode()
    assert "https://wa.me/6281200000001" in home
    assert "https://wa.me/6281200000002" in home
    assert "Lapak Bumbu (contoh)" in home
    assert "Lapak Kedua (contoh)" in home
    trader_a.refresh_from_db()
    assert trader_a.check_password(PASSWORD)


def test_who_is_signed_in_adds_the_stall_by_one_press(
    client: Client, stall_of_both: Stall, trader_a: User, coordinator_b: User
) -> None:
    do_invite(stall_of_both, coordinator_b, SECRET, clock.now())
    client.force_login(trader_a)
    assert "Anda sudah masuk." in client.get(_link()).content.decode()
    assert client.post(ACCEPT, {"token": TOKEN}).status_code == 302
    stall_of_both.refresh_from_db()
    assert stall_of_both.trader == trader_a


@pytest.mark.parametrize("who", ["coordinator_b", "stranger", "trader_b"])
def test_whoever_else_is_signed_in_does_not_get_in_without_the_pin(
    client: Client,
    stall_of_both: Stall,
    coordinator_b: User,
    who: str,
    request: pytest.FixtureRequest,
) -> None:
    do_invite(stall_of_both, coordinator_b, SECRET, clock.now())
    client.force_login(request.getfixturevalue(who))
    for data in ({"token": TOKEN}, CHOSEN):
        assert client.post(ACCEPT, data).status_code == 200
    stall_of_both.refresh_from_db()
    assert stall_of_both.trader is None


def test_tries_at_a_link_are_limited_as_at_the_door_and_note_no_secret(
    client: Client, stall_of_both: Stall, coordinator_b: User, settings: Settings
) -> None:
    settings.AXES_ENABLED, settings.AXES_FAILURE_LIMIT = True, 3
    do_invite(stall_of_both, coordinator_b, SECRET, clock.now())
    statuses = [client.post(ACCEPT, CHOSEN).status_code for _try in range(3)]
    assert statuses == [200, 200, 429]
    right = {"token": TOKEN, "password": PASSWORD}
    assert client.post(ACCEPT, right).status_code == 429
    door = {"username": "0813 1111 2222", "password": PASSWORD}
    assert client.post("/studio/masuk/", door).status_code == 429
    noted = str(list(AccessAttempt.objects.values())) + str(list(AccessLog.objects.values()))
    assert SECRET not in noted
    assert "402916" not in noted


def test_a_lost_phone_is_signed_out_and_a_new_link_gives_a_new_pin(
    client: Client, studio: Client, stall_a: Stall, trader_a: User, coordinator_a: User
) -> None:
    assert studio.get("/studio/").status_code == 200
    moment = clock.now()
    do_lock_out(stall_a, coordinator_a, moment)
    assert studio.get("/studio/").status_code == 302
    door = {"username": trader_a.username, "password": PASSWORD}
    assert client.post("/studio/masuk/", door).status_code == 200
    do_invite(stall_a, coordinator_a, SECRET, moment)
    assert "Buat PIN baru." in client.get(_link()).content.decode()
    assert client.post(ACCEPT, CHOSEN).status_code == 302
    assert client.get("/studio/").status_code == 200
    assert studio.get("/studio/").status_code == 302


@pytest.mark.parametrize("number", ["081311112222", "0813-1111-2222", "+62 813 1111 2222"])
def test_later_the_door_opens_by_number_and_pin(
    client: Client, invited: Invitation, number: str
) -> None:
    client.post(ACCEPT, CHOSEN)
    later = Client()
    asked = later.get("/studio/produk/")
    assert asked["Location"] == "/studio/masuk/?next=/studio/produk/"
    page = later.get(asked["Location"]).content.decode()
    assert "Nomor WhatsApp" in page
    data = {"username": number, "password": "402916", "next": "/studio/produk/", "remember": "on"}
    assert later.post("/studio/masuk/", data)["Location"] == "/studio/produk/"


def test_a_wrong_pin_gets_one_sentence_that_betrays_nothing(
    client: Client, invited: Invitation
) -> None:
    client.post(ACCEPT, CHOSEN)
    for number in ("081311112222", "081399999999"):
        page = Client().post("/studio/masuk/", {"username": number, "password": "730154"})
        assert "Nomor atau PIN belum cocok." in page.content.decode()


def test_the_studio_can_be_put_on_the_home_screen(client: Client, studio: Client) -> None:
    page = studio.get("/studio/").content.decode()
    [address] = re.findall(r'<link rel="manifest" href="([^"]+)">', page)
    answer = client.get(address)
    assert answer["Content-Type"] == "application/manifest+json"
    data = answer.json()
    assert (data["start_url"], data["scope"], data["lang"]) == ("/studio/", "/studio/", "id")
    assert data["name"] == "Studio Siar untuk pedagang"
    assert address.startswith(data["scope"])
    home = client.get("/").content.decode()
    assert '<link rel="manifest" href="/site.webmanifest">' in home


@pytest.mark.parametrize("address", ["/studio/studio.webmanifest", "/site.webmanifest"])
def test_a_home_screen_finds_the_mark_in_pixels_and_whole_where_it_is_masked(
    client: Client, db: None, address: str
) -> None:
    icons = [each for each in client.get(address).json()["icons"] if each["type"] == "image/png"]
    told = {(each["sizes"], each["purpose"]) for each in icons}
    assert told == {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")}
    for each in icons:
        picture = Image.open(str(finders.find(each["src"].removeprefix(settings.STATIC_URL))))
        assert each["sizes"] == "{}x{}".format(*picture.size)
        corner = picture.getpixel((0, 0))
        assert corner == ((*BRAND, 255) if each["purpose"] == "maskable" else (0, 0, 0, 0))
        # A launcher may cut a maskable one to a circle of four fifths (W3C, Web App Manifest).
        radius = 0.4 * picture.width if each["purpose"] == "maskable" else picture.width
        assert _farthest(picture.convert("RGB")) <= radius


def _farthest(picture: Image.Image) -> float:
    """How far from the middle anything is seen that is neither ground nor edge."""
    half, light = picture.width / 2, 150
    return max(
        math.hypot(x - half, y - half)
        for x in range(picture.width)
        for y in range(picture.height)
        if picture.getpixel((x, y))[0] > light
    )
