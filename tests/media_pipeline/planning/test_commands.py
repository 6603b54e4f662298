"""Whole commands, as text: a changed flag shows in a diff."""

from pathlib import Path

import msgspec
import pytest

from media_pipeline.model.report import Heard
from media_pipeline.model.source import AudioStream, Extent, Source
from media_pipeline.planning import commands, sound
from media_pipeline.planning.plan import make_plan
from media_pipeline.planning.slides import Slides, slides_argv
from media_pipeline.planning.supplements.pictures import Moment, posters_argv
from media_pipeline.planning.supplements.watching import watch_argv
from tests.media_pipeline.streams import make_video

PICTURE = make_video(
    426, 240, index=2, frame_rate=30_000 / 1001, start=15_000, time_base_den=30_000
)
SOUND = AudioStream(index=1, codec="aac", channels=2, sample_rate=44_100, start=0.5)
SOURCE = Source(container="mov,mp4", size=1, start=0.5, duration=20, video=PICTURE, audio=(SOUND,))
PLAN = make_plan(SOURCE, Extent(start=15_000, end=615_000))
QUIET = Heard(loudness=-21.8, peak=-4.0, gain=5.8)


def shown(argv: list[str]) -> str:
    """A command as text: a flag a line, the graph a filter a line."""
    lines: list[str] = []
    for part in argv:
        if lines and (not part.startswith("-") or part == "-"):
            lines[-1] += f" {part}"
        else:
            lines.append(part)
    return "\n".join(lines).replace(";", ";\n    ") + "\n"


def pinned(name: str) -> str:
    """The command as it was last agreed on."""
    return (Path(__file__).parent / "pinned" / f"{name}.txt").read_text()


def test_a_chunk_is_one_decode_for_all_rungs():
    made = commands.chunk_argv("ffmpeg", "/in.mp4", PLAN, PLAN.chunks[1], ["a.mp4", "b.mp4"])
    assert shown(made) == pinned("chunk")


def test_the_first_chunk_starts_at_the_start():
    made = commands.chunk_argv("ffmpeg", "/in.mp4", PLAN, PLAN.chunks[0], ["a.mp4", "b.mp4"])
    assert "-ss" not in made
    assert "fps=fps=30:start_time=0" in " ".join(made)


@pytest.mark.parametrize(
    ("size", "facts", "told"),
    [
        ((768, 576), {}, "color_primaries=bt470bg:color_trc=smpte170m:colorspace=smpte170m"),
        ((1280, 720), {}, "color_primaries=bt709:color_trc=bt709:colorspace=bt709"),
        (
            (640, 360),
            {"matrix": "bt709", "primaries": "smpte432"},
            "color_trc=bt709:colorspace=bt709",
        ),
    ],
)
def test_colours_that_a_file_does_not_tell_are_those_of_its_standard(size, facts, told):
    source = msgspec.structs.replace(SOURCE, video=make_video(*size, **facts))
    plan = make_plan(source, Extent(start=0, end=900_000))
    names = [f"{rung.name}.mp4" for rung in plan.rungs]
    argv = commands.chunk_argv("ffmpeg", "/in.mp4", plan, plan.chunks[0], names)
    graph = next(part for part in argv if "setparams" in part)
    assert set(told.split(":")) == set(graph.split("setparams=")[1].split("[")[0].split(":"))


def test_loudness_is_measured_on_what_is_heard():
    assert shown(sound.hearing_argv("ffmpeg", "/in.mp4", PLAN)) == pinned("hearing")


def test_the_sound_is_one_process_for_the_whole_title():
    made = sound.sound_argv("ffmpeg", "/in.mp4", PLAN, [QUIET], ["a48.mp4"])
    assert shown(made) == pinned("sound")


@pytest.mark.parametrize(
    ("peak", "held"), [(-4.8, False), (-4.6, True), (-3.8, True), (None, True)]
)
def test_a_limiter_holds_a_sound_that_may_pass_the_peak_between_two_samples(peak, held):
    """The peak is −3.7 dBFS; between two samples the signal may be 1 dB higher than they are."""
    heard = Heard(loudness=-16.0, peak=peak, gain=0.0)
    made = sound.sound_argv("ffmpeg", "/in.mp4", PLAN, [heard], ["a48.mp4"])
    assert ("alimiter" in " ".join(made)) == held


