"""Which sounds of a file are published, and how they are called."""

from media_pipeline.model.languages import tag_of
from media_pipeline.model.source import AudioStream, Source
from media_pipeline.planning.tracks import MOST, sounds_of
from tests.media_pipeline.streams import make_video

PICTURE = make_video(320, 180, time_base_den=25)


def sounds(*tracks: tuple[str, str], default: int = -1) -> list[tuple[str, str, str]]:
    """Name, language and label of what is published of tracks with a language and a title."""
    audio = tuple(
        AudioStream(n, "aac", 2, 48_000, 0, language, default=n == default, title=title)
        for n, (language, title) in enumerate(tracks, 1)
    )
    source = Source("mov", 1, 0, 10, PICTURE, audio)
    return [(a.name, a.language, a.label) for a in sounds_of(source, 480_000)]


def test_a_film_without_sound_has_a_silent_one():
    assert sounds() == [("a48", "und", "")]


def test_one_track_without_a_name_is_just_sound():
    assert sounds(("und", "SoundHandler")) == [("a48", "und", "Suara")]


def test_the_default_comes_first_whatever_its_place():
    assert sounds(("jav", ""), ("ind", ""), default=2) == [
        ("a48", "id", "Bahasa Indonesia"),
        ("a48-jv", "jv", "Jawa"),
    ]


def test_the_same_language_once_more_is_left_out_unless_it_has_a_title_of_its_own():
    assert sounds(("ind", "Stereo"), ("ind", "Surround 5.1"), ("ind", "Tanpa musik")) == [
        ("a48", "id", "Bahasa Indonesia"),
        ("a48-id", "id", "Bahasa Indonesia (Tanpa musik)"),
    ]


def test_unnamed_tracks_are_told_apart_by_numbers():
    assert sounds(("und", ""), ("und", ""), ("", "Suara 2")) == [
        ("a48", "und", "Suara 1"),
        ("a48-2", "und", "Suara 2"),
        ("a48-3", "und", "Suara 2 3"),
    ]


def test_a_thousand_tracks_do_not_become_a_thousand_encoders():
    assert len(sounds(*[("und", "")] * 1000)) == MOST


def test_languages_are_read_as_files_write_them():
    assert [tag_of(code) for code in ("ind", "in", "id-ID", "jav", "mad", "eng", "en_US")] == [
        *("id", "id", "id", "jv", "mad", "en", "en")
    ]
    assert {tag_of(code) for code in ("", "und", "zxx", "qaa", "../x", "indonesia", "日本")} == {
        "und"
    }
