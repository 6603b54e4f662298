"""The report of real films, as it stands in publication.json."""

import pytest

from media_pipeline.model.publication import decode_publication

from .conftest import ffmpeg, publish

# The report looks for stillness in our lowest rung, where a fast preset leaves too much noise.
pytestmark = pytest.mark.usefixtures("real_presets")


def told(made) -> dict[str, dict]:
    stored = decode_publication((made.folder / "publication.json").read_bytes())
    assert stored == made.publication
    return {finding.code: finding.values for finding in stored.report}


def test_black_at_the_start_quiet_sound_and_few_lines_are_told(tmp_path):
    path = tmp_path / "quiet.mp4"
    ffmpeg(
        *("-f", "lavfi", "-i", "testsrc2=s=180x320:r=25:d=7"),
        *("-f", "lavfi", "-i", "sine=frequency=440:duration=7,volume=-4dB"),
        *("-vf", "drawbox=t=fill:c=black:enable='lt(t,3)'", "-preset", "ultrafast", str(path)),
    )
    found = told(publish(path, tmp_path))
    assert found["black_start"]["seconds"] == pytest.approx(3, abs=0.2)
    assert found["low_resolution"] == {"lines": 180}
    assert "portrait" in found
    assert 7 <= found["raised"]["decibels"] <= 11
    assert not {"dark", "frozen", "black_end", "truncated"} & set(found)


def test_a_dark_film_that_freezes_is_told(tmp_path):
    path = tmp_path / "frozen.mp4"
    ffmpeg(
        *("-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=28,lutyuv=y=16+(val-16)/7"),
        *("-vf", "loop=loop=300:size=1:start=250,trim=duration=28", "-preset", "ultrafast"),
        str(path),
    )
    found = told(publish(path, tmp_path))
    assert "dark" in found
    assert "no_sound" in found
    assert found["frozen"]["count"] == 1
    assert 9 <= found["frozen"]["at"] <= 11
    assert 11 <= found["frozen"]["seconds"] <= 13


def test_half_a_film_is_told_to_be_cut_off(film, tmp_path):
    whole = film("whole-report.mp4", seconds=12, flags=["-movflags", "+faststart"])
    half = tmp_path / "half.mp4"
    half.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    found = told(publish(half, tmp_path))
    assert found["truncated"]["claimed"] == 12
    assert found["truncated"]["until"] < 9