def test_noise_is_coded_by_twoloop_and_all_else_by_fast():
    assert sound.coder_for(Heard(flatness=0.61)) == "twoloop"
    assert sound.coder_for(Heard(flatness=0.4)) == "twoloop"
    assert sound.coder_for(Heard(flatness=0.39)) == "fast"
    assert sound.coder_for(Heard()) == "fast"


def test_a_sound_that_came_out_too_high_is_limited_lower():
    assert not sound.too_high(-1.6)
    assert sound.too_high(-1.5)
    again = sound.lowered(Heard(loudness=-16.0, peak=-6.0, gain=0.0), -0.6)
    assert again.ceiling == -5.2
    # Now a limiter is needed, which was not before.
    made = sound.sound_argv("ffmpeg", "/in.mp4", PLAN, [again], ["a48.mp4"])
    assert "alimiter=latency=1:level=false:limit=-5.2dB" in " ".join(made)


def test_a_title_without_sound_gets_silence():
    silent = make_plan(
        Source(container="mov", size=1, start=0, duration=20, video=PICTURE),
        Extent(start=0, end=600_000),
    )
    made = sound.sound_argv("ffmpeg", "/in.mp4", silent, [Heard()], ["a48.mp4"])
    assert shown(made).startswith("ffmpeg\n-f lavfi\n-i anullsrc")


def test_a_stream_without_an_index_is_copied_beside_one():
    assert shown(commands.remux_argv("ffmpeg", "/in.ts", SOURCE, "/out.mkv")) == pinned("remux")


def test_posters_and_storyboard_come_from_our_own_segments():
    chosen = [Moment(4.4, 1, 12), Moment(9.0, 2, 25)]
    made = posters_argv("ffmpeg", ["/1.mp4", "/2.mp4"], chosen, ["1.jpg", "2.jpg"])
    assert shown(made) == pinned("posters")
    long = make_plan(SOURCE, Extent(start=15_000, end=6_015_000))
    assert shown(watch_argv("ffmpeg", "/film.mp4", long, "s-%03d.jpg")) == pinned("watch")


def test_high_dynamic_range_is_tone_mapped_before_the_rungs_part():
    bright = PLAN.video.__class__(
        **{f: getattr(PICTURE, f) for f in PICTURE.__struct_fields__} | {"transfer": "smpte2084"}
    )
    plan = make_plan(
        Source(container="mov", size=1, start=0, duration=20, video=bright),
        Extent(start=0, end=600_000),
    )
    graph = " ".join(commands.chunk_argv("ffmpeg", "/in", plan, plan.chunks[0], ["a", "b"]))
    assert graph.index("tonemap=desat=0:tonemap=mobius") < graph.index("split=2")


def test_gain_brings_speech_to_the_target_and_leaves_silence_alone():
    assert round(sound.gain_for(-21.8), 2) == 5.8
    assert round(sound.gain_for(-9), 2) == -7
    assert sound.gain_for(-45) == 20
    assert sound.gain_for(-60) == 0
    assert sound.gain_for(None) == 0


def test_av1_is_encoded_by_svt_with_the_same_key_frames():
    av1 = make_plan(SOURCE, Extent(start=15_000, end=615_000), av1=True)
    part = msgspec.structs.replace(av1, rungs=av1.av1_rungs)
    made = commands.chunk_argv("ffmpeg", "/in.mp4", part, av1.chunks[1], ["x240.mp4"])
    assert shown(made) == pinned("chunk-av1")


def test_slides_are_filmed_with_their_music_in_one_run():
    plan = Slides("/ground.png", ("/0.png", "/1.png", "/2.png"), (836, 720), 15)
    assert shown(slides_argv("ffmpeg", plan, "/clip.mp4")) == pinned("slides")
