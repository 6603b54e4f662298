"""Channels for TV players: names that cannot break the list, and catch-up that plays."""

import re
from datetime import UTC, datetime, timedelta

import httpx
import m3u8
import pytest
from asgiref.sync import async_to_sync
from django.test import Client

from cms.channels import guide
from cms.channels.actions import do_plan, do_publish_rundown
from cms.channels.models import Channel
from cms.cooperatives.models import Region
from cms.core import published
from media_pipeline.origin import create_origin
from tests.channels.conftest import channel, filler_seconds, make_video, slate, store

__all__ = ["channel", "filler_seconds", "make_video", "slate", "store"]

NOW = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)
PAIR = re.compile(r'([\w-]+)="([^"]*)"')


def pairs(line: str) -> dict[str, str]:
    return dict(PAIR.findall(line))


def lines_of(client: Client, path: str = "/tv.m3u") -> list[str]:
    answer = client.get(path)
    assert answer.headers["Content-Type"] == "audio/x-mpegurl; charset=utf-8"
    return answer.content.decode().splitlines()


@pytest.fixture
def on_air(channel: Channel, make_video) -> Channel:
    """A channel that shows two programmes, one after the other."""
    do_publish_rundown(channel, NOW)
    first, second = make_video("Kabar Pasar (contoh)", 60), make_video("Dapur (contoh)", 33.6)
    do_plan(channel, first, NOW + timedelta(seconds=300), NOW)
    do_plan(channel, second, NOW + timedelta(seconds=360), NOW)
    return channel


def test_the_list_names_channel_group_logo_and_guide(client: Client, on_air):
    head, entry, address = lines_of(client)
    assert pairs(head) == {
        "x-tvg-url": "http://testserver/tv.xml",
        "url-tvg": "http://testserver/tv.xml",
    }
    told = pairs(entry)
    assert (told["tvg-id"], told["tvg-name"]) == ("nasional.testserver", "Siar Nasional")
    assert told["group-title"] == "Nasional"
    assert told["tvg-logo"].startswith("http://testserver/")
    assert told["tvg-logo"].endswith(".png")
    assert told["catchup-days"] == "7"
    assert entry.endswith(",Siar Nasional")
    assert address == "http://testserver/live/nasional/master.m3u8"


def test_players_that_leave_at_a_join_get_a_list_of_mpeg_ts(client: Client, on_air):
    *_, address = lines_of(client, "/tv.m3u?ts=1")
    assert address == "http://testserver/live/nasional/ts.m3u8"
    tags = {client.head(f"/tv.m3u{query}").headers["ETag"] for query in ("", "?ts=1")}
    assert len(tags) == 2


def test_the_list_of_a_wilayah_leads_to_its_own_guide(client: Client, on_air, jatim):
    head, *_ = lines_of(client, "/tv/jawa-timur.m3u")
    assert pairs(head)["url-tvg"] == "http://testserver/tv/jawa-timur.xml"


@pytest.mark.parametrize(
    "name", ['Siar "A"\n#EXTINF:-1,x', "Pasar, Induk", "A\r\nhttp://lain/\x00", "{utc};a"]
)
def test_no_name_can_break_the_list(client: Client, on_air, name):
    Channel.objects.update(name=name)
    _, entry, address = lines_of(client)
    shown = " ".join(name.replace('"', "'").replace("\x00", " ").split())
    assert pairs(entry)["tvg-name"] == shown
    # Behind the last comma is the whole name: so Kodi reads it.
    assert entry.rpartition(",")[2] == " ".join(shown.replace(",", " ").split())
    assert address == "http://testserver/live/nasional/master.m3u8"


def test_a_wilayah_is_one_group_whatever_its_name(client: Client, on_air, jatim):
    Region.objects.filter(pk=jatim.region_id).update(name="Jawa; Timur")
    Channel.objects.update(cooperative=jatim)
    _, entry, _ = lines_of(client)
    assert pairs(entry)["group-title"] == "Jawa Timur"


def test_a_channel_that_is_not_listed_or_never_was_on_air_is_in_no_list(client: Client, on_air):
    Channel.objects.create(cooperative=on_air.cooperative, name="Baru", slug="baru")
    assert len(lines_of(client)) == 3
    Channel.objects.filter(slug="nasional").update(listed=False)
    assert len(lines_of(client)) == 1
    assert client.get("/tv/saluran/nasional.m3u").status_code == 404


def test_thousands_of_channels_cost_a_few_queries(
    client: Client, on_air, jatim, django_assert_max_num_queries
):
    many = [Channel(cooperative=jatim, name=f"Pasar {n}", slug=f"pasar-{n}") for n in range(2967)]
    made = Channel.objects.bulk_create(many)
    record = on_air.rundowns.latest("version")
    type(record).objects.bulk_create(
        type(record)(
            channel=each,
            version=1,
            written=record.written,
            ends=record.ends,
            entries=1,
            checksum="0",
        )
        for each in made
    )
    with django_assert_max_num_queries(12):
        lines = lines_of(client)
    assert len(lines) == 1 + 2 * 2968


@pytest.mark.parametrize("query", ["", "?ts=1"], ids=["all qualities", "MPEG-TS"])
def test_a_player_builds_the_address_of_a_programme_that_is_over_and_it_plays(
    client: Client, on_air, query, frozen
):
    """As Kodi does: the times of the guide, in seconds, for the placeholders of the list."""
    later = NOW + timedelta(minutes=30)
    frozen.move_to(later)
    template = pairs(lines_of(client, f"/tv.m3u{query}")[1])["catchup-source"]
    aired = [p for p in guide.between(on_air, NOW, later) if p.title == "Dapur (contoh)"]
    start, end = (int(moment.timestamp()) for moment in (aired[0].start, aired[0].end))
    address = template.replace("{utc}", str(start)).replace("{utcend}", str(end))
    origin = create_origin(published.store(), media_url="/media/", clock=lambda: later)

    async def ask(url: str) -> str:
        transport = httpx.ASGITransport(app=origin)
        async with httpx.AsyncClient(transport=transport) as player:
            answer = await player.get(url)
        assert answer.status_code == 200, url
        return answer.text

    try:
        found = m3u8.loads(async_to_sync(ask)(address), uri=address)
        text = async_to_sync(ask)(found.playlists[0].absolute_uri if found.is_variant else address)
    finally:
        origin.stop()
    playlist = m3u8.loads(text)
    assert playlist.is_endlist
    assert abs(sum(s.duration for s in playlist.segments) - 33.6) < 0.1
    publication = on_air.planned.last().video.media.publication
    assert all(f"/{publication}/" in segment.uri for segment in playlist.segments)
