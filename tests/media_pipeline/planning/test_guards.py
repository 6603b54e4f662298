"""No input of ffmpeg or ffprobe is opened without the whitelists, whatever is planned."""

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media_pipeline import tools
from media_pipeline.model.report import Heard
from media_pipeline.model.source import AudioStream, Extent, Source, VideoStream
from media_pipeline.planning import commands, probing, sound
from media_pipeline.planning.inputs import (
    FORMATS,
    GUARDS,
    refuse_by_facts,
    refuse_by_streams,
    unguarded,
)
from media_pipeline.planning.plan import make_plan
from media_pipeline.planning.supplements import pictures, watching
from tests.examples import examples
from tests.media_pipeline.streams import make_video

ROOM = Path(__file__).parents[3] / "media_pipeline"
PINNED = sorted((Path(__file__).parent / "pinned").glob("*.txt"))

FOLLOWING = {"hls", "dash", "concat", "ffconcat", "sdp", "rtsp", "svg_pipe", "imf", "asx", "image2"}
"""Demuxers that open what a file names."""

names = st.text(min_size=1, max_size=40).filter(lambda text: "\0" not in text)
pictures_of_any_kind = st.builds(
    VideoStream,
    index=st.integers(0, 9),
    codec=st.just("h264"),
    width=st.integers(32, 4000),
    height=st.integers(32, 4000),
    frame_rate=st.sampled_from([10.0, 23.976, 25.0, 29.97, 50.0, 59.94, 120.0]),
    start=st.integers(-90_000, 10**9),
    time_base_num=st.just(1),
    time_base_den=st.sampled_from([1000, 90_000]),
    pixel_format=st.sampled_from(["yuv420p", "yuv444p10le"]),
    interlaced=st.booleans(),
    rotation=st.sampled_from([0, 90, 180, 270]),
    transfer=st.sampled_from(["", "smpte2084", "arib-std-b67"]),
)
tracks = st.builds(
    AudioStream,
    index=st.integers(0, 9),
    codec=st.just("aac"),
    channels=st.integers(1, 8),
    sample_rate=st.just(44_100),
    start=st.floats(-2, 36_000),
)


@examples(25)
@given(
    names,
    pictures_of_any_kind,
    st.lists(tracks, max_size=3, unique_by=lambda track: track.index),
    st.integers(1, 60),
)
def test_every_command_of_a_plan_guards_every_input(name, picture, sounds, seconds):
    source = Source("mov", 1, 0.0, float(seconds), picture, tuple(sounds))
    extent = Extent(picture.start, picture.start + seconds * picture.time_base_den)
    plan = make_plan(source, extent)
    path = f"/upload/{name}"
    made = [
        probing.probe_argv("ffprobe", path),
        probing.packets_argv("ffprobe", path, picture.index),
        commands.remux_argv("ffmpeg", path, source, "/scratch/copy.mkv"),
        sound.sound_argv(
            "ffmpeg",
            path,
            plan,
            [Heard()] * len(plan.sounds),
            [f"{a.name}.mp4" for a in plan.sounds],
        ),
        *([sound.hearing_argv("ffmpeg", path, plan)] if plan.audio.track else []),
        *(
            commands.chunk_argv("ffmpeg", path, plan, chunk, [r.name for r in plan.rungs])
            for chunk in plan.chunks[-1:]
        ),
        watching.watch_argv("ffmpeg", path, plan, "s-%03d.jpg"),
        pictures.posters_argv("ffmpeg", [path], [pictures.Moment(0.0, 0, 0)], ["p.jpg"]),
    ]
    for argv in made:
        assert unguarded(argv) is None
        # The name is one argument, behind "file:", and never an option or a protocol.
        assert path not in argv
        assert f"file:{path}" in argv or "lavfi" in argv


