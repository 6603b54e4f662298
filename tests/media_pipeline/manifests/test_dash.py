"""The DASH manifest, read back as XML."""

import msgspec

from media_pipeline.manifests import dash
from media_pipeline.model.publication import Segment, Span
from media_pipeline.model.rundown import Caption, Chapter
from tests.media_pipeline.mpds import read_mpd

NS = {"d": "urn:mpeg:dash:schema:mpd:2011"}


def test_every_rendition_is_there_with_its_numbers(publication) -> None:
    root = read_mpd(dash.mpd(publication()))
    assert root.get("type") == "static"
    assert root.get("mediaPresentationDuration") == "PT10.000000S"
    found = root.findall(".//d:Representation", NS)
    assert [r.get("id") for r in found] == ["v144", "v240", "v360", "a48"]
    template = found[0].find("d:SegmentTemplate", NS)
    assert template.get("media") == "v144/$Number%05d$.m4s"
    assert template.get("startNumber") == "1"
    assert template.get("initialization") == "v144/init.mp4"


def test_the_timeline_adds_up_to_the_segments(publication) -> None:
    made = publication(lengths=(360_000,) * 5 + (90_000,))
    root = read_mpd(dash.mpd(made))
    line = root.findall(".//d:SegmentTimeline", NS)[0].findall("d:S", NS)
    assert [(s.get("d"), s.get("r")) for s in line] == [("360000", "4"), ("90000", None)]


def test_pieces_of_one_file_become_a_list_with_ranges(publication) -> None:
    made = publication()
    parts = tuple(Segment("v144/0.mp4", 800 + n * 100, 100, 360_000) for n in range(3))
    joined = msgspec.structs.replace(
        made.renditions[0], init=Span("v144/0.mp4", 0, 800), segments=parts
    )
    made = msgspec.structs.replace(made, renditions=(joined, *made.renditions[1:]))
    root = read_mpd(dash.mpd(made))
    listed = root.find(".//d:SegmentList", NS)
    assert listed.find("d:Initialization", NS).get("range") == "0-799"
    ranges = [s.get("mediaRange") for s in listed.findall("d:SegmentURL", NS)]
    assert ranges == ["800-899", "900-999", "1000-1099"]


def test_each_sound_is_a_set_with_its_language_and_the_first_is_the_main_one(publication) -> None:
    made = publication()
    other = msgspec.structs.replace(made.audio, name="a48-jv", language="jv", label="Jawa")
    made = msgspec.structs.replace(made, renditions=(*made.renditions, other))
    root = read_mpd(dash.mpd(made))
    sets = root.findall(".//d:AdaptationSet[@contentType='audio']", NS)
    assert [
        (s.get("lang"), s.find("d:Role", NS).get("value"), s.find("d:Label", NS).text) for s in sets
    ] == [("id", "main", "Bahasa Indonesia"), ("jv", "alternate", "Jawa")]


def test_captions_are_a_set_of_one_file(publication) -> None:
    captions = (Caption("id", "Bahasa Indonesia", "/media/captions/1.vtt"),)
    root = read_mpd(dash.mpd(publication(), base="/media/publications/a/", captions=captions))
    assert root.find("d:BaseURL", NS).text == "/media/publications/a/"
    text = root.find(".//d:AdaptationSet[@contentType='text']", NS)
    assert (text.get("mimeType"), text.get("lang")) == ("text/vtt", "id")
    assert text.find("d:Representation/d:BaseURL", NS).text == "/media/captions/1.vtt"


def test_a_title_with_control_characters_leaves_a_readable_manifest(publication) -> None:
    chapters = [Chapter(0, "Pembuka\x0b\ud800 & \x00<satu>")]
    root = read_mpd(dash.mpd(publication(), chapters=chapters))
    assert [event.text for event in root.findall(".//d:Event", NS)] == ["Pembuka & <satu>"]


def test_the_better_sound_is_another_quality_of_the_same(publication, with_high_sound) -> None:
    made = with_high_sound(publication(rungs=(240, 480)))
    sets = read_mpd(dash.mpd(made)).findall(".//d:AdaptationSet[@contentType='audio']", NS)
    ids = [[each.get("id") for each in one.findall("d:Representation", NS)] for one in sets]
    assert ids == [["a48", "a112"]]


def test_opus_has_a_set_of_its_own_after_aac(publication, with_opus) -> None:
    made = with_opus(publication(rungs=(240, 480)))
    sets = read_mpd(dash.mpd(made)).findall(".//d:AdaptationSet[@contentType='audio']", NS)
    found = [one.findall("d:Representation", NS) for one in sets]
    assert [[each.get("id") for each in one] for one in found] == [["a48", "a112"], ["o28", "o64"]]
    assert {each.get("codecs") for each in found[1]} == {"opus"}
