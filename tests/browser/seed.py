"""Content for the browser tests: a small tree, its people, short films on a channel.

Run as a program in the install's environment. `seed.py content` makes all but what is on air,
and writes `facts.json` beside the database: the logins by role, and the slugs of what was made.
`seed.py air` puts the channel on air. All goes through the actions that people use.
"""

import json
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402

from cms.articles.actions import do_ensure_root  # noqa: E402
from cms.channels.actions import do_extend_all, do_own_day  # noqa: E402
from cms.channels.models import Channel, Filler, PlannedEntry  # noqa: E402
from cms.channels.slates import do_ensure_slate  # noqa: E402
from cms.channels.times import local_date  # noqa: E402
from cms.cooperatives.actions import do_add_member, do_sync_all  # noqa: E402
from cms.cooperatives.models import Cooperative, Membership, Region  # noqa: E402
from cms.core import clock, facts  # noqa: E402
from cms.core.models import User  # noqa: E402
from cms.traders.actions import (  # noqa: E402
    do_approve_segment,
    do_save_product,
    do_save_segment,
    do_save_stall,
    do_submit_segment,
)
from cms.traders.models import FeaturedSegment, Product, Stall  # noqa: E402
from cms.videos.actions import do_create_video  # noqa: E402
from cms.videos.encoding import worker  # noqa: E402
from cms.videos.models import Category, Video  # noqa: E402
from media_pipeline.tools.binaries import ffmpeg  # noqa: E402

PASSWORD = "pasar-pagi-contoh"
CHANNEL = "nasional"
Role = Membership.Role

FILMS = (
    ("Kabar pagi (contoh)", "640x360", 9),
    ("Dapur pasar (contoh)", "426x240", 11),
    ("Kelas koperasi (contoh)", "256x144", 8),
    ("Promo sambal (contoh)", "640x360", 12),
)
"""Title, size and seconds: other rungs at each join."""

PAST = timedelta(minutes=4)
TURN = timedelta(seconds=25)
TURNS = 33
"""From one programme to the next, and how many: four minutes of them are over, ten are to come."""


def make_content() -> None:
    """Make everything but the programmes."""
    now = clock.now()
    admin = User.objects.create_superuser("admin", password=PASSWORD)
    inkoppas = Cooperative.add_root(
        name="Inkoppas (contoh)", slug="inkoppas", level="inkoppas", city="Jakarta"
    )
    market = make_tree(inkoppas)
    do_ensure_root(now)
    do_sync_all()
    logins = {"admin": ("admin", PASSWORD)} | make_people(market)
    category = Category.objects.create(name="Kabar Pasar", slug="kabar-pasar")
    videos = make_films(market, category, admin)
    make_segment(market, videos[3], admin)
    do_ensure_slate(clock.now())
    encode_all()
    facts.deliver_due(clock.now())
    about = {"market": market.slug, "channel": CHANNEL, "video": videos[0].slug}
    found = {"logins": logins} | about | {"promo": videos[3].slug}
    (settings.VAR / "facts.json").write_text(json.dumps(found))


def make_tree(inkoppas: Cooperative) -> Cooperative:
    """Make a province with two markets; return the first."""
    region = Region.objects.create(name="Jawa Timur", slug="jawa-timur")
    province = inkoppas.add_child(
        name="Puskoppas Jatim (contoh)",
        slug="jatim",
        level="puskoppas",
        city="Surabaya",
        region=region,
    )
    for name in ("Melati", "Kenanga"):
        province.add_child(
            name=f"Koppas {name} (contoh)",
            slug=name.lower(),
            level="koppas",
            market=f"Pasar {name} (contoh)",
            city="Surabaya",
            region=region,
        )
    return Cooperative.objects.get(slug="melati")


