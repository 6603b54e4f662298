"""Rungs in AV1 beside those in H.264: whole, aligned, and only for those who can."""

import json
from xml.etree import ElementTree

import m3u8
import pytest

from media_pipeline.cli import main
from media_pipeline.manifests import dash, hls
from media_pipeline.model.publication import Publication
from media_pipeline.playout import Reel

from .conftest import ffmpeg, publish


@pytest.fixture(scope="module")
def made(film, tmp_path_factory):
    """Two chunks (4 s, then more), so that a join is in it."""
    path = film("av1.mp4", size="426x240", seconds=9.5)
    return publish(path, tmp_path_factory.mktemp("av1"), av1=True)


def test_av1_is_beside_h264_and_never_instead(made):
    assert [r.name for r in made.publication.videos] == ["v144", "v240"]
    assert [r.name for r in made.publication.av1_videos] == ["x240"]
    assert made.publication.av1_videos[0].codec == "av01.0.00M.08"


def test_av1_has_the_segments_of_h264_over_the_join(made, tmp_path):
    newer, plain = made.publication.av1_videos[0], made.top
    assert [s.duration for s in newer.segments] == [s.duration for s in plain.segments]
    film = made.joined(newer, tmp_path)
    # The wheel's ffprobe decodes no AV1; ffmpeg does.
    frames = [
        line.split(",")
        for line in ffmpeg("-i", str(film), "-f", "framemd5", "-").splitlines()
        if not line.startswith("#")
    ]
    assert len(frames) == 238
    assert len({frame[-1] for frame in frames}) == 238
    assert {frame[4].strip() for frame in frames} == {str(426 * 240 * 3 // 2)}


def test_players_find_av1_by_its_codec_in_variants_of_its_own(made):
    listed = m3u8.loads(hls.master(made.publication)).playlists
    codecs = [p.stream_info.codecs.split(",")[0][:4] for p in listed]
    assert codecs == ["avc1", "avc1", "av01", "mp4a"]


def test_dash_keeps_codecs_in_adaptation_sets_of_their_own(made):
    root = ElementTree.fromstring(dash.mpd(made.publication))
    sets = root.findall(".//{*}AdaptationSet[@contentType='video']")
    named = [[r.get("id") for r in found.findall("{*}Representation")] for found in sets]
    assert named == [["v144", "v240"], ["x240"]]


def test_channels_carry_h264_alone(made):
    assert {r.name for r in Reel.of(made.publication).renditions} == {"v144", "v240", "a48"}


def test_a_title_that_grows_does_not_wait_for_av1(film, tmp_path):
    seen: list[Publication] = []

    def watch(progress):
        if progress.publication is not None:
            seen.append(progress.publication)

    publish(film("grow.mp4", size="426x240", seconds=3), tmp_path, av1=True, on_progress=watch)
    growing = [p for p in seen if p.state == "growing"]
    assert growing
    assert all(not p.av1_videos for p in growing)


def test_the_command_line_plans_av1_after_all_else(film, capsys):
    assert main(["plan", "--av1", "--json", str(film("plan.mp4", size="426x240"))]) == 0
    planned = json.loads(capsys.readouterr().out)
    assert [rung["name"] for rung in planned["rungs"]] == ["v144", "v240", "x240"]
    assert [task["name"] for task in planned["tasks"]][-2:] == ["av1-0000", "finish"]
    assert "decode AV1" in planned["rungs"][-1]["reason"]
