"""The demo's channels: a day that repeats, in half hours of short programmes and fair breaks."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from django.db import transaction

from cms.channels.models import Channel, Filler, OwnWindow, PlannedEntry, WeeklySlot
from cms.channels.times import begin_of, local_date
from cms.cooperatives.models import Cooperative
from cms.demo.content.places import STATIONS, Station
from cms.demo.content.reels import REELS
from cms.demo.videos import video_of

HALF_HOUR = 1800
EVERY_DAY = list(range(7))


def do_create_stations(places: Mapping[str, Cooperative]) -> None:
    """Make the channels that are missing; their days are planned as their films come."""
    for station in STATIONS:
        channel, is_new = Channel.objects.get_or_create(
            slug=station.slug,
            defaults={
                "cooperative": places[station.cooperative],
                "name": station.name,
                "colour": station.colour,
                "parent": Channel.objects.filter(slug=station.follows).first(),
            },
        )
        if is_new:
            OwnWindow.objects.bulk_create(
                OwnWindow(channel=channel, start=time(first), end=time(last))
                for first, last in station.hours
            )


def do_plan_stations(now: datetime) -> None:
    """Plan every channel's day anew with the films that exist by now."""
    for station in STATIONS:
        channel = Channel.objects.filter(slug=station.slug).select_related("cooperative").first()
        if channel is not None:
            do_plan_day(channel, station, now)


@transaction.atomic
def do_plan_day(channel: Channel, station: Station, now: datetime) -> None:
    """Write the day that the channel repeats: yesterday's, so that today's is free to edit.

    A channel of which somebody has planned another day already stays as it is.
    """
    day = _planned_day(channel, now)
    if day is None:
        return
    if not channel.planned.exists():
        WeeklySlot.objects.bulk_create(fair_breaks(channel, station.fair_seconds))
    begin = begin_of(channel, day)
    made = {film: video_of(film) for film in {*station.lineup, *station.fillers}}
    videos = {film: video for film, video in made.items() if video is not None}
    lineup = [film for film in station.lineup if film in videos]
    channel.planned.all().delete()
    PlannedEntry.objects.bulk_create(
        PlannedEntry(channel=channel, video=videos[film], start=begin + timedelta(seconds=second))
        for second, film in day_of(lineup, station.fair_seconds)
    )
    held = set(channel.fillers.values_list("video_id", flat=True))
    Filler.objects.bulk_create(
        Filler(channel=channel, video=videos[film], sort_order=order)
        for order, film in enumerate(station.fillers)
        if film in videos and videos[film].pk not in held
    )


def _planned_day(channel: Channel, now: datetime) -> date | None:
    days = {local_date(channel, start) for start in channel.planned.values_list("start", flat=True)}
    if not days:
        return local_date(channel, now) - timedelta(days=1)
    return days.pop() if len(days) == 1 else None


def fair_breaks(channel: Channel, seconds: int) -> list[WeeklySlot]:
    """Return the fair breaks of `seconds` with which the half hours of every day end, unsaved."""
    midnight = datetime.combine(date.min, time())
    ends = (midnight + timedelta(seconds=HALF_HOUR * half) for half in range(1, 49))
    return [
        WeeklySlot(
            channel=channel,
            content=WeeklySlot.Content.FAIR,
            seconds=seconds,
            weekdays=EVERY_DAY,
            clock=(end - timedelta(seconds=seconds)).time(),
        )
        for end in (ends if seconds else ())
    ]


def day_of(lineup: list[str], fair_seconds: int = 0) -> list[tuple[int, str]]:
    """Return (second of the day, film) for 24 hours; each half hour begins with another film.

    The last `fair_seconds` of each half hour stay free.
    """
    room = HALF_HOUR - fair_seconds
    found: list[tuple[int, str]] = []
    for half in range(48 if lineup else 0):
        turn, second = half, 0.0
        while (length := REELS[lineup[turn % len(lineup)]].seconds) <= room - second:
            found.append((half * HALF_HOUR + round(second), lineup[turn % len(lineup)]))
            second += length
            turn += 1
    return found
