"""What programs read: feeds, sitemap, robots, manifest, the list for TV players."""

import json
from xml.etree import ElementTree

import pytest
from django.test import Client

from cms.channels.models import Channel
from cms.site.feeds import OfCategory

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def entries(text: str) -> list[ElementTree.Element]:
    return ElementTree.fromstring(text).findall(f"{ATOM}entry")


@pytest.mark.parametrize(
    "path", ["/feed/", "/feed/rubrik/dapur-pasar/", "/feed/wilayah/jawa-timur/"]
)
def test_each_feed_is_atom_with_absolute_addresses(get, video, path):
    (entry,) = entries(get(path))
    assert entry.findtext(f"{ATOM}title") == video.title
    link = entry.find(f"{ATOM}link")
    assert link is not None
    assert link.get("href") == f"http://testserver/video/{video.slug}/"
    root = ElementTree.fromstring(get(path))
    own = [a.get("href") for a in root.findall(f"{ATOM}link") if a.get("rel") == "self"]
    assert own == [f"http://testserver{path}"]


def test_a_feed_keeps_nothing_of_a_request_that_another_thread_could_read(rf, video):
    feed = OfCategory()
    answer = feed(rf.get("/feed/rubrik/dapur-pasar/"), slug="dapur-pasar")
    assert b'href="http://testserver/feed/rubrik/dapur-pasar/" rel="self"' in answer.content
    assert vars(feed) == {}


def test_a_feed_leaves_out_what_belongs_elsewhere(get, video, sulsel):
    assert entries(get("/feed/wilayah/sulawesi-selatan/")) == []
    get("/feed/rubrik/tidak-ada/", status=404)


def test_the_sitemap_names_every_public_page(get, video, national, sambal):
    root = ElementTree.fromstring(get("/sitemap.xml"))
    paths = {
        (node.text or "").removeprefix("http://testserver") for node in root.iter(f"{SITEMAP}loc")
    }
    assert {
        "/",
        f"/video/{video.slug}/",
        "/live/nasional/",
        "/rubrik/dapur-pasar/",
        "/wilayah/jawa-timur/",
        "/pasar/pasar-a/",
        "/lapak/lapak-bumbu/",
        "/lapak/lapak-bumbu/sambal-bawang/",
    } <= paths


def test_robots_are_kept_from_the_doors_of_people(get, db):
    text = get("/robots.txt")
    assert "Disallow: /admin/\n" in text
    assert "Sitemap: http://testserver/sitemap.xml" in text


def test_a_tv_player_gets_every_listed_channel(client: Client, national, regional):
    answer = client.get("/tv.m3u")
    assert answer.headers["Content-Type"].startswith("audio/x-mpegurl")
    lines = answer.content.decode().splitlines()
    assert lines[0] == "#EXTM3U"
    assert lines[1].startswith('#EXTINF:-1 tvg-id="nasional" tvg-name="Siar Nasional" tvg-logo="')
    assert lines[1].endswith('group-title="Nasional",Siar Nasional')
    assert lines[2] == "http://testserver/live/nasional/master.m3u8"
    assert 'group-title="Jawa Timur"' in lines[3]


def test_a_channels_name_cannot_break_the_list(get, national):
    Channel.objects.filter(pk=national.pk).update(name='Siar "A"\n#EXTINF:-1,x')
    lines = get("/tv.m3u").splitlines()
    assert len(lines) == 3
    assert "tvg-name=\"Siar 'A' #EXTINF:-1,x\"" in lines[1]


def test_a_channel_that_is_not_listed_is_in_no_list(get, national):
    Channel.objects.update(listed=False)
    assert "nasional" not in get("/tv.m3u") + get("/sitemap.xml")
    get("/live/nasional/")


def test_the_manifest_lets_a_phone_keep_siar(get, db):
    data = json.loads(get("/site.webmanifest"))
    assert data["start_url"] == "/"
    assert data["icons"][0]["src"].endswith("mark.svg")
