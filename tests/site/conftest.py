"""A site with something on it: a channel on air, videos, a stall with a product on TV."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.test import Client, override_settings

from cms.channels import in_force
from cms.channels.models import Channel, RundownRecord
from cms.cooperatives.models import Cooperative
from cms.core import published
from cms.traders.models import FeaturedSegment
from cms.videos import contents
from cms.videos.models import Category, Chapter, Video
from media_pipeline.model.keys import rundown_file
from media_pipeline.model.rundown import Entry, Rundown, encode_value
from media_pipeline.model.ticks import TIMESCALE, ticks_of

MINUTE = 60


@pytest.fixture(autouse=True)
def store(tmp_path) -> Iterator[None]:
    """A published store of its own."""
    folder = tmp_path / "published"
    folder.mkdir()
    with override_settings(PUBLISHED={"kind": "local", "folder": folder}):
        in_force.forget()
        contents.forget()
        yield
    in_force.forget()
    contents.forget()


Line = tuple[str, float, str]
"""Title, seconds, key of the video ("" for none)."""


def put_rundown(channel: Channel, start: datetime, lines: list[Line]) -> None:
    """Put `lines` on air, end to end from `start`."""
    entries, tick = [], ticks_of(start)
    for number, (title, seconds, key) in enumerate(lines):
        duration = round(seconds * TIMESCALE)
        kind = "programme" if title else "filler"
        entry = Entry(
            id=str(number),
            start=tick,
            duration=duration,
            publication="0" * 32,
            count=1,
            msn=number,
            dsn=number,
            kind=kind,
            title=title,
            programme=key,
        )
        entries.append(entry)
        tick += duration
    rundown = Rundown(
        channel=channel.slug,
        name=channel.name,
        zone=str(channel.zone),
        version=1,
        written=start,
        entries=tuple(entries),
        slate="0" * 32,
    )
    published.store().write(rundown_file(channel.slug), encode_value(rundown))
    RundownRecord.objects.create(
        channel=channel, version=1, written=start, ends=start, entries=len(lines), checksum="0"
    )


@pytest.fixture
def rubrik(db: None) -> Category:
    """A rubrik."""
    return Category.objects.create(name="Dapur Pasar", slug="dapur-pasar")


@pytest.fixture
def video(video_a: Video, rubrik: Category, now: datetime) -> Video:
    """A published video of market A with chapters and words about it."""
    video_a.category = rubrik
    video_a.description = "Tempe digoreng dua kali (contoh)."
    video_a.first_published_at = video_a.last_published_at = now - timedelta(days=1)
    video_a.save()
    for start, title in ((0, "Bahan"), (30_000, "Menggoreng")):
        Chapter.objects.create(video=video_a, start_ms=start, title=title)
    video_a.media.renditions = [
        _rendition("a48", "audio", 0, 48_000),
        _rendition("v240", "video", 240, 366_000),
        _rendition("v360", "video", 360, 640_000),
    ]
    video_a.media.save()
    return video_a


def _rendition(name: str, kind: str, height: int, bits: int) -> dict[str, object]:
    return {
        "name": name,
        "kind": kind,
        "width": height * 16 // 9,
        "height": height,
        "bandwidth": bits,
        "average_bandwidth": bits,
    }


@pytest.fixture
def on_tv(segment_a: FeaturedSegment) -> FeaturedSegment:
    """The sambal, approved: its card shows in the video."""
    segment_a.state = FeaturedSegment.State.APPROVED
    segment_a.save()
    return segment_a


@pytest.fixture
def national(inkoppas: Cooperative, video: Video, now: datetime) -> Channel:
    """The national channel: the video is on since 13.00, something else from 14.00 to 15.00."""
    channel = Channel.objects.create(cooperative=inkoppas, name="Siar Nasional", slug="nasional")
    start = now.replace(hour=5, minute=0)
    lines = [
        ("Kabar Pagi (contoh)", 60 * MINUTE, ""),
        ("Dapur Pasar: sambal", 60 * MINUTE, str(video.key)),
        ("Jalan Rempah (contoh)", 60 * MINUTE, ""),
        ("", 30 * MINUTE, ""),
        ("Kelas Koperasi (contoh)", 30 * MINUTE, ""),
    ]
    put_rundown(channel, start, lines)
    return channel


@pytest.fixture
def regional(jatim: Cooperative, now: datetime) -> Channel:
    """The channel of Jawa Timur: one film of two hours."""
    channel = Channel.objects.create(cooperative=jatim, name="Siar Jawa Timur", slug="jatim")
    put_rundown(channel, now - timedelta(minutes=30), [("Film Jatim (contoh)", 120 * MINUTE, "")])
    return channel


@pytest.fixture
def get(client: Client) -> Callable[..., str]:
    """Return a function that fetches a page and gives its text."""

    def fetch(path: str, status: int = 200, **cookies: str) -> str:
        for name, value in cookies.items():
            client.cookies[name] = value
        answer = client.get(path)
        assert answer.status_code == status, path
        return answer.content.decode()

    return fetch
