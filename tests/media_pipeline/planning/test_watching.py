"""What ffmpeg says of a title that it watched, and what that is read as."""

from media_pipeline.model.plan import EncodePlan
from media_pipeline.model.report import Look, Stretch
from media_pipeline.model.source import Extent, Source
from media_pipeline.planning.plan import make_plan
from media_pipeline.planning.supplements.watching import read_watched
from tests.media_pipeline.streams import make_video

VIDEO = make_video(time_base_den=1000)
LIGHT = """\
frame:0    pts:0       pts_time:0
lavfi.signalstats.YMIN=30
lavfi.signalstats.YLOW=41
lavfi.signalstats.YAVG=122.076
lavfi.signalstats.YHIGH=210
frame:1    pts:1       pts_time:0.5
lavfi.signalstats.YLOW=16
lavfi.signalstats.YAVG=16
lavfi.signalstats.YHIGH=16
"""
EDGES = """\
frame:0    pts:0       pts_time:0
lavfi.signalstats.YAVG=3.76689
frame:1    pts:1       pts_time:0.5
lavfi.signalstats.YAVG=0
"""


def planned(seconds: int) -> EncodePlan:
    return make_plan(Source("mov", 1, 0.0, seconds, VIDEO), Extent(0, seconds * 1000))


def freezes(*spans: tuple[float, float | None]) -> str:
    lines = []
    for start, end in spans:
        lines.append(f"[freezedetect @ 0x1] lavfi.freezedetect.freeze_start: {start}")
        if end is not None:
            lines.append(f"[freezedetect @ 0x1] lavfi.freezedetect.freeze_duration: {end - start}")
            lines.append(f"[freezedetect @ 0x1] lavfi.freezedetect.freeze_end: {end}")
    return "\n".join(lines)


def test_light_and_edges_of_each_tile_are_read():
    looks = read_watched(planned(10), "", LIGHT, EDGES).looks
    assert looks == (Look(0, 122.076, 169, 3.76689), Look(0.48, 16, 0, 0))


def test_black_stretches_are_read():
    said = "[blackdetect @ 0x1] black_start:0 black_end:3.04 black_duration:3.04\nframe= 3"
    assert read_watched(planned(10), said, "", "").black == (Stretch(0, 3.04),)


def test_stills_that_touch_are_one_and_short_ones_none():
    said = freezes((2, 4), (10, 12), (12, 16), (16, 24.5), (40, 43))
    assert read_watched(planned(60), said, "", "").frozen == (Stretch(10, 24.5),)


def test_a_still_to_the_end_ends_with_the_title():
    said = freezes((44.2, None))
    assert read_watched(planned(60), said, "", "").frozen == (Stretch(44.2, 60),)


def test_what_ends_in_the_middle_of_a_line_is_read_as_far_as_it_goes():
    assert read_watched(planned(10), "black_start:1 black", LIGHT[:40], "").looks == ()
