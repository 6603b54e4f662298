"""Playlists of key frames, as a player that runs through a programme reads them."""

import m3u8
import msgspec

from media_pipeline.manifests import hls, iframes
from media_pipeline.model.publication import Publication


def keyed(made: Publication) -> Publication:
    """`made`, with the first 3,000 bytes of each video segment as its key frame."""
    renditions = tuple(
        msgspec.structs.replace(
            r, segments=tuple(msgspec.structs.replace(s, key=3_000) for s in r.segments)
        )
        if r.kind == "video"
        else r
        for r in made.renditions
    )
    return msgspec.structs.replace(made, renditions=renditions)


def test_a_master_names_key_frames_of_the_low_rungs(publication) -> None:
    read = m3u8.loads(hls.master(keyed(publication(rungs=(144, 360, 720)))))
    assert [p.uri for p in read.iframe_playlists] == ["v144-iframes.m3u8", "v360-iframes.m3u8"]
    info = read.iframe_playlists[0].iframe_stream_info
    assert (info.resolution, info.codecs) == ((256, 144), "avc1.64001f")
    # 3,000 bytes stand for 4 s, or for the 2 s of the last.
    assert info.bandwidth == 12_000


def test_each_entry_is_the_key_frame_at_the_start_of_a_segment(publication) -> None:
    made = keyed(publication())
    read = m3u8.loads(iframes.playlist(made.videos[0], base="/media/a/"))
    assert read.is_i_frames_only
    assert read.is_endlist
    assert [(s.uri, s.byterange, s.duration) for s in read.segments] == [
        ("/media/a/v144/00001.m4s", "3000@0", 4.0),
        ("/media/a/v144/00002.m4s", "3000@0", 4.0),
        ("/media/a/v144/00003.m4s", "3000@0", 2.0),
    ]
    assert read.segments[0].init_section.uri == "/media/a/v144/init.mp4"


def test_publications_from_before_and_growing_ones_name_none(publication) -> None:
    for made in (publication(), keyed(publication(state="growing"))):
        assert not m3u8.loads(hls.master(made)).iframe_playlists
