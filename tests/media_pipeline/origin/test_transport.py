"""MPEG-TS that cannot be made: one sentence, and everything else plays."""

import pytest

from media_pipeline import tools
from media_pipeline.errors import StepFailed, ToolMissing
from media_pipeline.model.keys import publication_folder
from media_pipeline.origin.transport import late_of

A = "a" * 32


@pytest.fixture
def on_air(studio):
    made = studio.publish("a", 4, 4)
    folder = publication_folder(made.id)
    for track in made.renditions:
        studio.store.write(f"{folder}/{track.init.uri}", b"init")
        studio.store.write(f"{folder}/{track.segments[0].uri}", b"segment")
    studio.air(studio.rundown(*"a" * 9))
    studio.at(30)
    return studio


@pytest.mark.parametrize("wrong", [StepFailed("no"), ToolMissing("no ffmpeg")])
def test_where_ffmpeg_fails_or_is_missing_the_segment_alone_is_refused(
    on_air, monkeypatch, wrong
) -> None:
    def run(*_given, **_more):
        raise wrong

    monkeypatch.setattr(tools, "run", run)
    answer = on_air.get(f"/vod/{A}/ts-0.ts")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert on_air.get("/live/contoh/ts.m3u8").status_code == 200


def test_a_segment_that_is_not_in_the_store_is_not_found(on_air) -> None:
    assert on_air.get(f"/vod/{A}/ts-1.ts").status_code == 404


def test_without_the_store_it_may_be_asked_for_again(on_air) -> None:
    on_air.lose_store()
    assert on_air.get(f"/vod/{A}/ts-0.ts").status_code == 503


def test_what_has_no_tables_is_not_late() -> None:
    assert late_of(b"") == late_of(b"\x00\x00\x00\x08moof") == 0
