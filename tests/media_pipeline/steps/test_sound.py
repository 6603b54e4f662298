"""Cutting a file of sound that an encoder is still writing."""

import pytest

from media_pipeline.model.plan import AUDIO_FRAME
from media_pipeline.model.source import AudioStream, Extent, Source
from media_pipeline.planning.plan import make_plan
from media_pipeline.steps import fmp4
from media_pipeline.steps.sound import SoundCutter
from tests.media_pipeline.streams import make_video

INIT = b"\0\0\0\x08ftyp\0\0\0\x08moov"


def plan(*, seconds: int):
    video = make_video(time_base_den=25)
    source = Source("mov", 1, 0, 1, video, (AudioStream(1, "aac", 2, 48_000, 0),))
    return make_plan(source, Extent(start=0, end=seconds * 25, packets=1))


def fragments(count: int) -> bytes:
    """Return `count` fragments of fifty frames of AAC, a second and a bit each."""
    frames = [bytes([number]) * 90 for number in range(50)]
    return b"".join(
        fmp4.audio_fragment(number + 1, number * 50 * AUDIO_FRAME, AUDIO_FRAME, frames)
        for number in range(count)
    )


@pytest.mark.parametrize("early", [b"", INIT[:12]], ids=["nothing", "half of it"])
def test_a_cutter_waits_for_the_initialisation_before_it_takes_a_frame(
    early, tmp_path, monkeypatch
):
    path = tmp_path / "sound.mp4"
    path.write_bytes(early)
    look = fmp4.read_init

    def look_then_let_the_encoder_go_on(file):
        found = look(file)
        path.write_bytes(INIT + fragments(8))
        return found

    monkeypatch.setattr(fmp4, "read_init", look_then_let_the_encoder_go_on)
    cutter = SoundCutter(path, plan(seconds=8))
    assert cutter.ready() == 0
    assert cutter.ready() == 2
    assert cutter.init == INIT
    first, second = cutter.take(2)
    assert first.duration + second.duration == pytest.approx(8 * 48_000, abs=AUDIO_FRAME)
