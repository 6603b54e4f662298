"""The demo, whole: what is quick at once, then the films one after another.

Everything here may be called again: what is there stays, whoever changed it.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from cms.core.models import User
from cms.demo.content.reels import FIRST, REELS
from cms.demo.people import do_create_people, do_create_places
from cms.demo.shops import do_create_shops
from cms.demo.stations import do_create_stations, do_plan_stations
from cms.demo.stories import do_complete_stories, do_create_stories
from cms.demo.videos import do_upload_film, is_made
from cms.videos.models import Video

OnProgress = Callable[[str], None]
PLANNED_WHEN_MISSING = (len(REELS) // 2, 0)
"""How many films are missing when days are planned: each plan is a rundown of a megabyte."""


def do_create_demo(now: datetime, passwords: Mapping[str, str], on_progress: OnProgress) -> None:
    """Make everything but the films: co-operatives, accounts, stalls, channels, articles.

    `passwords` has one for each name of `content.places.LOGINS`.
    """
    on_progress("Koperasi dan akun")
    places = do_create_places(now)
    people = do_create_people(places, passwords)
    on_progress("Lapak dan produk")
    do_create_shops(places, people, now)
    do_create_stations(places)
    on_progress("Kabar")
    do_create_stories(places, people, now)


def do_make_film(film: str, now: datetime, *, seconds: float | None = None) -> Video | None:
    """Make and upload one film, and put it where it belongs; None if that was done before."""
    if is_made(film):
        return None
    video = do_upload_film(film, now, seconds=seconds)
    do_complete_stories(film, User.objects.get(username="moderator"))
    if len(missing_films()) in PLANNED_WHEN_MISSING:
        do_plan_stations(now)
    return video


def missing_films() -> list[str]:
    """Return the films that were never made, those that the first start waits for in front."""
    order = [*FIRST, *(film for film in REELS if film not in FIRST)]
    return [film for film in order if not is_made(film)]
