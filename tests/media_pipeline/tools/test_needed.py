"""What is asked of an ffmpeg at the start is all that any command of ours uses, and no less."""

import ast
import itertools
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from media_pipeline import tools
from media_pipeline.cli.bench import film_argv
from media_pipeline.errors import ToolMissing
from media_pipeline.model.plan import EncodePlan
from media_pipeline.model.report import Heard
from media_pipeline.model.source import AudioStream, Extent, Source, VideoStream
from media_pipeline.planning import commands, probing, sound
from media_pipeline.planning.cutting import cut_argv
from media_pipeline.planning.inputs import FILTERS, FORMATS, filter_name, filters, unguarded
from media_pipeline.planning.plan import make_plan
from media_pipeline.planning.slides import Slides, slides_argv
from media_pipeline.planning.supplements import covers, downloads, pictures, transport, watching
from media_pipeline.planning.video.analysis import analysis_argv
from media_pipeline.steps.still import still_argv
from media_pipeline.tools import binaries

ROOM = Path(__file__).parents[3] / "media_pipeline"

PICTURE = VideoStream(
    index=0,
    codec="h264",
    width=1280,
    height=720,
    frame_rate=50,
    start=0,
    time_base_num=1,
    time_base_den=90_000,
    pixel_format="yuv420p",
)
KINDS = {
    "ordinary": {"matrix": "bt709"},
    "untold": {"matrix": ""},
    "bright": {"transfer": "smpte2084"},
    "wide": {"primaries": "bt2020"},
    "screen": {"matrix": "gbr", "pixel_format": "gbrp"},
    "woven": {"scan": "top"},
    "found whole": {"scan": "progressive"},
}
SOUNDS = (AudioStream(1, "aac", 6, 48_000, 0), AudioStream(2, "aac", 2, 48_000, 0))
LOUD = Heard(loudness=-10, peak=0, gain=6)


def plans() -> Iterator[tuple[Source, EncodePlan]]:
    """Plans of every kind of picture, short and long, with and without sound."""
    for (kind, sounds), seconds in itertools.product(
        itertools.product(KINDS, (SOUNDS, ())), (5, 400)
    ):
        picture = msgspec.structs.replace(PICTURE, **KINDS[kind])
        source = Source("mov", 1, 0.0, seconds, picture, sounds)
        yield source, make_plan(source, Extent(0, seconds * 90_000), av1=True)


def built() -> dict[str, list[list[str]]]:
    """Every command that can be made, by the function that makes it."""
    made: dict[str, list[list[str]]] = {
        "cover_argv": [covers.cover_argv("ffmpeg", "/a", 1, "/s", 5, "/o")],
        "wave_argv": [covers.wave_argv("ffmpeg", "/s", 5, "/o")],
        "film_argv": [film_argv("ffmpeg", 5, "/o.mp4")],
        "still_argv": [still_argv("ffmpeg", "/p", 5, "/o")],
        "download_argv": [downloads.download_argv("ffmpeg", "/v", "/a", "/o")],
        "transport_argv": [transport.transport_argv("ffmpeg", "/v", "/a", "/o", late=0.08)],
        "posters_argv": [
            pictures.posters_argv("ffmpeg", ["/v"], [pictures.Moment(0.0, 0, 3)], ["o"])
        ],
        "probe_argv": [probing.probe_argv("ffprobe", "/a")],
        "packets_argv": [probing.packets_argv("ffprobe", "/a", "0")],
    }
    for count in (1, 3):
        stills = Slides("/g.png", tuple(f"/{n}.png" for n in range(count)), (836, 720), 15)
        made.setdefault("slides_argv", []).append(slides_argv("ffmpeg", stills, "/o"))
    made["sound_argv"] = [covers.sound_argv("ffmpeg", "/a", "/o")]
    for source, plan in plans():
        video = msgspec.structs.replace(plan, rungs=plan.av1_rungs)
        heard = [LOUD] * len(plan.sounds)
        names = [audio.name for audio in plan.sounds]
        found = {
            "chunk_argv": [
                commands.chunk_argv("ffmpeg", "/a", each, chunk, [r.name for r in each.rungs])
                for each in (plan, video)
                for chunk in plan.chunks[:2]
            ],
            "cut_argv": [cut_argv("ffmpeg", "/a", source, 2.5, 15, "/o")],
            "remux_argv": [commands.remux_argv("ffmpeg", "/a", source, "/o")],
            "hearing_argv": [sound.hearing_argv("ffmpeg", "/a", plan)] if source.audio else [],
            "sound_argv": [sound.sound_argv("ffmpeg", "/a", plan, heard, names)],
            "watch_argv": [watching.watch_argv("ffmpeg", "/v", plan, "s-%03d.jpg")],
            "analysis_argv": [analysis_argv("ffmpeg", "/a", source, plan.seconds)],
        }
        for name, argvs in found.items():
            made[name] = made.get(name, []) + argvs
    return made


