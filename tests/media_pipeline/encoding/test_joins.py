"""A title in chunks has the frames, moments and beginning of the same title in one piece."""

import itertools
import re
import subprocess
from pathlib import Path

import pytest

from media_pipeline import pipeline, tools
from media_pipeline.model.plan import Chunk, EncodePlan, Rung
from media_pipeline.planning import commands
from media_pipeline.steps import fmp4
from media_pipeline.stores import LocalStore

from .conftest import ID, Film, Made, ffprobe, publish

BARS = "geq=lum='if(eq(floor(X*25/W),mod(N,25)),235,16)':cb=128:cr=128"
"""Each frame is black with a white bar that stands at its number, modulo 25."""

UNEVEN = f"{BARS},select='gt(mod(n,7),1)'"
"""The same with holes in it: pictures stand for one frame or for three."""

KINDS = {
    # name: (frames a second, filters, house rate)
    "25": ("25", BARS, 25),
    "29.97": ("30000/1001", BARS, 30),
    "59.94": ("60000/1001", BARS, 60),
    "variable": ("30", UNEVEN, 30),
    "open groups": ("25", BARS, 25),
}

CODED = {"open groups": ["-g", "24", "-bf", "3", "-x264-params", "open-gop=1"]}
"""A chunk is then decoded from a key frame that pictures shown before it lean on as well."""


class Both:
    """One film published in chunks, and encoded as one chunk by the same command."""

    def __init__(self, film: Path, folder: Path) -> None:
        self.folder = folder
        self.made: Made = publish(film, folder)
        self.plan = self._plan(film)
        whole = Chunk(index=0, first=0, end=self.plan.frames)
        outputs = [str(self.whole(rung)) for rung in self.plan.rungs]
        argv = commands.chunk_argv(tools.ffmpeg(), str(film), self.plan, whole, outputs)
        subprocess.run(argv, check=True, capture_output=True, timeout=120)

    def _plan(self, film: Path) -> EncodePlan:
        store = LocalStore(self.folder / "plan")
        store.create()
        return pipeline.prepare(
            film,
            store,
            ID,
            scratch=self.folder,
            cancelled=lambda: False,
            now=lambda: self.made.publication.created,
        ).plan

    def whole(self, rung: Rung) -> Path:
        return self.folder / f"whole-{rung.name}.mp4"

    def joined(self, rung: Rung) -> Path:
        rendition = self.made.publication.rendition(rung.name)
        assert rendition is not None
        return self.made.joined(rendition, self.folder)


@pytest.fixture(scope="module", params=KINDS)
def both(request, film: Film, tmp_path_factory: pytest.TempPathFactory) -> Both:
    rate, filters, house = KINDS[request.param]
    flags = ["-fps_mode", "vfr", "-crf", "8", *CODED.get(request.param, [])]
    path = film("joins.mp4", size="256x144", rate=rate, seconds=9, filters=filters, flags=flags)
    both = Both(path, tmp_path_factory.mktemp("joins"))
    assert (both.plan.frame_rate, len(both.plan.chunks)) == (house, 2)
    return both


def moments(film: Path) -> list[int]:
    """When each frame is decoded, in ticks."""
    found: list[int] = []
    for fragment in fmp4.read_fragments(film):
        found += itertools.accumulate(fragment.durations[:-1], initial=fragment.time)
    return found


def bars(film: Path) -> list[int]:
    """The number, modulo 25, that each frame shows."""
    shown = subprocess.run(
        [
            *(tools.ffmpeg(), "-v", "error", "-i", str(film), "-vf", "scale=25:1:flags=area"),
            *("-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "gray", "-"),
        ],
        capture_output=True,
        check=True,
        timeout=60,
    ).stdout
    return [max(range(25), key=row.__getitem__) for row in itertools.batched(shown, 25)]


def test_chunks_have_every_frame_at_its_moment(both):
    for rung in both.plan.rungs:
        step = both.plan.frame_ticks * rung.step
        count = both.plan.frames // rung.step
        assert moments(both.whole(rung)) == [n * step for n in range(count)]
        packets = ffprobe("-show_entries", "packet=pts", str(both.joined(rung)))["packets"]
        assert sorted(int(p["pts"]) for p in packets) == moments(both.whole(rung))


def test_no_frame_is_lost_doubled_or_blended_at_a_join(both):
    for rung in both.plan.rungs:
        assert bars(both.joined(rung)) == bars(both.whole(rung))


def test_chunks_begin_as_one_piece_does(both):
    for rung in both.plan.rungs:
        init = fmp4.read_init(both.whole(rung))
        assert both.made.init(rung.name) == init


@pytest.mark.parametrize(("key", "begun"), [(10.84, 10.84), (10.92, 0)])
def test_decoding_begins_where_the_ends_of_chunks_count_on(film: Film, tmp_path: Path, key, begun):
    flags = ["-bf", "3", "-force_key_frames", str(key)]
    path = film(f"key-{key}.mkv", size="128x72", seconds=17, flags=["-g", "999", *flags])
    plan = Both(path, tmp_path).plan
    chunk = Chunk(index=1, first=12 * 25, end=16 * 25)
    outputs = [str(tmp_path / f"{rung.name}.mp4") for rung in plan.rungs]
    argv = commands.chunk_argv(tools.ffmpeg(), str(path), plan, chunk, outputs)
    argv[argv.index("error")] = "verbose"
    told = subprocess.run(argv, check=True, capture_output=True, text=True, timeout=120).stderr
    decoded = max(int(count) for count in re.findall(r"(\d+) frames decoded", told))
    # Threads may have decoded some more than were asked for.
    assert 0 <= decoded - (16 - begun) * 25 <= 25
