"""Channels of three time zones in one guide: nothing is lost at anybody's midnight."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from cms.channels.models import Channel
from cms.cooperatives.models import Cooperative, Region
from tests.site.conftest import put_rundown

ZONES = {
    "barat": ("Asia/Jakarta", 7),
    "tengah": ("Asia/Makassar", 8),
    "timur": ("Asia/Jayapura", 9),
}
BEGUN = datetime(2026, 11, 22, 15, tzinfo=UTC)
LINE = re.compile(r'<h2><a href="/guide/(\w+)/">.*?</ol>', re.S)
ROW = re.compile(r">(\d\d\.\d\d)</time><span><b>Film (\d+) ")


@pytest.fixture
def zones(inkoppas: Cooperative) -> dict[str, Channel]:
    """A channel a zone, each with a film an hour for four days."""
    channels = {}
    for slug, (zone, _) in ZONES.items():
        region = Region.objects.create(name=f"Wilayah {slug}", slug=slug)
        owner = inkoppas.add_child(
            name=slug, slug=slug, level="puskoppas", city=slug, zone=zone, region=region
        )
        channel = Channel.objects.create(cooperative=owner, name=slug, slug=slug)
        put_rundown(channel, BEGUN, [(f"Film {n} (contoh)", 3600, "") for n in range(96)])
        channels[slug] = channel
    return channels


@pytest.mark.parametrize("hour", [0, 1, 6, 22, 23])
@pytest.mark.parametrize("chosen", ZONES)
def test_every_line_has_the_films_of_the_window_by_the_clock_of_the_scale(get, zones, chosen, hour):
    page = get(f"/guide/?hari=2026-11-24&mulai={hour}", wilayah=chosen)
    offset = timedelta(hours=ZONES[chosen][1])
    start = datetime(2026, 11, 24, hour, tzinfo=UTC) - offset
    first = (start - BEGUN) // timedelta(hours=1)
    wanted = [(f"{(hour + n) % 24:02}.00", str(first + n)) for n in range(2)]
    lines = {found[1]: ROW.findall(found[0]) for found in LINE.finditer(page)}
    assert lines == dict.fromkeys(ZONES, wanted)


@pytest.mark.parametrize("slug", ZONES)
def test_a_part_of_the_day_is_by_the_channels_own_clock(get, zones, slug):
    page = get(f"/guide/{slug}/?hari=2026-11-24&mulai=0")
    midnight = datetime(2026, 11, 24, tzinfo=UTC) - timedelta(hours=ZONES[slug][1])
    first = (midnight - BEGUN) // timedelta(hours=1)
    wanted = [(f"{n:02}.00", str(first + n)) for n in range(6)]
    assert ROW.findall(page) == wanted
    assert "Semua jam dalam " + {"barat": "WIB", "tengah": "WITA", "timur": "WIT"}[slug] in page


def test_a_short_programme_that_is_alone_in_its_quarter_hour_is_shown_itself(get, inkoppas, now):
    channel = Channel.objects.create(cooperative=inkoppas, name="Sepi", slug="sepi")
    lines = [
        ("Kabar singkat (contoh)", 300, ""),
        ("", 600, ""),
        ("Film panjang (contoh)", 3600, ""),
    ]
    put_rundown(channel, now.replace(minute=15), lines)
    page = get("/guide/").split("<main")[1]
    assert "Kabar singkat (contoh)" in page
    assert "5 menit" in page
    assert "Lihat 1 acara" not in page
