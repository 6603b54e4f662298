"""Which ffmpeg is used, and what is said when it will not do."""

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from media_pipeline import tools
from media_pipeline.errors import ToolMissing


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    tools.ffmpeg.cache_clear()
    tools.ffprobe.cache_clear()
    yield
    tools.ffmpeg.cache_clear()
    tools.ffprobe.cache_clear()


def test_the_tools_that_come_with_siar_will_do(monkeypatch):
    monkeypatch.delenv("SIAR_FFMPEG", raising=False)
    monkeypatch.delenv("SIAR_FFPROBE", raising=False)
    tools.check_tools()
    assert Path(tools.ffmpeg()).is_file()
    assert Path(tools.ffprobe()).is_file()


@pytest.mark.parametrize("setting", ["SIAR_FFMPEG", "SIAR_FFPROBE"])
def test_a_setting_that_points_nowhere_is_named(monkeypatch, setting):
    monkeypatch.setenv(setting, "/nowhere/tool")
    with pytest.raises(ToolMissing, match=f"/nowhere/tool: set {setting}"):
        tools.check_tools()


def test_what_a_chosen_ffmpeg_lacks_is_said(monkeypatch, tmp_path):
    thin = tmp_path / "ffmpeg"
    thin.write_text("#!/bin/sh\necho ' V..... libx264  x'\necho ' A..... aac  x'\n")
    thin.chmod(thin.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("SIAR_FFMPEG", str(thin))
    with pytest.raises(
        ToolMissing, match="lacks the encoder mjpeg, the encoder wrapped"
    ) as missing:
        tools.check_tools()
    assert "libx264" not in str(missing.value)
