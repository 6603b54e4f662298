"""A channel in WIT of ten thousand entries a day, one of them withdrawn, as players read it."""

import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from icalendar import Calendar
from lxml import etree

from cms.channels.models import Channel, RundownRecord
from cms.cooperatives.models import Cooperative
from cms.core import published
from cms.site.exports import xmltv
from cms.site.exports.details import Details
from cms.videos.models import Video
from media_pipeline.model.keys import rundown_file
from media_pipeline.model.rundown import Entry, Rundown, encode_value
from media_pipeline.model.ticks import TIMESCALE, ticks_of

WIT = ZoneInfo("Asia/Jayapura")
A_DAY = 10_000
LENGTH = 864 * TIMESCALE // 100
"""8.64 s: every other entry begins between two seconds."""
CALLED = datetime(2026, 11, 24, 12, tzinfo=WIT)
"""When the call begins, as the first of its quarter hour."""
GONE = datetime(2026, 11, 24, 9, tzinfo=WIT)
"""When what was withdrawn since aired."""


@pytest.fixture
def papua(inkoppas: Cooperative, make_video, now: datetime) -> Channel:
    """The channel: a whole day of 24 November by its own clock, and half of the next."""
    place = inkoppas.add_child(
        name="Puskoppas Papua (contoh)",
        slug="papua",
        level="puskoppas",
        city="Jayapura",
        zone="Asia/Jayapura",
    )
    channel = Channel.objects.create(cooperative=place, name="Siar Papua", slug="papua")
    gone: Video = make_video(place, "Ditarik")
    gone.media.withdrawn_at = now
    gone.media.save()
    start = datetime(2026, 11, 24, tzinfo=WIT)
    entries = tuple(_entry(n, ticks_of(start), str(gone.key)) for n in range(A_DAY * 3 // 2))
    rundown = Rundown(
        channel="papua",
        name="Siar Papua",
        zone="Asia/Jayapura",
        version=1,
        written=start,
        entries=entries,
        slate="0" * 32,
    )
    published.store().write(rundown_file("papua"), encode_value(rundown))
    RundownRecord.objects.create(
        channel=channel, version=1, written=start, ends=start, entries=len(entries), checksum="0"
    )
    return channel


def _entry(number: int, begin: int, gone: str) -> Entry:
    start = begin + number * LENGTH
    # One that looks as an editor's own: it keeps a row.
    withdrawn = start <= ticks_of(GONE) < start + LENGTH
    called = start <= ticks_of(CALLED) < start + LENGTH
    title = "Ditarik (contoh)" if withdrawn else f"Film {number % 10} (contoh)"
    return Entry(
        id=str(number),
        start=start,
        duration=LENGTH,
        publication="0" * 32,
        count=1,
        msn=number,
        dsn=number,
        kind="azan" if called else "programme",
        title="Azan Zuhur" if called else title,
        note="Diceritakan (contoh)" if withdrawn else "",
        programme=gone if withdrawn else "",
    )


def test_players_read_a_guide_without_holes_by_the_channels_clock(papua, now):
    days = [
        xmltv.day_text(papua, date(2026, 11, 24 + n), Details(), "http://x", first=not n)
        for n in range(2)
    ]
    assert max(len(day) for day in days) < 60_000
    rows = list(etree.fromstring(f"<tv>{''.join(days)}</tv>"))
    spans = [(row.get("start"), row.get("stop")) for row in rows]
    assert {text[-5:] for span in spans for text in span} == {"+0900"}
    assert spans[0][0] == "20261124000000 +0900"
    assert all(one[1] == other[0] for one, other in pairwise(spans))
    assert all(start < stop for start, stop in spans)
    [row] = [row for row in rows if row.findtext("title") == "Ditarik (contoh)"]
    assert row.findtext("url") == "http://x/live/papua/"
    assert row.find("icon") is None


def test_a_calendar_keeps_the_films_that_follow_a_call(client: Client, papua):
    calendar = Calendar.from_ical(client.get("/guide/papua/kalender.ics").content)
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Asia/Jayapura"]
    events = calendar.walk("VEVENT")
    assert len(events) < 200
    quarter = [e for e in events if CALLED <= e["dtstart"].dt < CALLED + timedelta(minutes=15)]
    assert [str(e["summary"])[:4] for e in quarter] == ["Film"]
    assert not [e for e in events if "Azan" in str(e["summary"])]


def test_programs_get_all_of_a_day_in_pages_and_no_way_to_what_was_withdrawn(client: Client, papua):
    path = "/api/v1/channels/papua/programmes?since=2026-11-24T08:50:00&until=2026-11-24T09:10:00"
    rows, following = [], f"{path}&limit=50"
    while following:
        page = client.get(following.removeprefix("http://testserver")).json()
        rows += page["items"]
        following = page["next"]
    assert len(rows) == page["count"] == 140
    assert {row["local"][-6:] for row in rows} == {"+09:00"}
    for row in rows:
        start = int(datetime.fromisoformat(row["start"]).astimezone(UTC).timestamp())
        if row["title"] == "Ditarik (contoh)":
            assert (row["video"], row["playlist"]) == (None, "")
        else:
            assert re.search(rf"/live/papua/{start}-\d+/master\.m3u8$", row["playlist"])
