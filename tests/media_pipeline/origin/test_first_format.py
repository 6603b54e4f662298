"""Publications of the first release: their description as it was written then, played today."""

from xml.etree import ElementTree

import m3u8
import msgspec

from media_pipeline.model.keys import publication_file
from media_pipeline.model.publication import decode_publication
from media_pipeline.model.ticks import ticks_of
from media_pipeline.playout import Item, Reel, append

ID = "f1" * 16

# Byte for byte what the first release wrote: segments of four values (no length of the key
# frame), sound without a label, no report. Whoever must change this line breaks old stores.
WRITTEN = (
    b'{"id":"' + ID.encode() + b'","state":"whole","created":"2026-11-01T02:03:04Z",'
    b'"frame_rate":50,"width":640,"height":360,"renditions":['
    b'{"name":"v144","kind":"video","codec":"avc1.640015","timescale":90000,'
    b'"init":["v144/init.mp4",0,812],"segments":[["v144/00001.m4s",0,60000,360000],'
    b'["v144/00002.m4s",0,30000,180000]],"bandwidth":120000,"average_bandwidth":120000,'
    b'"width":256,"height":144,"frame_rate":25},'
    b'{"name":"v360","kind":"video","codec":"avc1.64001f","timescale":90000,'
    b'"init":["v360/init.mp4",0,812],"segments":[["v360/00001.m4s",0,240000,360000],'
    b'["v360/00002.m4s",0,120000,180000]],"bandwidth":480000,"average_bandwidth":480000,'
    b'"width":640,"height":360},'
    b'{"name":"a48","kind":"audio","codec":"mp4a.40.2","timescale":48000,'
    b'"init":["a48/init.mp4",0,700],"segments":[["a48/00001.m4s",0,26000,192512],'
    b'["a48/00002.m4s",0,13000,94208]],"bandwidth":54020,"average_bandwidth":52245,'
    b'"language":"id","channels":2}],'
    b'"posters":[{"uri":"poster-1.jpg","at":0.52,"width":640,"height":360}],'
    b'"storyboard":{"vtt":"storyboard.vtt","sprites":["storyboard-001.jpg"],"width":160,'
    b'"height":90,"interval":4.0},"loudness":-23.1}'
)
MEDIA = f"/media/publications/{ID}/"


def kept(studio) -> None:
    """Put the publication into the store, as an upgrade finds it."""
    studio.store.write(publication_file(ID), WRITTEN)
    studio.reels[ID] = Reel.of(decode_publication(WRITTEN))


def segments(text: str) -> list[str]:
    return [segment.uri for segment in m3u8.loads(text).segments]


def test_it_plays_on_demand_in_hls_and_dash(studio) -> None:
    kept(studio)
    studio.at(0)
    master = m3u8.loads(studio.get(f"/vod/{ID}/master.m3u8").text)
    assert [(p.uri, p.stream_info.frame_rate) for p in master.playlists] == [
        ("v144.m3u8", 25),
        ("v360.m3u8", 50),
        ("a48.m3u8", None),
    ]
    assert master.media[0].name == "Bahasa Indonesia"
    assert not master.iframe_playlists
    for name in ("v144", "v360", "a48"):
        answer = studio.get(f"/vod/{ID}/{name}.m3u8")
        assert m3u8.loads(answer.text).is_endlist
        assert segments(answer.text) == [f"{MEDIA}{name}/0000{n}.m4s" for n in (1, 2)]
    manifest = ElementTree.fromstring(studio.get(f"/vod/{ID}/manifest.mpd").text)
    assert manifest.get("mediaPresentationDuration") == "PT6.000000S"


def test_it_plays_on_a_channel_between_publications_of_today(studio) -> None:
    studio.publish("b", 4, 4)
    kept(studio)
    names = ("b" * 32, ID, "b" * 32)
    items = [Item(str(n), studio.reels[name], "programme", "Judul") for n, name in enumerate(names)]
    empty = msgspec.structs.replace(studio.rundown("b"), entries=())
    studio.air(append(empty, *items, start=ticks_of(studio.now)))
    studio.at(22)
    answer = studio.get("/live/contoh/v360.m3u8")
    today = f"/media/publications/{'b' * 32}/v360/0000"
    assert segments(answer.text) == [
        f"{today}1.m4s",
        f"{today}2.m4s",
        f"{MEDIA}v360/00001.m4s",
        f"{MEDIA}v360/00002.m4s",
        f"{today}1.m4s",
    ]
