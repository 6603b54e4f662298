"""What the API lists, in pages, filtered, cached and in one language an address."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import PIL.Image
import pytest
from django.core.files.images import ImageFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings
from wagtail.images import get_image_model

from cms.api.application import Patience, api, patience
from cms.articles.actions import do_ensure_section
from cms.articles.models import ArticlePage
from cms.channels import guide
from cms.channels.models import Channel, RundownRecord
from cms.cooperatives.models import Cooperative
from cms.traders.models import FeaturedSegment, Product, Stall
from cms.videos.models import Video


def test_the_tree_names_the_co_operative_above(
    client: Client, pasar_a: Cooperative, pasar_c: Cooperative
) -> None:
    answer = client.get("/api/v1/cooperatives").json()
    parents = {each["slug"]: each["parent"] for each in answer["items"]}
    assert parents == {
        "inkoppas": None,
        "jatim": "inkoppas",
        "pasar-a": "jatim",
        "sulsel": "inkoppas",
        "pasar-c": "sulsel",
    }
    under = client.get("/api/v1/cooperatives?under=jatim&level=koppas").json()
    assert [each["slug"] for each in under["items"]] == ["pasar-a"]
    one = client.get("/api/v1/cooperatives/pasar-a").json()
    assert one["region"] == {"slug": "jawa-timur", "name": "Jawa Timur"}
    assert one["zone"] == "Asia/Jakarta"


def test_pages_follow_each_other_without_a_hole(client: Client, stall_a: Stall) -> None:
    for number in range(7):
        Product.objects.create(
            stall=stall_a, name=f"Produk {number}", slug=f"p{number}", price=1, unit="kg"
        )
    names, address = [], "/api/v1/products?limit=3&q=produk"
    while address:
        page = client.get(address).json()
        assert page["count"] == 7
        names += [each["name"] for each in page["items"]]
        parts = urlsplit(page["next"] or "")
        address = f"{parts.path}?{parts.query}" if page["next"] else ""
    assert names == [f"Produk {number}" for number in range(7)]
    assert page["previous"].endswith("limit=3&offset=3")


@pytest.mark.parametrize(
    ("asked", "has_next", "has_previous"),
    [("limit=4", False, False), ("limit=3", True, False), ("limit=2&offset=2", False, True)],
)
def test_a_page_that_ends_with_the_list_has_none_after_it(
    client: Client, stall_a: Stall, asked: str, has_next: bool, has_previous: bool
) -> None:
    for number in range(4):
        Product.objects.create(
            stall=stall_a, name=f"Produk {number}", slug=f"p{number}", price=1, unit="kg"
        )
    page = client.get(f"/api/v1/products?q=produk&{asked}").json()
    assert (bool(page["next"]), bool(page["previous"])) == (has_next, has_previous)


def test_a_product_tells_price_and_chat_but_no_number(
    client: Client, sambal: Product, stall_a: Stall
) -> None:
    answer = client.get(f"/api/v1/products/{sambal.key}")
    product = answer.json()
    assert product["price"] == 18500
    assert product["price_text"] == "Rp18.500"
    assert product["chat"] == f"http://testserver/chat/{sambal.key}/?di=api"
    assert product["stall"] == str(stall_a.key)
    stall = client.get(f"/api/v1/stalls/{stall_a.key}")
    for text in (answer.content.decode(), stall.content.decode()):
        assert "81234567890" not in text


def test_an_address_is_one_answer_in_one_language(client: Client, sambal: Product) -> None:
    client.cookies["django_language"] = "en"
    indonesian = client.get("/api/v1/products")
    english = client.get("/api/v1/products?lang=en")
    assert indonesian["Content-Language"] == "id"
    assert indonesian.json()["items"][0]["price_text"] == "Rp18.500"
    assert english["Content-Language"] == "en"
    assert english.json()["items"][0]["price_text"] == "Rp18,500"


def test_videos_are_filtered_by_tree_region_and_words(
    client: Client,
    video_a: Video,
    pasar_c: Cooperative,
    make_video: Callable[..., Video],
) -> None:
    make_video(pasar_c, "Kabar Makassar")

    def titles(query: str) -> list[str]:
        return [each["title"] for each in client.get(f"/api/v1/videos?{query}").json()["items"]]

    assert titles("cooperative=jatim") == ["Dapur Pasar"]
    assert titles("region=sulawesi-selatan") == ["Kabar Makassar"]
    assert titles("q=MAKASSAR") == ["Kabar Makassar"]
    assert titles("cooperative=tidak-ada") == []
    assert len(titles("")) == 2


def test_a_video_has_its_playlist_and_cards(
    client: Client, video_a: Video, segment_a: FeaturedSegment
) -> None:
    address = f"/api/v1/videos/{video_a.key}"
    assert client.get(address).json()["segments"] == []
    FeaturedSegment.objects.update(state="approved")
    video = client.get(address).json()
    assert video["playlist"] == f"http://testserver/vod/{video_a.key.hex}/master.m3u8"
    assert video["duration"] == 90.0
    assert video["segments"] == [
        {"product": str(segment_a.product.key), "begin": 5.0, "end": 20.0, "label": "Promosi"}
    ]


def test_a_channel_tells_now_next_and_its_playlist(
    client: Client, jatim: Cooperative, video_a: Video, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = Channel.objects.create(cooperative=jatim, name="Siar Jatim", slug="jatim-tv")
    start = datetime(2026, 11, 24, 6, tzinfo=UTC)
    RundownRecord.objects.create(
        channel=channel, version=1, written=start, ends=start, entries=1, checksum="x"
    )
    key, slug = str(video_a.key), video_a.slug
    first = guide.Programme(
        start, start + timedelta(minutes=5), "Dapur", "", "SU", "programme", key, slug
    )
    second = guide.Programme(
        first.end, first.end + timedelta(minutes=5), "Kabar", "", "R", "programme", "", ""
    )
    monkeypatch.setattr(guide, "on_air", lambda channel, now: first)
    monkeypatch.setattr(guide, "upcoming", lambda channel, now, count: [second][:count])
    days = []
    monkeypatch.setattr(guide, "day", lambda channel, day: days.append(day) or [first, second])

    answer = client.get("/api/v1/channels/jatim-tv")
    told = answer.json()
    assert told["playlist"] == "http://testserver/live/jatim-tv/master.m3u8"
    assert (told["now"]["title"], told["now"]["video"]) == ("Dapur", key)
    assert (told["next"]["title"], told["next"]["video"]) == ("Kabar", None)
    assert "max-age=10" in answer["Cache-Control"]
    day = client.get("/api/v1/channels/jatim-tv/guide?day=2026-11-24").json()
    assert [each["title"] for each in day] == ["Dapur", "Kabar"]
    assert str(days[0]) == "2026-11-24"
    assert client.get("/api/v1/channels/jatim-tv/guide?day=kemarin").status_code == 422


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-10-23", "2026-12-26"])
def test_the_guide_of_a_day_far_away_is_refused_in_one_sentence(
    client: Client, jatim: Cooperative, now: datetime, day: str
) -> None:
    channel = Channel.objects.create(cooperative=jatim, name="Jatim TV", slug="jatim-tv")
    RundownRecord.objects.create(
        channel=channel, version=1, written=now, ends=now, entries=1, checksum="x"
    )
    answer = client.get(f"/api/v1/channels/jatim-tv/guide?day={day}")
    assert answer.status_code == 422
    assert answer.json()["message"].startswith("Jadwal hanya dapat diminta 31 hari")


def test_what_did_not_change_is_not_sent_again(client: Client, sambal: Product) -> None:
    first = client.get("/api/v1/products")
    assert "public" in first["Cache-Control"]
    assert first["Access-Control-Allow-Origin"] == "*"
    again = client.get("/api/v1/products", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert again["ETag"] == first["ETag"]
    compressed = first["ETag"].removeprefix("W/")
    assert client.get("/api/v1/products", headers={"If-None-Match": compressed}).status_code == 304
    Product.objects.update(price=20_000)
    changed = client.get("/api/v1/products", headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200


@pytest.mark.parametrize(
    ("address", "status", "code", "sentence"),
    [
        ("products/00000000-0000-0000-0000-000000000000", 404, "not_found", "tidak ada"),
        ("videos?limit=0", 422, "invalid", "“limit”"),
        ("videos?limit=101", 422, "invalid", "“limit”"),
        ("videos?offset=-1", 422, "invalid", "“offset”"),
        ("products?stall=bukan-kunci", 422, "invalid", "“stall”"),
        ("tidak/ada", 404, "not_found", "tidak ada"),
        ("stalls?mine=1", 401, "sign_in", "Masuk dulu"),
        ("products?lang=en&limit=x", 422, "invalid", "“limit”"),
        ("products?q=%00", 422, "invalid", "“q”"),
        ("stalls?region=a%00b", 422, "invalid", "“region”"),
        ("videos?category=%00", 422, "invalid", "“category”"),
        ("articles?q=" + "a" * 81, 422, "invalid", "“q”"),
        ("cooperatives?under=%00", 422, "invalid", "“under”"),
        ("channels?cooperative=%00", 422, "invalid", "“cooperative”"),
        ("channels/a%00b/guide", 422, "invalid", "“slug”"),
    ],
)
@pytest.mark.django_db
def test_an_error_is_one_sentence_and_a_code(
    client: Client, address: str, status: int, code: str, sentence: str
) -> None:
    answer = client.get(f"/api/v1/{address}")
    assert answer.status_code == status
    body = answer.json()
    assert body.keys() == {"code", "message"}
    assert body["code"] == code
    assert sentence in body["message"]
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_an_address_that_asks_too_often_waits(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = Patience(rate=2)
    monkeypatch.setattr(patience, "_devices", few._devices)
    assert api.throttle == [patience]
    codes = [client.get("/api/v1/regions").status_code for _ in range(3)]
    assert codes == [200, 200, 429]
    assert client.get("/api/v1/regions")["Retry-After"] == "60"
    near = [client.get("/api/v1/regions", REMOTE_ADDR=f"2001:db8::{n}") for n in (1, 2, 3)]
    assert [answer.status_code for answer in near] == [200, 200, 429]


@pytest.mark.django_db
def test_nothing_can_be_written(client: Client) -> None:
    assert client.post("/api/v1/products", {}).status_code == 405


def test_a_longer_list_costs_no_more_queries(
    client: Client,
    pasar_a: Cooperative,
    pasar_b: Cooperative,
    stall_a: Stall,
    video_a: Video,
    make_video: Callable[..., Video],
    now: datetime,
    tmp_path: Path,
    settings: Settings,
) -> None:
    settings.MEDIA_ROOT = tmp_path
    section = do_ensure_section(pasar_a, now)

    def add(number: int) -> None:
        data = BytesIO()
        PIL.Image.new("RGB", (300, 300), "orange").save(data, "JPEG")
        image = get_image_model().objects.create(
            title="x", file=ImageFile(BytesIO(data.getvalue()), name=f"{number}.jpg")
        )
        Product.objects.create(
            stall=stall_a, name="x", slug=f"x{number}", price=1, unit="kg", image=image
        )
        video = make_video(pasar_a, f"Video {number}")
        Video.objects.filter(pk=video.pk).update(cover_image=image)
        section.add_child(instance=ArticlePage(title=f"Kabar {number}", slug=f"kabar-{number}"))

    def queries(kind: str) -> int:
        client.get(f"/api/v1/{kind}")  # the pictures of a size are made once
        with CaptureQueriesContext(connection) as spent:
            assert client.get(f"/api/v1/{kind}").status_code == 200
        return len(spent)

    add(1)
    few = {kind: queries(kind) for kind in ("products", "videos", "articles", "cooperatives")}
    for number in range(2, 6):
        add(number)
    assert {kind: queries(kind) for kind in few} == few
    assert max(few.values()) <= 6
