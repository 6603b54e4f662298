"""Reminders and calendars of a channel: read by a library, in the channel's zone."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from icalendar import Calendar

from cms.channels.models import Channel
from tests.site.conftest import MINUTE, put_rundown

JALAN = 1795503600
"""14.00 WIB of the fixture's day: Jalan Rempah begins."""


def read(client: Client, path: str, status: int = 200) -> Calendar:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(answer.content)


def test_one_programme_is_one_event_with_an_alarm(client: Client, national):
    (event,) = read(client, f"/guide/nasional/{JALAN}.ics").walk("VEVENT")
    assert event["summary"] == "Jalan Rempah (contoh)"
    assert event["dtstart"].dt.isoformat() == "2026-11-24T14:00:00+07:00"
    assert event["dtend"].dt.isoformat() == "2026-11-24T15:00:00+07:00"
    assert event["dtstart"].params["TZID"] == "Asia/Jakarta"
    assert event["url"] == "http://testserver/live/nasional/"
    (alarm,) = event.walk("VALARM")
    assert alarm["trigger"].dt == timedelta(minutes=-10)


def test_the_zone_of_its_times_is_in_the_file(client: Client, national):
    calendar = read(client, f"/guide/nasional/{JALAN}.ics")
    assert [zone["tzid"] for zone in calendar.walk("VTIMEZONE")] == ["Asia/Jakarta"]


def test_an_event_keeps_its_identity_when_its_start_moves(client: Client, national, video, now):
    def uid(second: int) -> str:
        return next(iter(read(client, f"/guide/nasional/{second}.ics").walk("VEVENT")))["uid"]

    before = uid(JALAN)
    lines = [
        ("Kabar Pagi (contoh)", 60 * MINUTE, ""),
        ("Dapur Pasar: sambal", 60 * MINUTE + 7, str(video.key)),
        ("Jalan Rempah (contoh)", 60 * MINUTE, ""),
    ]
    national.rundowns.all().delete()
    put_rundown(national, now.replace(hour=5, minute=0), lines)
    assert uid(JALAN + 7) == before
    assert client.get(f"/guide/nasional/{JALAN}.ics").status_code == 404


def test_a_channels_week_has_its_programmes_without_fillers_and_without_alarms(client, national):
    calendar = read(client, "/guide/nasional/kalender.ics")
    names = [str(event["summary"]) for event in calendar.walk("VEVENT")]
    assert names == [
        "Kabar Pagi (contoh)",
        "Dapur Pasar: sambal",
        "Jalan Rempah (contoh)",
        "Kelas Koperasi (contoh)",
    ]
    assert not calendar.walk("VALARM")
    assert calendar["x-wr-calname"] == "Siar Nasional"


@pytest.mark.parametrize("day", ["2026-11-25", "9999-12-31", "x"])
def test_a_day_can_be_asked_for_and_one_out_of_reach_is_none(client: Client, national, day):
    calendar = read(client, f"/guide/nasional/kalender.ics?hari={day}")
    assert bool(calendar.walk("VEVENT")) == (day != "2026-11-25")


def test_a_channel_of_short_films_fills_no_calendar(client: Client, inkoppas, now: datetime):
    channel = Channel.objects.create(cooperative=inkoppas, name="Pendek", slug="pendek")
    films = [(f"Film {n % 10} (contoh)", 30, "") for n in range(2880)]
    put_rundown(channel, now, films)
    assert len(read(client, "/guide/pendek/kalender.ics").walk("VEVENT")) < 120


@pytest.mark.parametrize("name", [f"{JALAN}.ics", "kalender.ics"])
def test_a_calendar_is_the_same_in_every_language_as_its_tag_is(client: Client, national, name):
    first = client.get(f"/guide/nasional/{name}")
    client.post("/bahasa/", {"language": "en", "next": "/"})
    assert '<html lang="en">' in client.get("/").content.decode()
    second = client.get(f"/guide/nasional/{name}")
    assert first.headers["ETag"] == second.headers["ETag"]
    assert first.content == second.content
    event = Calendar.from_ical(second.content).walk("VEVENT")[0]
    assert "Tonton: http" in event["description"]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (f"/guide/nasional/{JALAN}.ics", "text/calendar; charset=utf-8"),
        ("/guide/nasional/kalender.ics", "text/calendar; charset=utf-8"),
        ("/tv.m3u", "audio/x-mpegurl; charset=utf-8"),
        ("/tv.xml", "application/xml; charset=utf-8"),
    ],
)
def test_who_only_asks_about_a_file_learns_what_it_is(client: Client, national, path, kind):
    asked, whole = client.head(path), client.get(path)
    assert asked.headers["Content-Type"] == whole.headers["Content-Type"] == kind
    assert asked.headers.get("Content-Disposition") == whole.headers.get("Content-Disposition")
    assert asked.headers.get("Content-Length") != "0"
    assert asked.headers["ETag"] == whole.headers["ETag"]


def test_odd_titles_stay_one_event(client: Client, inkoppas, now: datetime):
    channel = Channel.objects.create(cooperative=inkoppas, name="Aneh; a, b", slug="aneh")
    title = 'Nasi, "goreng"; \\ pedas\nEND:VEVENT'
    put_rundown(channel, now, [(title, 30 * MINUTE, "")])
    (event,) = read(client, "/guide/aneh/kalender.ics").walk("VEVENT")
    assert event["summary"] == title


@pytest.mark.parametrize("second", [0, JALAN - 1, 2**33, 10**30])
def test_a_second_at_which_nothing_begins_is_no_event(client: Client, national, second):
    assert client.get(f"/guide/nasional/{second}.ics").status_code == 404
