"""The rungs that a source gets."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media_pipeline.model.analysis import Analysis, Content
from media_pipeline.model.source import VideoStream
from media_pipeline.planning.video.ladder import HOUSE_RATES, av1_rungs, house_rate, ladder
from tests.media_pipeline.streams import make_video


def picture(width: int, height: int) -> VideoStream:
    return make_video(width, height, time_base_den=12_800)


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (1920, 1080, "256x144 426x240 640x360 854x480 1280x720 1920x1080"),
        (3840, 2160, "256x144 426x240 640x360 854x480 1280x720 1920x1080"),
        # Portrait: the short side is the rung.
        (1080, 1920, "144x256 240x426 360x640 480x854 720x1280 1080x1920"),
        (640, 360, "256x144 426x240 640x360"),
        # A size between rungs is the top one, under the next name, never larger than it is.
        (1024, 576, "256x144 426x240 640x360 854x480 1024x576"),
        (1280, 718, "256x144 428x240 642x360 856x480 1280x718"),
        # Only a little above a rung: not worth another.
        (1920, 800, "346x144 576x240 864x360 1152x480 1728x720"),
        # Below the lowest rung: one, at its own size.
        (100, 60, "100x60"),
        (321, 181, "256x144 320x180"),
    ],
)
def test_the_ladder_reaches_as_far_as_the_source(width, height, expected):
    rungs = ladder(picture(width, height), 25)
    assert " ".join(f"{rung.width}x{rung.height}" for rung in rungs) == expected


@given(st.integers(32, 4000), st.integers(32, 4000), st.sampled_from([24, 25, 30, 50, 60]))
def test_no_rung_is_larger_than_the_source_and_all_are_even(width, height, rate):
    rungs = ladder(picture(width, height), rate)
    assert rungs[0].name == "v144"
    assert len({rung.name for rung in rungs}) == len(rungs)
    for rung in rungs:
        assert rung.width % 2 == rung.height % 2 == 0
        # Rounding to an even long side may add a pixel, never more.
        assert rung.width <= width + 1
        assert rung.height <= height + 1
        assert (rung.width >= rung.height) == (width >= height) or rung.width == rung.height
    areas = [rung.width * rung.height for rung in rungs]
    assert areas == sorted(areas)


ANALYSES = st.builds(Analysis, content=st.sampled_from(get_args(Content)))


@given(
    st.integers(32, 4000),
    st.integers(32, 4000),
    st.sampled_from(HOUSE_RATES),
    st.none() | ANALYSES,
)
def test_every_ladder_climbs_from_the_lowest_rung_to_the_source(width, height, rate, analysis):
    rungs = ladder(picture(width, height), rate, analysis)
    names = [int(rung.name[1:]) for rung in rungs]
    assert names[0] == 144
    assert names == sorted(set(names))
    # Whatever is left out in between, the top is what an ordinary picture has.
    assert rungs[-1].name == ladder(picture(width, height), rate)[-1].name
    caps = [rung.maxrate for rung in rungs]
    assert caps == sorted(set(caps))
    for rung in rungs:
        assert rung.bufsize >= rung.maxrate
        assert rate // rung.step <= 30 or names[rungs.index(rung)] > 480
        assert str(rung.crf) in rung.reason


@given(st.integers(32, 4000), st.integers(32, 4000), st.sampled_from(HOUSE_RATES), ANALYSES)
def test_av1_has_the_shapes_of_h264_and_smaller_caps(width, height, rate, analysis):
    rungs = {rung.name[1:]: rung for rung in ladder(picture(width, height), rate, analysis)}
    for modern in av1_rungs(tuple(rungs.values())):
        plain = rungs[modern.name.removeprefix("x")]
        assert (modern.width, modern.height, modern.step) == (
            plain.width,
            plain.height,
            plain.step,
        )
        assert modern.maxrate < plain.maxrate
        assert 240 <= int(modern.name[1:]) <= 720


def test_av1_of_720_lines_takes_its_time_for_an_ordinary_picture_alone():
    presets = {}
    for content in ("ordinary", "slides", "talking", "busy"):
        seen = Analysis(content=content)
        presets[content] = av1_rungs(ladder(picture(1280, 720), 25, seen), seen)[-1].preset
    assert presets == {"ordinary": "6", "slides": "8", "talking": "8", "busy": "8"}


def test_slides_do_not_get_the_bits_of_a_match():
    slides, match = (
        {rung.name: rung for rung in ladder(picture(1920, 1080), 25, Analysis(content=content))}
        for content in ("slides", "busy")
    )
    # 240 and 480 lines of slides cost, with the sound, nearly what the next rung costs.
    assert list(slides) == ["v144", "v360", "v720", "v1080"]
    assert all(rung.maxrate < match[name].maxrate / 2 for name, rung in slides.items())


def test_every_rung_says_in_words_why_it_is_as_it_is():
    rung = ladder(picture(1920, 1080), 50, Analysis(content="busy"))[2]
    assert rung.reason == (
        "a picture that changes everywhere at once: quality 26 at 25 frames/s, at most 800 kbit/s"
    )


def test_rungs_spend_processor_time_where_pixels_are_few():
    assert [(rung.name, rung.preset) for rung in ladder(picture(1920, 1080), 25)] == [
        ("v144", "slow"),
        ("v240", "slow"),
        ("v360", "slow"),
        ("v480", "slow"),
        ("v720", "medium"),
        ("v1080", "veryfast"),
    ]


def test_low_rungs_of_fast_material_show_every_second_frame():
    steps = {rung.name: rung.step for rung in ladder(picture(1920, 1080), 60)}
    assert steps == {"v144": 2, "v240": 2, "v360": 2, "v480": 2, "v720": 1, "v1080": 1}
    assert {rung.step for rung in ladder(picture(1920, 1080), 30)} == {1}


@pytest.mark.parametrize(
    ("source", "house"),
    [
        (24_000 / 1001, 24),
        (24, 24),
        (25, 25),
        (30_000 / 1001, 30),
        (30, 30),
        (48, 50),
        (60_000 / 1001, 60),
        (60, 60),
        (120, 60),
        (26.4, 25),
        # A slow film has a rate at which each picture is shown equally often.
        (15, 30),
        (15_000 / 1001, 30),
        (12.5, 25),
        (12, 24),
        (10, 30),
        (20, 24),
        (1, 24),
        # A cover that is shown for as long as there is sound.
        (6000 / 5200, 24),
    ],
)
def test_the_house_rate_is_the_nearest_whole_one_or_a_multiple(source, house):
    assert house_rate(source) == house
