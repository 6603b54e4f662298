"""What a page costs the database does not grow with what is on it; it stays light (DESIGN.md)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import PIL.Image
import pytest
from django.core.files.images import ImageFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.images import get_image_model

from cms.articles.actions import do_ensure_root
from cms.articles.models import ArticlePage, SectionPage
from cms.channels.models import AiredEntry, Channel
from cms.cooperatives.models import Cooperative, Region
from cms.traders.models import Certificate, Commodity, FeaturedSegment, Product, Stall
from cms.videos.models import Category, Chapter, Video
from tests.site.conftest import put_rundown

FEW, MANY = 2, 20
HEAVIEST = 15_000
"""Bytes of HTML, not packed."""
LONG = {"/video/dapur-pasar/"}
"""It names every product and chapter of a film, and this film has twenty of each."""
PATHS = [
    "/",
    "/live/",
    "/live/nasional/",
    "/live/nasional/now.json",
    "/video/",
    "/video/?rubrik=dapur-pasar",
    "/video/dapur-pasar/",
    "/guide/",
    "/guide/nasional/",
    "/guide/nasional/ulang/",
    "/guide/nasional/kalender.ics",
    "/rubrik/dapur-pasar/",
    "/wilayah/",
    "/wilayah/jawa-timur/",
    "/pasar/",
    "/pasar/?tampil=produk",
    "/pasar/?q=contoh",
    "/pasar/pasar-a/",
    "/pasar/pasar-a/?tampil=produk",
    "/lapak/lapak-bumbu/",
    "/lapak/lapak-bumbu/sambal-bawang/",
    "/cari/?q=contoh",
    "/kabar/",
    "/kabar/kabar-1/",
    "/feed/",
    "/feed/wilayah/jawa-timur/",
    "/sitemap.xml",
    "/tv/",
    "/tv.m3u",
]


@pytest.fixture
def picture(tmp_path: Path, settings, db: None):
    """An image of the editors."""
    settings.MEDIA_ROOT = tmp_path / "files"
    data = BytesIO()
    PIL.Image.new("RGB", (700, 700), "orange").save(data, "JPEG")
    content = data.getvalue()

    def make(name: str):
        file = ImageFile(BytesIO(content), name=f"{name}.jpg")
        return get_image_model().objects.create(title=name, file=file)

    return make


@pytest.fixture
def add(
    picture,
    national: Channel,
    on_tv: FeaturedSegment,
    stall_a: Stall,
    jatim: Cooperative,
    make_video,
    now: datetime,
) -> Callable[[int], None]:
    """Return a function that adds one more of everything that lists show."""
    root = do_ensure_root(now)

    def one_more(number: int) -> None:
        film = _film(number, make_video, jatim, picture)
        market = _market(number, jatim)
        channel = Channel.objects.create(cooperative=market, name=f"S{number}", slug=f"s{number}")
        lines = [(f"Film {number}", 3600, str(film.key)), ("", 60, ""), ("Lagi", 3600, "")]
        put_rundown(channel, now - timedelta(minutes=30), lines)
        _aired(number, national, on_tv.video, now)
        for place in (market, stall_a.cooperative):
            _stall(number, place, picture)
        _on_tv(number, stall_a, on_tv.product, on_tv.video, picture)
        _article(number, root, market, picture, film.category, now)

    return one_more


def _film(number: int, make_video, place: Cooperative, picture) -> Video:
    film: Video = make_video(place, f"Film contoh {number}")
    film.cover_image = picture(f"film-{number}")
    film.category = Category.objects.get(slug="dapur-pasar")
    film.save()
    Category.objects.create(name=f"R{number}", slug=f"r{number}")
    return film


def _market(number: int, above: Cooperative) -> Cooperative:
    region = Region.objects.create(name=f"W{number}", slug=f"w{number}")
    above.refresh_from_db()
    made: Cooperative = above.add_child(
        name=f"K{number} (contoh)",
        slug=f"k{number}",
        level="koppas",
        market=f"Pasar {number}",
        city="Kota",
        region=above.region if number % 2 else region,
    )
    return made


def _aired(number: int, channel: Channel, video: Video, now: datetime) -> None:
    start = now - timedelta(hours=number)
    AiredEntry.objects.create(
        channel=channel,
        day=start.date(),
        entry=str(number),
        kind="promotion",
        title="Sambal",
        programme=str(video.key),
        publication="0" * 32,
        start=start,
        end=start + timedelta(seconds=90),
        promised_ms=90_000,
        shown_ms=90_000,
        status="aired",
    )


def _stall(number: int, place: Cooperative, picture) -> None:
    name = f"lapak-{place.slug}-{number}"
    stall = Stall.objects.create(
        cooperative=place, name=f"{name} (contoh)", slug=name, whatsapp="+6281200000000"
    )
    stall.commodities.add(Commodity.objects.create(name=name, slug=name))
    _product(stall, name, picture)


def _product(stall: Stall, name: str, picture) -> Product:
    return Product.objects.create(
        stall=stall,
        name=f"{name} (contoh)",
        slug=name,
        price=1000,
        unit="kg",
        image=picture(name),
        commodity=Commodity.objects.filter(slug=name).first(),
    )


def _on_tv(number: int, stall: Stall, first: Product, video: Video, picture) -> None:
    """One more product of a stall in the film, and one more turn and certificate of its first."""
    product = _product(stall, f"barang-{number}", picture)
    for each in (product, first):
        FeaturedSegment.objects.create(
            product=each, video=video, begin=number, end=number + 1, state="approved"
        )
    Certificate.objects.create(
        product=first, kind="halal", number=str(number), expires_on=date(2027, 1, 1)
    )
    Chapter.objects.create(video=video, start_ms=number * 1000 + 1, title=f"Bab {number}")


def _article(
    number: int, root: SectionPage, place: Cooperative, picture, rubrik: Category, now: datetime
) -> None:
    section = root.add_child(
        instance=SectionPage(title=f"B{number}", slug=f"b{number}", cooperative=place)
    )
    for above, slug in ((root, f"kabar-{number}"), (section, f"berita-{number}")):
        above.add_child(
            instance=ArticlePage(
                title=f"{slug} (contoh)",
                slug=slug,
                category=rubrik,
                cover=picture(slug),
                first_published_at=now,
            )
        )


def test_a_page_with_more_on_it_costs_no_more_queries_and_stays_light(client: Client, add) -> None:
    heavy: dict[str, int] = {}

    def queries(path: str) -> int:
        client.get(path)  # pictures of a size are made once
        with CaptureQueriesContext(connection) as spent:
            answer = client.get(path)
        assert answer.status_code == 200, path
        if len(answer.content) > HEAVIEST and "html" in answer.headers["Content-Type"]:
            heavy[path] = len(answer.content)
        return len(spent)

    for number in range(1, FEW + 1):
        add(number)
    few = {path: queries(path) for path in PATHS}
    for number in range(FEW + 1, MANY + 1):
        add(number)
    many = {path: queries(path) for path in PATHS}
    assert {path: (few[path], many[path]) for path in PATHS if many[path] > few[path]} == {}
    assert heavy.keys() <= LONG, heavy
