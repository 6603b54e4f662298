"""How long one worker plans the channels of a country.

    python -m benchmarks.planning [--channels 2968]

Makes an install with that many channels, each with a day of 24 programmes that
repeats and three fillers, and prints how long one worker takes for the first plan of all
(54 h each), for the next day of all, for a minute in which nothing ends, and for one
video that is withdrawn from ten channels, and how many were planned.

Target: the next day of all within 300 s.
"""

import logging
import os
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks import targets
from benchmarks.origin import made_publication
from media_pipeline.model.keys import publication_file
from media_pipeline.model.publication import encode_publication

TARGET = 300.0
"""Seconds for the next day of all."""
PROGRAMMES, FILLERS = 60, 12
AFFECTED = 10


def main() -> int:
    parser = targets.parser(__doc__)
    parser.add_argument("--channels", type=int, default=2968)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="siar-bench-", dir="/var/tmp") as folder:
        prepare(Path(folder))
        now = datetime.now(UTC).replace(microsecond=0)
        withdrawn = fill(wanted.channels, now)
        return _measure(now, withdrawn)


def prepare(folder: Path) -> None:
    """Set Django up for a database and a store of their own; `fill` makes the tables."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "cms.settings.test"
    os.environ.setdefault("SIAR_SECRET_KEY", "only for this")
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = str(folder / "siar.sqlite3")
    settings.PUBLISHED["folder"] = folder / "published"
    django.setup()
    logging.disable(logging.INFO)


def fill(channels: int, now: datetime) -> int:
    """Make what there is to plan; return the id of a video that AFFECTED channels show."""
    from django.core.management import call_command

    from cms.channels.models import Channel, Filler, InstallSlate, PlannedEntry
    from cms.cooperatives.models import Cooperative

    call_command("migrate", verbosity=0)
    apex = Cooperative.add_root(
        name="Inkoppas Contoh", slug="inkoppas", level="inkoppas", city="Jakarta"
    )
    slate = _video(apex, 0, 24)
    InstallSlate.objects.create(video=slate)
    fillers = [_video(apex, 1 + n, 20 + 11 * n) for n in range(FILLERS)]
    programmes = [_video(apex, 100 + n, 300 + 37 * n) for n in range(PROGRAMMES)]
    rare = _video(apex, 999, 600)
    made = Channel.objects.bulk_create(
        Channel(cooperative=apex, name=f"Saluran {n} (contoh)", slug=f"saluran-{n}")
        for n in range(channels)
    )
    Filler.objects.bulk_create(
        Filler(channel=channel, video=fillers[(n + k) % FILLERS], sort_order=k)
        for n, channel in enumerate(made)
        for k in range(3)
    )
    # By the channels' clock: it is a day of theirs that repeats.
    midnight = now.astimezone(ZoneInfo(apex.zone)).replace(hour=0, minute=0, second=0)
    PlannedEntry.objects.bulk_create(
        PlannedEntry(
            channel=channel,
            video=rare if n < AFFECTED and hour == 12 else programmes[(n + hour) % PROGRAMMES],
            start=midnight + timedelta(hours=hour, minutes=n % 60),
        )
        for n, channel in enumerate(made)
        for hour in range(24)
    )
    return rare.pk


def _video(cooperative: object, number: int, seconds: int):  # type: ignore[no-untyped-def]
    from cms.core import published
    from cms.videos.models import Media, Video

    made = made_publication(number, seconds)
    published.store().write(publication_file(made.id), encode_publication(made))
    title = f"Contoh {number}"
    video = Video.objects.create(
        cooperative=cooperative, title=title, slug=f"contoh-{number}", live=True
    )
    Media.objects.create(video=video, publication=made.id, duration_ms=seconds * 1000)
    return video


def _measure(now: datetime, withdrawn: int) -> int:
    from cms.channels.actions import do_extend_all, do_publish_all
    from cms.channels.models import Channel
    from cms.videos.models import Video

    print(f"{'':40}{'seconds':>10}{'of CPU':>10}{'planned':>10}{'a channel, ms':>15}")
    later = now + timedelta(days=1)
    _line("all channels for the first time", lambda: do_extend_all(now))
    day = _line("the next day of all", lambda: do_extend_all(later))
    _line("a minute in which nothing ends", lambda: do_extend_all(later + timedelta(minutes=1)))
    Video.objects.filter(pk=withdrawn).update(live=False)
    using = Channel.objects.using_video(withdrawn)
    _line("one video withdrawn", lambda: len(do_publish_all(using, later + timedelta(minutes=2))))
    return targets.status(targets.verdict("seconds for the next day of all", day, TARGET))


def _line(name: str, work: Callable[[], int]) -> float:
    begin, busy = time.monotonic(), time.process_time()
    planned = work()
    took, used = time.monotonic() - begin, time.process_time() - busy
    each = f"{took / planned * 1000:15.1f}" if planned else f"{'':15}"
    print(f"{name:40}{took:10.1f}{used:10.1f}{planned:10}{each}")
    return took


if __name__ == "__main__":
    raise SystemExit(main())
