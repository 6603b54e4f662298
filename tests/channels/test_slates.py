"""The still card of an install, made by code."""

from datetime import UTC, datetime

import pytest
from PIL import ImageColor

from cms.channels import card
from cms.channels.models import InstallSlate
from cms.channels.slates import do_ensure_slate
from cms.videos.models import Encode, Media, Video
from media_pipeline import tools
from media_pipeline.errors import StepFailed

NOW = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)


def test_it_is_made_once_and_waits_for_its_encode(store, inkoppas):
    video = do_ensure_slate(NOW, seconds=1)
    assert do_ensure_slate(NOW, seconds=1) == video
    assert InstallSlate.objects.get().video == video
    assert Encode.objects.get().video == video
    assert video.cooperative == inkoppas
    assert video.media.original_bytes > 1000


def test_it_is_on_no_page(store, inkoppas):
    do_ensure_slate(NOW, seconds=1)
    assert not Video.objects.public().exists()


@pytest.mark.django_db
def test_without_a_cooperative_there_is_none(store):
    assert do_ensure_slate(NOW, seconds=1) is None


def test_the_card_is_drawn_without_a_font_of_the_system():
    picture = card.draw()
    assert picture.size == (1280, 720)
    assert picture.getpixel((640, 700)) == ImageColor.getrgb(card.BRAND)
    words = picture.crop((400, 180, 880, 520))
    assert ImageColor.getrgb(card.ON_BRAND) in {colour for _n, colour in words.getcolors(1 << 16)}


def test_one_that_was_taken_down_gives_its_place_to_another(store, inkoppas):
    first = do_ensure_slate(NOW, seconds=1)
    Media.objects.filter(video=first).update(taken_down_at=NOW)
    second = do_ensure_slate(NOW, seconds=1)
    assert second != first
    assert InstallSlate.objects.get().video == second
    assert do_ensure_slate(NOW, seconds=1) == second


def test_it_is_filmed_by_the_ffmpeg_that_the_operator_chose(tmp_path, monkeypatch):
    chosen = tmp_path / "ffmpeg"
    chosen.write_text("#!/bin/sh\necho 'the chosen one' >&2\nexit 3\n")
    chosen.chmod(0o755)
    monkeypatch.setenv("SIAR_FFMPEG", str(chosen))
    tools.ffmpeg.cache_clear()
    try:
        with pytest.raises(StepFailed, match="the chosen one"):
            card.film(tmp_path / "kartu.mp4", 1)
    finally:
        tools.ffmpeg.cache_clear()
    assert not (tmp_path / "kartu.png").exists()
