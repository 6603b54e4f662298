"""Programmes of a channel by the API: in pages, by its clock, and where they are watched again."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from tests.site.conftest import national, rubrik, store, video

__all__ = ["national", "rubrik", "store", "video"]

KABAR = int(datetime(2026, 11, 24, 5, tzinfo=UTC).timestamp())
PATH = "/api/v1/channels/nasional/programmes"


def test_what_comes_is_told_by_the_channels_clock_without_fillers(client: Client, national):
    answer = client.get(PATH).json()
    assert [each["title"] for each in answer["items"]] == [
        "Dapur Pasar: sambal",
        "Jalan Rempah (contoh)",
        "Kelas Koperasi (contoh)",
    ]
    assert answer["items"][1]["local"] == "2026-11-24T14:00:00+07:00"
    assert {each["playlist"] for each in answer["items"]} == {""}


def test_what_is_over_has_the_playlist_of_its_past(client: Client, national):
    """A moment without a zone is by the channel's clock."""
    first, *_ = client.get(f"{PATH}?since=2026-11-24T12:00:00").json()["items"]
    window = f"{KABAR}-{KABAR + 3600}"
    assert first["playlist"] == f"http://testserver/live/nasional/{window}/master.m3u8"


def test_programmes_come_in_pages(client: Client, national):
    page = client.get(f"{PATH}?since=2026-11-24T12:00:00&limit=2").json()
    assert (page["count"], len(page["items"])) == (4, 2)
    rest = client.get(page["next"].removeprefix("http://testserver")).json()
    assert [each["title"] for each in rest["items"]] == [
        "Jalan Rempah (contoh)",
        "Kelas Koperasi (contoh)",
    ]


@pytest.mark.parametrize(
    "question",
    [
        "since=0001-01-01T00:00:00Z",
        "since=9999-12-31T23:59:59Z",
        "until=2026-11-24T00:00:00Z",
        "until=2026-12-24T00:00:00Z",
    ],
)
def test_a_stretch_that_cannot_be_is_refused(client: Client, national, question):
    answer = client.get(f"{PATH}?{question}")
    assert answer.status_code == 422
    assert "tujuh hari" in answer.json()["message"]


def test_seven_days_can_be_asked_for_and_not_a_second_more(client: Client, national):
    week = "since=2026-11-20T00:00:00Z&until=2026-11-27T00:00:0{}Z"
    statuses = [client.get(f"{PATH}?{week.format(n)}").status_code for n in (0, 1)]
    assert statuses == [200, 422]


def test_channels_of_a_wilayah_can_be_asked_for(client: Client, national, jatim):
    assert client.get("/api/v1/channels?region=jawa-timur").json()["count"] == 0
    assert client.get("/api/v1/channels").json()["count"] == 1
