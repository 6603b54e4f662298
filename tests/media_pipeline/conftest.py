"""Publications as values, for tests that need no media."""

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
import pytest

from media_pipeline.model.publication import Publication, Rendition, Segment, Span

WIDTHS = {144: 256, 240: 426, 360: 640, 480: 854, 720: 1280, 1080: 1920}

MakePublication = Callable[..., Publication]


def make_publication(
    name: str = "a",
    lengths: tuple[int, ...] = (360_000, 360_000, 180_000),
    rungs: tuple[int, ...] = (144, 240, 360),
    state: str = "whole",
) -> Publication:
    """A publication in house format; `lengths` are its segments' ticks."""
    videos = tuple(_video(rung, lengths) for rung in rungs)
    return Publication(
        id=name * 32 if len(name) == 1 else name,
        state=state,  # type: ignore[arg-type]
        created=datetime(2026, 11, 24, tzinfo=UTC),
        frame_rate=25,
        width=WIDTHS[rungs[-1]],
        height=rungs[-1],
        renditions=(*videos, _audio(lengths)),
    )


def _video(rung: int, lengths: tuple[int, ...]) -> Rendition:
    name = f"v{rung}"
    return Rendition(
        name=name,
        kind="video",
        codec="avc1.64001f",
        timescale=90_000,
        init=Span(f"{name}/init.mp4", 0, 800),
        segments=tuple(
            Segment(f"{name}/{n:05d}.m4s", 0, 10_000, ticks) for n, ticks in enumerate(lengths, 1)
        ),
        bandwidth=rung * 2_000,
        average_bandwidth=rung * 1_500,
        width=WIDTHS[rung],
        height=rung,
    )


def _audio(lengths: tuple[int, ...]) -> Rendition:
    return Rendition(
        name="a48",
        kind="audio",
        codec="mp4a.40.2",
        timescale=48_000,
        init=Span("a48/init.mp4", 0, 700),
        segments=tuple(
            Segment(f"a48/{n:05d}.m4s", 0, 24_000, ticks * 48_000 // 90_000 // 1024 * 1024)
            for n, ticks in enumerate(lengths, 1)
        ),
        bandwidth=52_000,
        average_bandwidth=49_000,
        language="id",
        channels=2,
    )


@pytest.fixture(scope="session")
def with_high_sound() -> Callable[[Publication], Publication]:
    return _with_high_sound


@pytest.fixture(scope="session")
def with_opus() -> Callable[[Publication], Publication]:
    return _with_opus


def _with_opus(made: Publication) -> Publication:
    """`made` with its sounds in Opus as well, and with the better ones."""
    both = _with_high_sound(made)
    opus = tuple(
        msgspec.structs.replace(
            sound,
            name=sound.name.replace("a112", "o64").replace("a48", "o28"),
            codec="opus",
            bandwidth=67_000 if sound.high else 31_000,
            average_bandwidth=66_000 if sound.high else 30_000,
            channels=2 if sound.high else 1,
        )
        for sound in (*both.sounds, *both.high_sounds)
    )
    return msgspec.structs.replace(both, renditions=(*both.renditions, *opus))


def _with_high_sound(made: Publication) -> Publication:
    """`made` with its sounds at a better quality as well."""
    high = tuple(
        msgspec.structs.replace(
            sound,
            name=sound.name.replace("a48", "a112"),
            bandwidth=120_000,
            average_bandwidth=112_000,
            high=True,
        )
        for sound in made.sounds
    )
    return msgspec.structs.replace(made, renditions=(*made.renditions, *high))


@pytest.fixture(scope="session")
def publication() -> MakePublication:
    return make_publication
