"""The door to a chat: it counts people, and leads to the stall's own number only."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import translation

from cms.audience import places, views
from cms.audience.devices import Devices
from cms.channels.models import Channel, RundownRecord
from cms.cooperatives.models import Cooperative
from cms.traders.links import tap_path, video_place
from cms.traders.models import FeaturedSegment, Product, Stall
from cms.videos.models import Video

pytestmark = pytest.mark.usefixtures("spool_folder")


def test_a_tap_opens_the_chat_and_is_counted(
    phone: Client, sambal: Product, video_a: Video, taps: Callable[[], int], spool_folder: Path
) -> None:
    answer = phone.get(tap_path(sambal, video_place(video_a)))
    assert answer.status_code == 302
    address = urlsplit(answer["Location"])
    assert (address.scheme, address.netloc, address.path) == ("https", "wa.me", "/6281234567890")
    assert "acara “Dapur Pasar” di Siar" in parse_qs(address.query)["text"][0]
    assert "no-store" in answer["Cache-Control"]
    assert taps() == 1
    (line,) = next(spool_folder.glob("*.log")).read_text().splitlines()
    assert line.startswith(f"{sambal.key.hex} video-{video_a.key.hex} {sambal.key.hex} ")
    assert "127.0.0.1" not in line


@pytest.mark.parametrize(
    "headers",
    [
        {"Purpose": "prefetch"},
        {"Sec-Purpose": "prefetch;prerender"},
        {"X-Moz": "prefetch"},
        {"User-Agent": "WhatsApp/2.24.6.77 A"},
        {"User-Agent": "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"},
        {"User-Agent": "TelegramBot (like TwitterBot)"},
        {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"User-Agent": ""},
    ],
)
def test_programs_that_look_ahead_are_not_counted(
    phone: Client, sambal: Product, headers: dict[str, str], taps: Callable[[], int]
) -> None:
    assert phone.get(tap_path(sambal, "lapak"), headers=headers).status_code == 302
    assert taps() == 0


def test_a_head_request_is_not_counted(
    phone: Client, sambal: Product, taps: Callable[[], int]
) -> None:
    assert phone.head(tap_path(sambal, "lapak")).status_code == 302
    assert taps() == 0


def test_the_in_app_browser_of_a_messenger_is_a_person(
    phone: Client, sambal: Product, taps: Callable[[], int]
) -> None:
    agent = (
        "Mozilla/5.0 (Linux; Android 13; SM-A145F) Chrome/142.0 Mobile Safari/537.36 Instagram 300"
    )
    phone.get(tap_path(sambal, "lapak"), headers={"User-Agent": agent})
    assert taps() == 1


def test_a_slip_of_the_thumb_counts_once_and_another_product_again(
    phone: Client, sambal: Product, tempe: Product, taps: Callable[[], int]
) -> None:
    for _ in range(3):
        assert phone.get(tap_path(sambal, "lapak")).status_code == 302
    phone.get(tap_path(tempe, "lapak"))
    assert taps() == 2


@pytest.mark.parametrize(
    ("di", "code"),
    [
        ("pasar", "pasar"),
        ("https://jahat.example", "lain"),
        ("siaran-tidak-ada", "siaran"),
        ("video-00000000000000000000000000000000", "video"),
        ("video-bukan-kunci", "video"),
        ("kabar-999999", "kabar"),
        ("kabar-x", "kabar"),
        ("lapak-" + "x" * 200, "lain"),
        ("pasar\nx y", "lain"),
        ("", "lain"),
    ],
)
def test_only_places_that_exist_are_counted_as_themselves(
    phone: Client, sambal: Product, di: str, code: str, spool_folder: Path
) -> None:
    answer = phone.get(f"/chat/{sambal.key}/", {"di": di})
    assert answer["Location"].startswith("https://wa.me/6281234567890?text=")
    (line,) = next(spool_folder.glob("*.log")).read_text().splitlines()
    assert line.split(" ")[:3] == [sambal.key.hex, code, sambal.key.hex]


def test_a_product_that_is_not_on_sale_leads_to_its_market(phone: Client, sambal: Product) -> None:
    sambal.active = False
    sambal.save()
    for path in (tap_path(sambal, "lapak"), f"/chat/{sambal.key}/toko/"):
        answer = phone.get(path)
        assert answer.status_code == 410
        said = answer.content.decode()
        assert "Produk ini tidak ditawarkan lagi" in said
        assert 'href="/pasar/pasar-a/"' in said
        assert "Sambal" not in said


def test_a_product_that_was_erased_leads_to_the_directory(phone: Client, sambal: Product) -> None:
    path = tap_path(sambal, "lapak")
    sambal.delete()
    answer = phone.get(path)
    assert answer.status_code == 404
    assert "Produk ini tidak ditawarkan lagi" in answer.content.decode()


@pytest.mark.parametrize("what", ["segment", "product", "stall", "other", ""])
def test_a_player_that_shows_a_card_learns_that_it_is_taken_down(
    phone: Client, segment_a: FeaturedSegment, tempe: Product, what: str
) -> None:
    FeaturedSegment.objects.update(state="approved")
    product = segment_a.product
    match what:
        case "segment":
            FeaturedSegment.objects.update(state="refused")
        case "product":
            Product.objects.filter(pk=product.pk).update(active=False)
        case "stall":
            Stall.objects.filter(pk=product.stall_id).update(active=False)
        case "other":
            product = tempe
    answer = phone.get(f"/chat/{product.key}/tampil.json?s={segment_a.key.hex}")
    assert answer.json() == {"shows": what == ""}
    assert "max-age=1" in answer["Cache-Control"]


def test_a_hidden_number_leads_to_the_office_and_is_never_in_the_answer(
    phone: Client, sambal: Product, pasar_a: Cooperative, taps: Callable[[], int]
) -> None:
    sambal.stall.hide_number = True
    sambal.stall.save()
    answer = phone.get(tap_path(sambal, "lapak"))
    assert answer.status_code == 200
    assert "belum bisa dihubungi" in answer.content.decode()
    assert "81234567890" not in answer.content.decode()
    assert taps() == 0
    Cooperative.objects.filter(pk=pasar_a.pk).update(whatsapp="+628111111111")
    answer = phone.get(tap_path(sambal, "lapak"))
    assert answer["Location"].startswith("https://wa.me/628111111111?")
    assert "81234567890" not in answer["Location"]


def test_a_flood_is_asked_to_wait(
    phone: Client, sambal: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "devices", Devices(rate=3))
    codes = [phone.get(tap_path(sambal, "lapak")).status_code for _ in range(5)]
    assert codes == [302, 302, 302, 429, 429]


def test_a_full_disk_costs_a_count_but_not_the_chat(
    phone: Client, sambal: Product, spool_folder: Path
) -> None:
    spool_folder.write_text("not a folder")
    assert phone.get(tap_path(sambal, "lapak")).status_code == 302


def test_the_message_is_indonesian_for_a_viewer_who_reads_english(
    phone: Client, sambal: Product
) -> None:
    with translation.override("en"):
        answer = phone.get(tap_path(sambal, "lapak"), headers={"accept-language": "en"})
    assert "Halo+Lapak" in answer["Location"] or "Halo%20Lapak" in answer["Location"]


def test_a_channel_with_capitals_and_underscores_in_its_address_is_a_place(
    jatim: Cooperative, now: datetime
) -> None:
    channel = Channel.objects.create(cooperative=jatim, name="Siar Jatim", slug="Siar_Jatim")
    RundownRecord.objects.create(
        channel=channel, version=1, written=now, ends=now, entries=1, checksum="x"
    )
    assert places.resolve("siaran-Siar_Jatim") == ("siaran-Siar_Jatim", "siaran Siar Jatim")
