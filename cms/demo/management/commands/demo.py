"""`manage.py demo`: make the demo content, or what is missing of it."""

import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cms.channels.actions import do_extend_all
from cms.channels.models import RundownRecord
from cms.channels.slates import do_ensure_slate
from cms.core import clock
from cms.core.delivery import deliver_due
from cms.demo.actions import do_create_demo, do_make_film, missing_films
from cms.demo.content.places import LOGINS, STATIONS
from cms.demo.content.reels import FIRST
from cms.demo.past import do_air_past
from cms.demo.stations import do_plan_stations
from cms.demo.tasks import make_next_film
from cms.demo.videos import video_of
from cms.videos.encoding import worker
from cms.videos.models import Video
from setup import install

PATIENCE = 600
"""Seconds to wait for the first films; a machine that needs longer goes on in the worker."""


class Command(BaseCommand):
    help = (
        "Make the demo content; what is there stays. With --first, until the channels are on air."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--first",
            action="store_true",
            help="make the first films here and leave the others to the worker",
        )

    def handle(self, *args: Any, first: bool, **options: Any) -> None:
        try:
            self.make(first=first)
        except KeyboardInterrupt:
            # Ctrl-C at `make run` is no fault; the next start goes on from here.
            sys.exit(130)

    def make(self, *, first: bool) -> None:
        """Make what is missing, whole or for a first start."""
        if first and not missing_films() and RundownRecord.objects.exists():
            return
        do_create_demo(clock.now(), _passwords(), self.say)
        if first:
            self.go_on_air()
            make_next_film.enqueue()
            return
        for film in missing_films():
            self.say(f"Film: {film}")
            do_make_film(film, clock.now())

    def go_on_air(self) -> None:
        """Make the first films and the still card, encode them here too, put channels on air."""
        self.say("Kartu jeda")
        do_ensure_slate(clock.now())
        for film in FIRST:
            self.say(f"Film: {film}")
            do_make_film(film, clock.now())
        self.say("Mengodekan film pertama")
        began = time.monotonic()
        while not _ready() and time.monotonic() - began < PATIENCE:
            # The worker takes its share of the same rows; whoever claims one runs it.
            if not worker.run_next(clock.now):
                time.sleep(0.5)
        deliver_due(clock.now())
        if not RundownRecord.objects.exists():
            (do_air_past if _ready() else do_plan_stations)(clock.now())
        do_extend_all(clock.now())
        on_air = RundownRecord.objects.values("channel").distinct().count()
        self.say(f"{on_air} dari {len(STATIONS)} saluran mengudara; film lain menyusul")

    def say(self, words: str) -> None:
        self.stdout.write(f"  contoh · {words}")
        self.stdout.flush()


def _ready() -> bool:
    """Return whether the first films can be shown and a channel can go on air."""
    slate = do_ensure_slate(clock.now())
    films = [video_of(film) for film in FIRST]
    wanted = [video.pk for video in (slate, *films) if video is not None]
    encoded = Video.objects.filter(pk__in=wanted).exclude(media__publication="")
    return encoded.count() == len(wanted)


def _passwords() -> dict[str, str]:
    """Return this install's password for each demo account, made and kept on the first call."""
    kept = install.load()
    for login in LOGINS:
        kept["logins"].setdefault(
            login.name, {"password": install.new_password(), "note": login.note}
        )
    install.save(kept)
    return {login.name: kept["logins"][login.name]["password"] for login in LOGINS}
