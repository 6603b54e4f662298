"""What is known of a title, and what an editor is told of it."""

from datetime import UTC, datetime

import msgspec
import pytest

from media_pipeline.model.analysis import Analysis, Bars
from media_pipeline.model.report import FINDING_CODES, Finding, Heard, Look, Stretch, Watched
from media_pipeline.model.source import AudioStream, Extent, Source
from media_pipeline.model.work import Job
from media_pipeline.planning.plan import make_plan
from media_pipeline.planning.supplements.report import report
from tests.media_pipeline.streams import make_video

VIDEO = make_video(1280, 720, time_base_den=1000)
TRACK = AudioStream(index=1, codec="aac", channels=2, sample_rate=48_000, start=0, language="id")
SOURCE = Source("mov", 1, 0.0, 100.0, VIDEO, (TRACK,))
FINE = Heard(loudness=-16.5, peak=-3.0, gain=0.5)
LIT = Watched(looks=tuple(Look(float(n), 110, 100, 5) for n in range(100)))


def job(
    picture: dict | None = None,
    *,
    extent: Extent | None = None,
    seen: Analysis | None = None,
    **facts,
) -> Job:
    source = msgspec.structs.replace(SOURCE, **facts)
    source = msgspec.structs.replace(
        source, video=msgspec.structs.replace(source.video, **(picture or {}))
    )
    plan = make_plan(source, extent or Extent(0, 100_000), seen)
    return Job("a" * 32, "0a1b2c3d4e5f", datetime(2026, 11, 24, tzinfo=UTC), source, plan, (), seen)


def found(made: Job, watched: Watched = LIT, heard: Heard = FINE) -> dict[str, dict]:
    findings = report(made, watched, heard)
    assert {finding.code for finding in findings} <= set(FINDING_CODES)
    return {finding.code: finding.values for finding in findings}


def test_an_ordinary_title_has_nothing_to_tell():
    assert report(job(), LIT, FINE) == ()


@pytest.mark.parametrize(
    ("picture", "finding"),
    [
        ({"width": 720, "height": 1280}, Finding("portrait")),
        ({"width": 854, "height": 480}, Finding("low_resolution", {"lines": 480})),
        ({"frame_rate": 12.5}, Finding("low_frame_rate", {"rate": 12.5})),
        ({"variable": True}, Finding("variable_rate", {"rate": 25})),
        ({"interlaced": True}, Finding("interlaced")),
        ({"dolby_alone": True}, Finding("dolby_vision")),
        ({"transfer": "arib-std-b67"}, Finding("high_dynamic_range", {"kind": "HLG"})),
    ],
)
def test_the_picture_tells(picture, finding):
    assert report(job(picture), LIT, FINE) == (finding,)


def test_what_samples_say_of_the_fields_counts_and_not_the_flag():
    lies = Analysis(frames=40, scan="progressive")
    assert found(job({"interlaced": True}, seen=lies)) == {}
    assert found(job(seen=Analysis(frames=40, scan="top"))) == {"interlaced": {}}


def test_streams_that_are_left_out_are_told():
    assert found(job(other_pictures=2)) == {"other_pictures": {"count": 2}}


def test_bars_are_told_where_they_take_much():
    wide = Analysis(frames=40, bars=Bars(top=0.12, bottom=0.12))
    assert found(job(seen=wide)) == {"black_bars": {"percent": 24}}
    assert found(job(seen=Analysis(frames=40, bars=Bars(top=0.02)))) == {}


def test_a_dark_picture_is_told_but_not_for_its_black_parts():
    dark = tuple(Look(float(n), 40, 60, 3) for n in range(100))
    assert found(job(), Watched(looks=dark)) == {"dark": {"percent": 11}}
    half = tuple(Look(float(n), 16 if n < 60 else 110, 60, 3) for n in range(100))
    watched = Watched(black=(Stretch(0, 59.9),), looks=half)
    assert found(job(), watched) == {"black_start": {"seconds": 59.9}}


def test_black_is_told_by_where_it_is():
    black = (Stretch(0, 3), Stretch(20, 22), Stretch(40, 47.2), Stretch(96, 100))
    assert found(job(), msgspec.structs.replace(LIT, black=black)) == {
        "black_start": {"seconds": 3},
        "black_end": {"seconds": 4},
        "black_parts": {"count": 2, "at": 40, "seconds": 7},
    }


def test_a_picture_that_freezes_is_told_but_slides_are_not():
    frozen = msgspec.structs.replace(LIT, frozen=(Stretch(30, 52),))
    assert found(job(), frozen) == {"frozen": {"count": 1, "at": 30, "seconds": 22}}
    assert found(job(seen=Analysis(frames=40, content="slides")), frozen) == {}
    still = msgspec.structs.replace(LIT, frozen=(Stretch(0, 45), Stretch(46, 99)))
    assert found(job(), still) == {}
    dark = msgspec.structs.replace(LIT, frozen=(Stretch(30, 52),), black=(Stretch(30, 52),))
    assert list(found(job(), dark)) == ["black_parts"]


def test_a_file_that_ends_before_it_says_so_is_told():
    half = job(extent=Extent(0, 41_000))
    assert found(half) == {"truncated": {"until": 41, "claimed": 100}}


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        (Heard(-25, -8, 9.0), {"raised": {"decibels": 9}}),
        (Heard(-9, -0.4, -7.0), {"lowered": {"decibels": 7}}),
        (Heard(-44, -20, 20.0), {"very_quiet": {"loudness": -44, "decibels": 20}}),
        (Heard(None, None, 0.0), {"near_silence": {}}),
        (Heard(-60, -40, 0.0), {"near_silence": {}}),
        (Heard(-8, 0.0, -8.0), {"lowered": {"decibels": 8}, "clipped": {"peak": 0.0}}),
        (
            Heard(-16, -3, 0.0, (Stretch(3, 5), Stretch(10, 19), Stretch(40, 46))),
            {"silent_parts": {"count": 2, "at": 10, "seconds": 9}},
        ),
    ],
)
def test_the_sound_tells(heard, expected):
    assert found(job(), LIT, heard) == expected


def test_a_title_without_sound_is_told():
    assert found(job(audio=()), LIT, Heard()) == {"no_sound": {}}


def test_languages_of_several_tracks_are_told():
    second = msgspec.structs.replace(TRACK, index=2, language="jv")
    assert found(job(audio=(TRACK, second))) == {"languages": {"languages": ("id", "jv")}}
