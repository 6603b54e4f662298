"""What is just allowed of sound and captions, and what is not any more."""

from fractions import Fraction

import pytest

from media_pipeline.verify.alignment import check_alignment
from media_pipeline.verify.captions import check_words
from media_pipeline.verify.findings import Findings
from media_pipeline.verify.reading.playlists import Entry, Media, Place
from media_pipeline.verify.reading.tracks import Track
from media_pipeline.verify.renditions import Cut, Rendition

FRAME = Fraction(1024, 48_000)


def rendition(kind: str, *segments: tuple[int, Fraction], timescale: int = 48_000) -> Rendition:
    """A rendition of segments end to end, each of so many samples of such a length."""
    cuts, start = [], Fraction(0)
    for number, (samples, length) in enumerate(segments):
        place = Place(f"{kind}/{number}.m4s")
        cuts.append(Cut(place, 100, start, samples * length, samples, 10))
        start += samples * length
    entries = tuple(Entry(None, cut.place, cut.duration, 1) for cut in cuts)
    track = Track(1, kind, timescale, "", 4, 0, 0, edited=False, defaults=(0, 0, 0))
    return Rendition(
        f"{kind}.m3u8", Media(4, True, False, entries), Place(kind), track, tuple(cuts)
    )


@pytest.mark.parametrize(
    ("frames", "words"),
    [
        (188, "longer than the picture"),
        (187, ""),  # 10.7 ms shorter
        (186, "shorter than the picture, more than one frame"),  # 32 ms
        (185, "shorter than the picture, more than one frame"),
    ],
)
def test_sound_is_at_most_a_frame_shorter_than_the_picture_and_never_longer(frames, words):
    findings = Findings()
    picture = rendition("vide", (100, Fraction(1, 25)))
    check_alignment((picture,), (rendition("soun", (frames, FRAME)),), findings)
    said = " ".join(finding.sentence for finding in findings.all())
    assert words in said
    assert bool(said) == bool(words)


@pytest.mark.parametrize(
    ("times", "good"),
    [
        ("00:09.999 --> 00:10.000", True),
        ("00:09.000 --> 00:11.000", True),  # players take the words away at the end
        ("00:09.000 --> 00:11.001", False),
        ("00:10.000 --> 00:10.500", False),
    ],
)
def test_words_begin_before_the_end_of_the_title_and_go_a_second_beyond_it(times, good):
    findings = Findings()
    check_words("1.vtt", f"WEBVTT\n\n{times}\nHabis\n".encode(), Fraction(10), findings)
    assert (not findings.all()) == good