def make_people(market: Cooperative) -> dict[str, tuple[str, str]]:
    """Make one person a role in `market`, and an editor of the other market."""
    logins = {}
    for role in Role.values:
        user = User.objects.create_user(role, password=PASSWORD)
        do_add_member(user, market, Role(role))
        logins[role] = (role, PASSWORD)
    other = User.objects.create_user("tetangga", password=PASSWORD)
    do_add_member(other, Cooperative.objects.get(slug="kenanga"), Role.EDITOR)
    return logins | {"neighbour": ("tetangga", PASSWORD)}


def make_films(market: Cooperative, category: Category, user: User) -> list[Video]:
    """Make, encode and publish the short films."""
    videos = []
    with tempfile.TemporaryDirectory() as folder:
        for number, (title, size, seconds) in enumerate(FILMS):
            path = Path(folder) / f"film-{number}.mp4"
            film(path, size, seconds, number)
            videos.append(
                do_create_video(market, title, path, user, clock.now(), category=category)
            )
            encode_all()
    for video in videos:
        video.refresh_from_db()
        video.save_revision(user=user).publish(user=user)
    return videos


def encode_all() -> None:
    """Be the worker until nothing waits."""
    while worker.run_next(clock.now):
        pass


def film(path: Path, size: str, seconds: int, number: int) -> None:
    """Write a moving picture of its own colour with a tone of its own pitch."""
    picture = f"testsrc2=s={size}:r=25:d={seconds},hue=h={number * 80}"
    command = [ffmpeg(), "-v", "error", "-f", "lavfi", "-i", picture]
    command += ["-f", "lavfi", "-i", f"sine={330 + 110 * number}:d={seconds}"]
    command += ["-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", str(path)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


def make_segment(market: Cooperative, video: Video, user: User) -> None:
    """Give the trader a stall, a product and an approved segment over all of `video`."""
    now = clock.now()
    trader = User.objects.get(username="trader")
    stall = Stall(
        cooperative=market,
        trader=trader,
        name="Lapak Bumbu (contoh)",
        block="A-12",
        whatsapp="+6281234567890",
    )
    do_save_stall(stall, user, now)
    product = Product(stall=stall, name="Sambal bawang 150 g (contoh)", price=18500, unit="botol")
    do_save_product(product, user, now)
    segment = FeaturedSegment(product=product, video=video, begin=1, end=11)
    do_save_segment(segment, user, now)
    do_submit_segment(segment, now)
    segment.refresh_from_db()
    do_approve_segment(segment, user, now)


def put_on_air() -> None:
    """Make a channel that has been on air for some minutes, with the films in turn, then as fillers.

    So nobody has to wait until something has aired. Nothing of the channel may be written before:
    what is planned begins after that.
    """
    began = clock.now() - PAST
    channel = Channel.objects.create(
        cooperative=Cooperative.objects.get(slug="inkoppas"),
        name="Siar Nasional (contoh)",
        slug=CHANNEL,
        horizon_hours=12,
    )
    videos = [Video.objects.get(title=title) for title, _size, _seconds in FILMS]
    Filler.objects.bulk_create(
        Filler(channel=channel, video=video, sort_order=n) for n, video in enumerate(videos)
    )
    plan(channel, videos, began + timedelta(seconds=30), TURNS)
    do_extend_all(began)
    facts.deliver_due(clock.now())


def plan(channel: Channel, videos: list[Video], earliest: datetime, turns: int) -> None:
    """Plan `videos` in turn, in the place of all that is planned from `earliest` on.

    What begins before that keeps its whole turn. Nothing is published.
    """
    for day in {local_date(channel, earliest + turn * TURN) for turn in range(turns + 1)}:
        do_own_day(channel, day)
    channel.planned.filter(start__gte=earliest).delete()
    last = channel.planned.order_by("-start").first()
    first = max(earliest, last.start + TURN) if last else earliest
    PlannedEntry.objects.bulk_create(
        PlannedEntry(channel=channel, video=videos[turn % len(videos)], start=first + turn * TURN)
        for turn in range(turns)
    )


if __name__ == "__main__":
    {"content": make_content, "air": put_on_air}[sys.argv[1]]()
