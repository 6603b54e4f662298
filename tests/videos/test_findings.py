"""What editors read of the ingest report."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils import translation

from cms.core import clock, published
from cms.videos.models import Media
from cms.videos.words.findings import remarks, remarks_on
from media_pipeline.model import keys
from media_pipeline.model.publication import Publication, encode_publication
from media_pipeline.model.report import FINDING_CODES, Finding

ID = "a" * 32
VALUES = {
    "lines": 480,
    "rate": 12.5,
    "kind": "HLG",
    "percent": 24,
    "seconds": 3.0,
    "count": 2,
    "at": 760,
    "until": 41,
    "claimed": 100,
    "decibels": 9,
    "loudness": -44,
    "peak": 0.0,
    "languages": ("id", "jav", "und"),
}


def said(code: str, language: str, **values) -> list[str]:
    with translation.override(language):
        return list(remarks([Finding(code, {**VALUES, **values})])[0])


@pytest.mark.parametrize("code", FINDING_CODES)
def test_every_finding_is_a_sentence_in_both_languages(code):
    indonesian, english = said(code, "id"), said(code, "en")
    for text in (*indonesian, *english):
        assert "%(" not in text
        assert not text or text.endswith(".")
    assert indonesian[0] != english[0]
    assert bool(indonesian[1]) == bool(english[1])


@pytest.mark.parametrize(
    ("code", "values", "indonesian", "english"),
    [
        (
            "raised",
            {},
            "Suara terlalu pelan, sudah kami naikkan 9 dB.",
            "The sound was too quiet; we have raised it by 9 dB.",
        ),
        ("low_resolution", {}, "Hanya 480p.", "Only 480p."),
        ("black_start", {}, "3 detik hitam di awal.", "3 seconds of black at the start."),
        (
            "black_start",
            {"seconds": 2.5},
            "2,5 detik hitam di awal.",
            "2.5 seconds of black at the start.",
        ),
        (
            "frozen",
            {"count": 1},
            "Gambar berhenti selama 3 detik pada 12.40.",
            "The picture stands still for 3 seconds at 12:40.",
        ),
        (
            "languages",
            {},
            "Bahasa suara: Bahasa Indonesia, Basa Jawa, tanpa nama.",
            "Languages of the sound: Bahasa Indonesia, Basa Jawa, unnamed.",
        ),
    ],
)
def test_numbers_and_moments_are_written_as_people_write_them(code, values, indonesian, english):
    assert said(code, "id", **values)[0] == indonesian
    assert said(code, "en", **values)[0] == english


def test_a_finding_of_a_later_version_is_passed_over():
    assert [r.text for r in remarks([Finding("later"), Finding("portrait")])] == ["Video tegak."]


def test_a_finding_whose_values_another_version_names_otherwise_is_passed_over():
    odd = [Finding("frozen"), Finding("raised"), Finding("languages", {"languages": 3})]
    odd += [Finding("black_end", {"seconds": "x", "at": "y"}), Finding("truncated", {"until": "x"})]
    assert [r.text for r in remarks([*odd, Finding("portrait")])][-1] == "Video tegak."


@pytest.fixture
def media(make_video, pasar_a, db) -> Media:
    """A video whose publication in use says that it is upright and quiet."""
    video = make_video(pasar_a)
    report = (Finding("portrait"), Finding("raised", {"decibels": 9}))
    created = datetime(2026, 11, 24, tzinfo=UTC)
    made = Publication(ID, "whole", created, 25, 180, 320, (), report=report)
    published.store().write(keys.publication_file(ID), encode_publication(made))
    Media.objects.filter(video=video).update(publication=ID, duration_ms=5_000)
    return Media.objects.get(video=video)


def test_the_editor_reads_them_on_the_page_of_the_video(client, editor_a, media):
    client.force_login(editor_a)
    address = reverse("wagtailsnippets_videos_video:edit", args=[media.video_id])
    page = client.get(address).content.decode()
    assert "Hasil pemeriksaan" in page
    assert "Suara terlalu pelan, sudah kami naikkan 9 dB." in page
    assert "Untuk saluran, rekam mendatar." in page


def test_without_anything_to_say_there_is_no_panel(client, editor_a, media):
    Media.objects.update(publication="")
    client.force_login(editor_a)
    address = reverse("wagtailsnippets_videos_video:edit", args=[media.video_id])
    assert "Hasil pemeriksaan" not in client.get(address).content.decode()


def test_of_what_was_taken_down_or_has_gone_nothing_is_said(media):
    assert len(remarks_on(media)) == 2
    media.taken_down_at = clock.now()
    assert remarks_on(media) == []
    media.taken_down_at, media.publication = None, "b" * 32
    assert remarks_on(media) == []
    assert remarks_on(None) == []


def test_a_whole_publication_is_read_from_the_store_once(media, monkeypatch):
    store, read = published.store(), []
    fetch = store.read
    monkeypatch.setattr(store, "read", lambda key: read.append(key) or fetch(key))
    for _view in range(3):
        assert len(remarks_on(media)) == 2
    assert len(read) == 1


def test_a_publication_that_cannot_be_read_says_nothing(media):
    published.store().write(keys.publication_file(ID), b'{"report": 7}')
    assert remarks_on(media) == []
