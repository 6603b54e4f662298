"""A store with made publications, and channels that plan them."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.test import Client, override_settings
from time_machine import Traveller

from cms.channels import in_force
from cms.channels.actions import do_publish_rundown
from cms.channels.models import Channel, Filler, InstallSlate
from cms.channels.reels import reels
from cms.cooperatives.models import Cooperative
from cms.core import published
from cms.core.models import User
from cms.videos.models import Media, Video
from media_pipeline.model.keys import publication_file
from media_pipeline.model.publication import (
    Publication,
    Rendition,
    Segment,
    Span,
    encode_publication,
)
from media_pipeline.stores import Store
from tests.channels.made import item
from tests.channels.pages import NOW, after

MAKERS = {"v144": (192, 144), "v360": (640, 360)}


@pytest.fixture
def store(tmp_path) -> Iterator[Store]:
    """A published store of its own."""
    folder = tmp_path / "published"
    folder.mkdir()
    with override_settings(PUBLISHED={"kind": "local", "folder": folder}):
        in_force.forget()
        reels.clear()
        yield published.store()
    in_force.forget()
    reels.clear()


def put_publication(store: Store, number: int, seconds: float) -> str:
    """Write the description of a made publication of `seconds`; return its id."""
    ticks = item(number, seconds).durations
    renditions = []
    for name, (width, height) in MAKERS.items():
        renditions.append(
            _rendition(name, "video", "avc1.64001e", 90_000, ticks, width=width, height=height)
        )
    sound = tuple(t * 48_000 // 90_000 for t in ticks)
    renditions.append(_rendition("a48", "audio", "mp4a.40.2", 48_000, sound, channels=2))
    made = Publication(
        id=f"{number:032x}",
        state="whole",
        created=datetime(2026, 11, 1, tzinfo=UTC),
        frame_rate=25,
        width=640,
        height=360,
        renditions=tuple(renditions),
    )
    store.write(publication_file(made.id), encode_publication(made))
    return made.id


def _rendition(name, kind, codec, timescale, durations, **facts) -> Rendition:
    return Rendition(
        name=name,
        kind=kind,
        codec=codec,
        timescale=timescale,
        init=Span(f"{name}/init.mp4", 0, 800),
        segments=tuple(
            Segment(f"{name}/{n:05}.m4s", 0, 4000, d) for n, d in enumerate(durations, 1)
        ),
        bandwidth=90_000,
        average_bandwidth=80_000,
        **facts,
    )


@pytest.fixture
def make_video(store: Store, inkoppas: Cooperative) -> Callable[..., Video]:
    """Make a published video whose publication lies in the store."""
    made: list[int] = []

    def make(
        title: str, seconds: float = 60, *, cooperative: Cooperative = inkoppas, live: bool = True
    ) -> Video:
        made.append(number := len(made) + 1)
        video = Video.objects.create(
            cooperative=cooperative, title=title, slug=f"contoh-{number}", live=live
        )
        publication = put_publication(store, number, seconds)
        Media.objects.create(
            video=video, publication=publication, duration_ms=round(seconds * 1000)
        )
        return video

    return make


@pytest.fixture
def slate(make_video: Callable[..., Video]) -> Video:
    """The install's still card, encoded."""
    video = make_video("Kartu jeda", 24, live=False)
    InstallSlate.objects.create(video=video)
    return video


@pytest.fixture
def filler_seconds() -> tuple[float, float]:
    """How long the fillers of the channel are: two days of short ones are 7,000 entries."""
    return (200, 336)


@pytest.fixture
def channel(
    inkoppas: Cooperative,
    slate: Video,
    make_video: Callable[..., Video],
    filler_seconds: tuple[float, float],
) -> Channel:
    """A national channel with two fillers and nothing planned."""
    made = Channel.objects.create(cooperative=inkoppas, name="Siar Nasional", slug="nasional")
    for order, seconds in enumerate(filler_seconds):
        filler = make_video(f"Pengisi {order} (contoh)", seconds)
        Filler.objects.create(channel=made, video=filler, sort_order=order)
    return made


@pytest.fixture
def now() -> datetime:
    """The moment at which the tests of this folder act."""
    return NOW


@pytest.fixture
def clock(frozen: Traveller) -> Callable[[float], datetime]:
    """Return a function that sets the clock to seconds after `pages.NOW`, and returns that."""

    def to(seconds: float) -> datetime:
        frozen.move_to(after(seconds))
        return after(seconds)

    return to


@pytest.fixture
def on_air(channel: Channel) -> Channel:
    """The channel with its first rundown, of `pages.NOW`."""
    do_publish_rundown(channel, NOW)
    return channel


@pytest.fixture
def editor(client: Client, on_air: Channel, editor_national: User) -> Client:
    """The client of somebody who plans the channel on air."""
    client.force_login(editor_national)
    return client
