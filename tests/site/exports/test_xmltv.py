"""The guide as XMLTV: valid, by the channel's clock, written as it is sent."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient, Client
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from cms.channels import guide
from cms.channels.models import Channel, RundownRecord
from cms.site.exports import views, xmltv
from cms.site.exports.selection import Selection
from cms.site.exports.xmltv import plain
from cms.videos.models import Media, Video
from tests.site.conftest import MINUTE, put_rundown

DTD = etree.DTD(str(Path(__file__).with_name("xmltv.dtd")))


async def _whole(selection: Selection, now) -> bytes:
    return "".join([piece async for piece in xmltv.document(selection, "http://x", now)]).encode()


def read(text: bytes) -> etree._Element:
    """The document, which must be valid."""
    root = etree.fromstring(text)
    assert DTD.validate(root), DTD.error_log.filter_from_errors()
    return root


@pytest.fixture
def fetch(db):
    """Return a function that fetches a guide as a server under ASGI sends it."""

    def fetch_(path: str = "/tv.xml", status: int = 200, **headers: str) -> bytes:
        async def ask() -> tuple[int, bytes]:
            answer = await AsyncClient().get(path, headers=headers)
            if not answer.streaming:
                return answer.status_code, answer.content
            return answer.status_code, b"".join([part async for part in answer.streaming_content])

        got, text = async_to_sync(ask)()
        assert got == status
        return text

    return fetch_


def titles(root: etree._Element, channel: str) -> list[str | None]:
    found = root.iterfind(f"programme[@channel='{channel}.testserver']")
    return [programme.findtext("title") for programme in found]


def test_every_listed_channel_and_what_it_shows_is_told_and_valid(fetch, national, regional, video):
    root = read(fetch())
    assert [c.get("id") for c in root.iterfind("channel")] == [
        "nasional.testserver",
        "jatim.testserver",
    ]
    assert "Kelas Koperasi (contoh)" in titles(root, "nasional")
    (on,) = [p for p in root.iter("programme") if p.findtext("title") == "Dapur Pasar: sambal"]
    assert (on.get("start"), on.get("stop")) == ("20261124130000 +0700", "20261124140000 +0700")
    assert on.findtext("category") == "Dapur Pasar"
    assert on.findtext("desc") == "Tempe digoreng dua kali (contoh)."
    assert on.findtext("url") == f"http://testserver/video/{video.slug}/"
    assert on.find("rating").get("system") == "P3SPS"
    assert on.findtext("rating/value") == "SU"


def test_times_are_by_the_channels_own_clock(fetch, sulsel, now):
    channel = Channel.objects.create(cooperative=sulsel, name="Sulsel", slug="sulsel")
    put_rundown(channel, now, [("Film (contoh)", 30 * MINUTE, "")])
    (programme,) = read(fetch()).iterfind("programme")
    assert programme.get("start") == "20261124142400 +0800"


def test_one_wilayah_or_one_channel_can_be_asked_for(fetch, national, regional, sulsel):
    only = Channel.objects.create(cooperative=sulsel, name="Sulsel", slug="sulsel")
    put_rundown(only, national.rundowns.get().written, [("Film (contoh)", 60, "")])
    root = read(fetch("/tv/jawa-timur.xml"))
    assert [c.get("id") for c in root.iterfind("channel")] == [
        "nasional.testserver",
        "jatim.testserver",
    ]
    root = read(fetch("/tv/saluran/sulsel.xml"))
    assert [c.get("id") for c in root.iterfind("channel")] == ["sulsel.testserver"]
    fetch("/tv/tidak-ada.xml", status=404)
    fetch("/tv/saluran/tidak-ada.xml", status=404)


def test_names_of_channels_are_domains_and_the_usual_address_leads_to_the_guide(client, national):
    # What XMLTV's own validator asks of a name.
    assert re.fullmatch(
        r"[-a-zA-Z0-9]+(\.[-a-zA-Z0-9]+)+", xmltv.guide_id(national, "http://x.id:8000")
    )
    answer = client.get("/epg.xml")
    assert (answer.status_code, answer["location"]) == (301, "/tv.xml")


def test_a_channel_that_is_not_listed_is_in_no_guide(fetch, national, regional):
    Channel.objects.filter(slug="jatim").update(listed=False)
    assert b"jatim" not in fetch()
    fetch("/tv/saluran/jatim.xml", status=404)


def test_a_channel_without_programmes_is_there_and_empty(fetch, inkoppas, now):
    channel = Channel.objects.create(cooperative=inkoppas, name="Baru", slug="baru")
    put_rundown(channel, now, [("", 3600, "")])
    root = read(fetch())
    assert [c.findtext("display-name") for c in root.iterfind("channel")] == ["Baru"]
    assert root.find("programme") is None


@pytest.mark.parametrize("moment", ["withdrawn_at", "taken_down_at"])
def test_of_a_withdrawn_video_only_what_was_announced_is_told(fetch, national, video, now, moment):
    Media.objects.update(**{moment: now})
    (on,) = [p for p in read(fetch()).iter("programme") if "sambal" in (p.findtext("title") or "")]
    assert on.find("desc") is None
    assert on.findtext("url") == "http://testserver/live/nasional/"


def test_no_title_makes_the_guide_unreadable(fetch, national, inkoppas, now):
    Channel.objects.filter(pk=national.pk).update(name='Siar <"A"> & B\x08')
    put_odd = Channel.objects.create(cooperative=inkoppas, name="Aneh", slug="aneh")
    put_rundown(put_odd, now, [("Nasi & <tempe>\x0b\ufffe\nkecap", 60 * MINUTE, "")])
    root = read(fetch())
    assert root.findtext("channel/display-name") == "Aneh"
    assert titles(root, "aneh") == ["Nasi & <tempe> kecap"]


@given(st.text())
def test_any_text_is_left_readable_on_one_line(text):
    made = plain(text)
    node = etree.Element("title")
    node.text = made  # lxml refuses what XML does
    assert "\n" not in made


def test_a_channel_of_short_films_has_rows_that_stand_for_many(fetch, inkoppas, now):
    channel = Channel.objects.create(cooperative=inkoppas, name="Pendek", slug="pendek")
    films = [(f"Film {n % 10} (contoh)", 30, "") for n in range(2880)]
    put_rundown(channel, now - timedelta(hours=13), films)
    found = titles(read(fetch()), "pendek")
    assert 90 < len(found) < 200
    assert re.fullmatch(r"Film \d \(contoh\)( · Film \d \(contoh\)){2}", found[1])


def test_what_runs_over_midnight_is_told_once(fetch, inkoppas, now):
    channel = Channel.objects.create(cooperative=inkoppas, name="Malam", slug="malam")
    put_rundown(channel, now.replace(hour=15), [("Wayang (contoh)", 5 * 3600, "")])
    assert titles(read(fetch()), "malam") == ["Wayang (contoh)"]


def test_the_guide_is_written_as_it_is_sent(inkoppas, now):
    """However many channels there are, none is looked at before its piece is asked for."""
    channels = [
        Channel(pk=n, cooperative=inkoppas, name=f"Saluran {n}", slug=f"saluran-{n}")
        for n in range(2968)
    ]
    looked: list[str] = []

    async def some() -> int:
        pieces = xmltv.document(Selection(channels, "/tv", timedelta(days=1)), "http://x", now)
        largest = 0
        for _ in range(1 + 2968 + 20):
            largest = max(largest, len(await anext(pieces)))
        return largest

    def day(channel: Channel, when) -> list[guide.Programme]:
        looked.append(channel.slug)
        return [guide.Programme(now, now, "Acara", "", "SU", "programme", "", "")]

    with patch.object(guide, "unlinked_day", day):
        largest = asyncio.run(some())
    assert len(looked) == 20
    assert set(looked) == {"saluran-0", "saluran-1", "saluran-2"}
    assert largest < 1_000


def test_channels_that_show_the_same_ask_the_database_once(
    national, inkoppas, video, now, django_assert_max_num_queries
):
    lines = [("Dapur Pasar", 60 * MINUTE, str(video.key))]
    for n in range(20):
        channel = Channel.objects.create(cooperative=inkoppas, name=f"S{n}", slug=f"s{n}")
        put_rundown(channel, now, lines)
    shown = list(Channel.objects.select_related("cooperative__region", "logo"))
    with django_assert_max_num_queries(4):
        text = async_to_sync(_whole)(Selection(shown, "/tv", timedelta(days=1)), now)
    assert text.count(b"<category") >= 20


def test_who_has_it_is_not_sent_it_again(client: Client, national, regional, video):
    first = client.get("/tv/saluran/nasional.xml")
    tag, changed = first.headers["ETag"], first.headers["Last-Modified"]
    assert "max-age=900" in first.headers["Cache-Control"]
    assert "public" in first.headers["Cache-Control"]
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    again = client.get("/tv/saluran/nasional.xml", headers={"if-none-match": tag})
    assert (again.status_code, again.headers["ETag"]) == (304, tag)
    by_date = client.get("/tv/saluran/nasional.xml", headers={"if-modified-since": changed})
    assert by_date.status_code == 304
    other = client.get("/tv/saluran/jatim.xml", headers={"if-none-match": tag})
    assert other.status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        lambda: Channel.objects.filter(slug="nasional").update(name="Lain"),
        lambda: Video.objects.update(live=False),
        lambda: RundownRecord.objects.create(
            channel=Channel.objects.get(slug="jatim"),
            version=2,
            written=RundownRecord.objects.latest("pk").written,
            ends=RundownRecord.objects.latest("pk").ends,
            entries=1,
            checksum="1",
        ),
    ],
    ids=["its name", "a video", "a rundown it may follow"],
)
def test_what_changes_a_guide_changes_its_tag(client: Client, national, regional, video, change):
    tag = client.head("/tv/saluran/nasional.xml").headers["ETag"]
    change()
    assert client.head("/tv/saluran/nasional.xml").headers["ETag"] != tag


def test_it_is_sent_packed_to_who_takes_that(national):
    async def ask() -> tuple[str, bytes]:
        answer = await AsyncClient().get("/tv.xml", headers={"accept-encoding": "gzip"})
        body = b"".join([part async for part in answer.streaming_content])
        return answer.headers["Content-Encoding"], body

    encoding, body = async_to_sync(ask)()
    assert encoding == "gzip"
    assert body.startswith(b"\x1f\x8b")


def test_guides_that_are_asked_for_at_once_take_turns():
    running, most = 0, 0

    async def pieces() -> AsyncIterator[str]:
        nonlocal running, most
        for _ in range(3):
            running += 1
            most = max(most, running)
            for _ in range(5):
                await asyncio.sleep(0)
            running -= 1
            yield "x"

    async def read_all() -> str:
        return "".join([piece async for piece in views.in_turns(pieces())])

    async def all_at_once() -> list[str]:
        return await asyncio.gather(*(read_all() for _ in range(6)))

    with patch.object(views, "turns", asyncio.Semaphore(views.AT_ONCE)):
        assert asyncio.run(all_at_once()) == ["xxx"] * 6
    assert most == views.AT_ONCE
