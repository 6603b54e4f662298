"""What a publication has beside its qualities, on the page that plays it."""

from datetime import UTC, datetime

import pytest

from cms.core import published
from cms.site.extras import Extras, extras_of
from media_pipeline.errors import StoreUnavailable
from media_pipeline.model.keys import publication_file
from media_pipeline.model.publication import Download, Publication, Storyboard, encode_publication
from media_pipeline.model.report import Finding

BOARD = Storyboard("storyboard.vtt", ("storyboard-001.jpg",), 160, 90, 4)


def put(video, **fields) -> None:
    """Put the publication of `video` into the store."""
    values = {"state": "whole", "storyboard": BOARD, **fields}
    made = Publication(
        id=video.media.publication,
        created=datetime(2026, 11, 24, tzinfo=UTC),
        frame_rate=25,
        width=640,
        height=360,
        renditions=(),
        **values,
    )
    published.store().write(publication_file(made.id), encode_publication(made))


def test_the_page_names_the_pictures_for_scrubbing(get, video):
    put(video)
    page = get(f"/video/{video.slug}/")
    address = published.url(f"publications/{video.media.publication}/storyboard.vtt")
    assert f'data-storyboard="{address}"' in page
    assert f'data-storyboard="{address}"' in get(f"/embed/video/{video.slug}/")
    assert "data-sound" not in page


def test_a_podcast_is_offered_to_be_heard_at_the_price_of_its_sound(get, video):
    put(video, report=(Finding("sound_only"),))
    page = get(f"/video/{video.slug}/").replace("\u00a0", " ")
    assert 'data-sound="1"' in page
    assert "Untuk didengar" in page
    assert "Dengar saja" not in page
    assert "Suara: 540 kB untuk seluruh video, sekitar Rp2." in page


def test_a_file_to_keep_is_offered_with_its_size_and_only_where_there_is_one(get, video):
    put(video, download=Download("download.mp4", 12_345_678, 640, 360))
    page = get(f"/video/{video.slug}/").replace("\u00a0", " ")
    address = published.url(f"publications/{video.media.publication}/download.mp4")
    assert f'href="{address}" download="{video.slug}.mp4"' in page
    assert "Unduh · 12,3 MB" in page or "Unduh · 12 MB" in page


def test_without_a_file_to_keep_there_is_no_link(get, video):
    put(video)
    assert "Unduh" not in get(f"/video/{video.slug}/")


def test_a_publication_that_is_not_there_or_still_made_has_nothing_more(video):
    assert extras_of("") == extras_of("f" * 32) == Extras()
    put(video, state="growing")
    assert extras_of(video.media.publication) == Extras()
    put(video)
    assert extras_of(video.media.publication).storyboard


@pytest.mark.parametrize("data", [b"{", b"[]", b'{"state": 7}', b'{"state": "whole", "report": 1}'])
def test_a_publication_that_cannot_be_read_takes_no_page_down(get, video, data):
    published.store().write(publication_file(video.media.publication), data)
    assert "data-player" in get(f"/video/{video.slug}/")
    assert extras_of(video.media.publication) == Extras()


def test_a_store_that_cannot_be_reached_takes_no_page_down(get, video, monkeypatch):
    def fail(_key: str) -> bytes:
        raise StoreUnavailable("no answer")

    monkeypatch.setattr(published.store(), "read", fail)
    assert "data-player" in get(f"/video/{video.slug}/")