BUILT = built()
ALL = [argv for argvs in BUILT.values() for argv in argvs]


def test_every_function_that_makes_a_command_is_here():
    found = {
        node.name
        for path in ROOM.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.name.endswith("_argv")
    }
    public = {name for name in found if not name.startswith("_")}
    assert set(BUILT) == public


def test_every_command_may_be_run():
    assert [fault for argv in ALL if (fault := unguarded(argv))] == []


def values(argv: list[str], *options: str) -> Iterator[str]:
    """What follows any of `options` in `argv`."""
    for before, part in itertools.pairwise(argv):
        if before in options:
            yield part


def graphs(argv: list[str]) -> Iterator[str]:
    yield from values(argv, "-filter_complex", "-vf", "-af")
    for at, part in enumerate(argv):
        if part == "-i" and argv[at - 2 : at] == ["-f", "lavfi"]:
            yield argv[at + 1]


def test_filters_that_may_be_run_are_those_that_commands_name():
    named = {filter_name(each) for argv in ALL for graph in graphs(argv) for each in filters(graph)}
    assert named == FILTERS
    assert set(binaries.NEEDED["filter"]) >= named


def test_encoders_and_bitstream_filters_are_those_that_commands_name():
    named = {name for argv in ALL for name in values(argv, "-c:v", "-c:a", "-c")} - {"copy"}
    needed = {*binaries.NEEDED["encoder"], binaries.AV1_ENCODER}
    assert named | {"wrapped_avframe", "pcm_s16le"} == needed
    used = {name.partition("=")[0] for argv in ALL for name in values(argv, "-bsf:v", "-bsf:a")}
    assert used == set(binaries.NEEDED["bsf"])


def test_muxers_and_demuxers_are_those_that_commands_name():
    opened, written = set(), {"mp4"}  # the still card is an .mp4 by its name
    for argv in ALL:
        for at, part in enumerate(argv):
            if part == "-f":
                (opened if argv[at + 2 : at + 3] == ["-i"] else written).add(argv[at + 1])
        for allowed in values(argv, "-format_whitelist"):
            opened |= set(allowed.split(","))
    assert opened == set(binaries.NEEDED["demuxer"])
    assert written == set(binaries.NEEDED["muxer"])


GRAPHS = {
    "[0:2]setpts=PTS-1,fps=fps=30[a];[a]split=2[b][c]": ["setpts", "fps", "split"],
    "select='not(mod(n,2))',scale=1:2": ["select", "scale"],
    r"select=not(mod(n\,2)),movie=x": ["select", "movie"],
    "[0:a]ebur128@t0=peak=sample[s]": ["ebur128"],
    " anullsrc ; [x] [y] overlay [z]": ["anullsrc", "overlay"],
    "null[v0];\n[v0]subtitles=/etc/x": ["null", "subtitles"],
}


@pytest.mark.parametrize("graph", GRAPHS)
def test_filters_of_a_graph_are_found_whatever_is_quoted(graph):
    assert [filter_name(each) for each in filters(graph)] == GRAPHS[graph]


@pytest.mark.parametrize("listing", ["filter", "encoder", "muxer", "demuxer", "bsf", "decoder"])
def test_what_a_chosen_ffmpeg_lacks_is_said_of_every_part(listing, monkeypatch, tmp_path):
    """One that shows nothing of this kind, and the rest as ours does."""
    thin = tmp_path / "ffmpeg"
    thin.write_text(f'#!/bin/sh\n[ "$2" = "-{listing}s" ] || exec {tools.ffmpeg()} "$@"\n')
    thin.chmod(0o700)
    monkeypatch.setattr(binaries, "ffmpeg", lambda: str(thin))
    with pytest.raises(ToolMissing) as missing:
        tools.check_tools()
    kind = binaries._WORDS.get(listing, listing)
    for name in binaries.NEEDED[listing]:
        assert f"the {kind} {name}" in str(missing.value)


def test_an_ffprobe_that_reads_less_is_named(monkeypatch, tmp_path):
    thin = tmp_path / "ffprobe"
    thin.write_text("#!/bin/sh\necho ' D   mov,mp4,m4a  x'\n")
    thin.chmod(0o700)
    monkeypatch.setattr(binaries, "ffprobe", lambda: str(thin))
    with pytest.raises(ToolMissing, match=r"The ffprobe at .* lacks the demuxer matroska"):
        tools.check_tools()
    assert "mov" in FORMATS
