"""What programs read: feeds, sitemap, robots, manifest."""

import json
from xml.etree import ElementTree

import pytest

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


def test_a_channel_that_is_not_listed_is_in_no_list(get, national):
    Channel.objects.update(listed=False)
    assert "nasional" not in get("/sitemap.xml")
    get("/live/nasional/")


def test_the_manifest_lets_a_phone_keep_siar(get, db):
    data = json.loads(get("/site.webmanifest"))
    assert data["start_url"] == "/"
    assert data["icons"][0]["src"].endswith("mark.svg")