@pytest.mark.parametrize("pinned", PINNED, ids=lambda path: path.stem)
def test_every_command_that_is_written_down_guards_every_input(pinned):
    lines = pinned.read_text().replace("\n    ", "").splitlines()
    argv = [part for line in lines for part in line.split(" ", 1)]
    assert unguarded(argv) is None


def test_the_list_has_no_demuxer_that_follows_a_name():
    assert FOLLOWING.isdisjoint(FORMATS)
    assert GUARDS["protocol_whitelist"] == "file"


UNGUARDED = {
    "no list at all": ["ffmpeg", "-i", "file:/a.mp4", "o.mp4"],
    "no demuxers": ["ffprobe", "-protocol_whitelist", "file", "-i", "file:/a.mp4"],
    "only the first input": [
        *("ffmpeg", "-protocol_whitelist", "file", "-format_whitelist", "mov", "-i", "file:/a.mp4"),
        *("-i", "file:/b.mp4", "o.mp4"),
    ],
    "a filter that opens a file": [
        *("ffmpeg", "-f", "lavfi", "-i", "anullsrc", "-filter_complex", "[0:a]anull;movie=/etc/x"),
        "o.mp4",
    ],
    "a generator that opens a file": ["ffmpeg", "-f", "lavfi", "-i", "movie=/etc/x", "o.mp4"],
    "a filter that nobody knows": [
        *("ffmpeg", "-f", "lavfi", "-i", "anullsrc", "-af", "volume=1dB,newfilter=file=/etc/x"),
        "o.mp4",
    ],
    "a graph in a file": [
        *("ffmpeg", "-f", "lavfi", "-i", "anullsrc", "-filter_complex_script", "/tmp/x", "o.mp4"),
    ],
    "an option in a file": [
        *("ffmpeg", "-f", "lavfi", "-i", "anullsrc", "-/filter_complex", "/tmp/x", "o.mp4"),
    ],
    "an option of a filter in a file": [
        *("ffmpeg", "-f", "lavfi", "-i", "anullsrc", "-af", "volume=/volume=/etc/x", "o.mp4"),
    ],
    "no input": ["ffmpeg", "/a.mp4"],
}


@pytest.mark.parametrize("kind", UNGUARDED)
def test_a_command_that_leaves_an_input_unguarded_is_not_run(kind, tmp_path):
    argv = [tools.ffmpeg(), *UNGUARDED[kind][1:]]
    limits = tools.Limits(memory=1 << 30, cpu_seconds=9, wall_seconds=9, file_bytes=1 << 20)
    with pytest.raises(ValueError, match="must not be run"):
        tools.run(argv, limits=limits, scratch=tmp_path, name="job")
    assert not list(tmp_path.iterdir())


def test_nothing_but_the_one_runner_starts_processes():
    starting = {"subprocess", "multiprocessing", "pty"}
    for path in ROOM.rglob("*.py"):
        if path.parent.name == "tools":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Import(names=imported):
                    assert starting.isdisjoint(alias.name for alias in imported), path
                case ast.ImportFrom(module=module):
                    assert module not in starting, path
                case ast.Attribute(value=ast.Name(id="os"), attr=name):
                    assert not name.startswith(("exec", "spawn", "system", "popen", "fork")), path


def refusal(width: int = 640, height: int = 360, seconds: float = 60) -> str:
    """Why a film with these facts is refused, "" if it is not."""
    refused = refuse_by_facts(Source("mov", 1, 0, seconds, make_video(width, height)))
    return refused.code if refused else ""


def test_what_is_as_large_as_may_be_is_published_and_a_little_more_is_not():
    assert [refusal(8192, 4320), refusal(8192, 4321)] == ["", "too_large"]
    assert [refusal(640, 32), refusal(31, 640)] == ["", "too_small"]
    assert [refusal(seconds=6 * 3600), refusal(seconds=6 * 3600 + 0.1)] == ["", "too_long"]
    assert refuse_by_streams(64) is None
    assert refuse_by_streams(65).code == "too_many_tracks"
