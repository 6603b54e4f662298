"""A title as its viewers see it while it is made, against what it is when it is whole."""

from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import m3u8
import pytest

from media_pipeline import pipeline
from media_pipeline.manifests import hls
from media_pipeline.model.growth import grown
from media_pipeline.model.publication import Publication
from media_pipeline.steps.jobs import read_parts
from media_pipeline.stores import LocalStore

from .conftest import ID, ffmpeg

NOISE = "color=gray:s=426x240:r=25:d=8.6,noise=alls=100:allf=t,format=yuv420p"
"""A picture that no encoder can foretell: every rung meets its cap."""

LOUD = "anoisesrc=color=white:amplitude=0.9:sample_rate=48000:d=8.6:seed=7"


class Stages:
    """What can be played of a title after each of its tasks, and in the end."""

    def __init__(self, film: Path, folder: Path) -> None:
        self.store = LocalStore(folder / "store")
        self.store.create()
        self.seen: list[Publication] = []
        scratch = folder / "scratch"
        scratch.mkdir()
        job = pipeline.prepare(
            film,
            self.store,
            ID,
            scratch=scratch,
            cancelled=lambda: False,
            now=lambda: datetime(2026, 11, 24, tzinfo=UTC),
        )
        self.seen.append(grown(job, ()))
        for task in job.tasks:
            pipeline.run_task(
                film,
                job,
                task,
                self.store,
                scratch=scratch,
                cancelled=lambda: False,
                on_progress=lambda _: None,
            )
            if task.kind != "finish":
                self.seen.append(grown(job, read_parts(self.store, job)))
        whole = pipeline.found_whole(self.store, ID)
        assert whole is not None
        self.whole = whole


@pytest.fixture(scope="module")
def stages(tmp_path_factory) -> Stages:
    folder = tmp_path_factory.mktemp("stages")
    film = folder / "noise.mp4"
    ffmpeg(
        *("-f", "lavfi", "-i", NOISE, "-f", "lavfi", "-i", LOUD, "-c:v", "libx264"),
        *("-preset", "ultrafast", "-crf", "20", "-c:a", "aac", "-b:a", "320k", str(film)),
    )
    return Stages(film, folder)


def masters(stages: Stages) -> list[m3u8.M3U8]:
    return [m3u8.loads(hls.master(made)) for made in (*stages.seen, stages.whole)]


def test_no_quality_costs_more_than_was_said_before_it_was_made(stages) -> None:
    *growing, whole = masters(stages)
    for master in growing:
        for told, has in zip(master.playlists, whole.playlists, strict=True):
            assert told.uri == has.uri
            for figure in ("bandwidth", "average_bandwidth"):
                said, is_ = (getattr(p.stream_info, figure) for p in (told, has))
                assert said >= is_, (told.uri, figure)
                # A bound that is far too high keeps viewers on a lower quality than they could have.
                assert said <= is_ * 2.2, (told.uri, figure)
            assert told.stream_info.average_bandwidth <= told.stream_info.bandwidth


def test_what_a_player_asked_its_decoder_for_is_enough_for_what_comes(stages) -> None:
    *growing, whole = masters(stages)
    for told, has in zip(growing[0].playlists, whole.playlists, strict=True):
        assert told.stream_info.codecs >= has.stream_info.codecs
        assert told.stream_info.codecs[:9] == has.stream_info.codecs[:9]
        assert told.stream_info.resolution == has.stream_info.resolution
        assert told.stream_info.frame_rate == has.stream_info.frame_rate


def test_every_quality_of_the_first_list_goes_on_in_the_last(stages) -> None:
    """Players read the list once. What comes later is beside it: key frames, AV1, captions."""
    *growing, whole = masters(stages)
    uris = [p.uri for p in whole.playlists]
    assert all([p.uri for p in master.playlists] == uris for master in growing)
    assert all([m.uri for m in master.media] == [m.uri for m in whole.media] for master in growing)
    assert [len(master.iframe_playlists) for master in (growing[0], whole)] == [0, 2]


def test_a_playlist_only_grows_and_its_type_is_all_that_changes_at_the_end(stages) -> None:
    """RFC 8216, 6.2.1 and 4.3.3.5. Players go by EXT-X-ENDLIST, which makes any list whole."""
    for name in [r.name for r in stages.whole.renditions]:
        texts = [hls.media_playlist(made, name) for made in (*stages.seen, stages.whole)]
        event, vod = "#EXT-X-PLAYLIST-TYPE:EVENT\n", "#EXT-X-PLAYLIST-TYPE:VOD\n"
        assert all(event in text and "ENDLIST" not in text for text in texts[:-1])
        assert texts[-1].endswith("#EXT-X-ENDLIST\n")
        kept = [*texts[:-1], texts[-1].replace(vod, event)]
        for before, after in pairwise(kept):
            assert after.startswith(before), name
        lengths = [m3u8.loads(text) for text in texts]
        assert {read.target_duration for read in lengths} == {4}
        assert all(round(s.duration) <= 4 for read in lengths for s in read.segments)
