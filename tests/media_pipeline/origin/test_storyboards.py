"""Pictures for scrubbing through what a channel has shown."""

from itertools import count

import msgspec
import pytest

from media_pipeline.model.keys import publication_file, publication_folder
from media_pipeline.model.publication import Storyboard, encode_publication
from media_pipeline.model.ticks import ticks_of
from media_pipeline.origin import boards
from media_pipeline.verify.reading.webvtt import read_cues

from .conftest import LAUNCH

pytestmark = pytest.mark.both_stores

BEGIN = ticks_of(LAUNCH) // 90_000


def draw(studio, name: str, *seconds: float, every: float = 2) -> None:
    """Publish `name` with a tile each `every` seconds."""
    made = studio.publish(name, *seconds)
    board = Storyboard("storyboard.vtt", ("storyboard-001.jpg",), 160, 90, every)
    made = msgspec.structs.replace(made, storyboard=board)
    studio.store.write(publication_file(made.id), encode_publication(made))
    lines, at = ["WEBVTT"], 0.0
    while at < sum(seconds):
        end = min(at + every, sum(seconds))
        place = f"storyboard-001.jpg#xywh={round(at / every) * 160},0,160,90"
        lines += ["", f"{stamp(at)} --> {stamp(end)}", place]
        at = end
    text = "\n".join([*lines, ""]).encode()
    studio.store.write(f"{publication_folder(made.id)}/storyboard.vtt", text)


def stamp(seconds: float) -> str:
    return f"{int(seconds) // 3600:02}:{int(seconds) // 60 % 60:02}:{seconds % 60:06.3f}"


def tiles(answer) -> list[tuple[float, float, str]]:
    assert answer.headers["content-type"] == "text/vtt; charset=utf-8"
    return [(float(c.start), float(c.end), c.text) for c in read_cues(answer.content)]


def place(name: str, number: int) -> str:
    sheet = f"/media/publications/{name * 32}/storyboard-001.jpg"
    return f"{sheet}#xywh={number * 160},0,160,90"


@pytest.fixture
def on_air(studio):
    """a (8 s) and c (6 s) have pictures, b (4 s) has none."""
    draw(studio, "a", 4, 4)
    studio.publish("b", 4)
    draw(studio, "c", 4, 2)
    studio.air(studio.rundown(*"abc" * 20))
    return studio


def test_catch_up_has_the_pictures_of_its_programmes_in_its_own_time(on_air) -> None:
    on_air.at(60)
    # From the second segment of a, to the end of c.
    answer = on_air.get(f"/live/contoh/{BEGIN + 3}-{BEGIN + 18}/storyboard.vtt")
    assert tiles(answer) == [
        (0, 2, place("a", 2)),
        (2, 4, place("a", 3)),
        (8, 10, place("c", 0)),
        (10, 12, place("c", 1)),
        (12, 14, place("c", 2)),
    ]
    assert answer.headers["cache-control"] == "public, max-age=86400, immutable"


def test_a_start_over_has_the_pictures_of_what_was_shown_so_far(on_air) -> None:
    folder = f"/live/contoh/{BEGIN}-"
    on_air.at(7)  # served two seconds behind: one segment
    assert tiles(on_air.get(f"{folder}/storyboard.vtt")) == [
        (0, 2, place("a", 0)),
        (2, 4, place("a", 1)),
    ]
    on_air.at(11)
    assert tiles(on_air.get(f"{folder}/storyboard.vtt"))[-1] == (6, 8, place("a", 3))


def test_a_long_window_has_fewer_pictures_and_none_where_there_are_none(studio) -> None:
    draw(studio, "a", *[4] * 600, every=1)
    studio.publish("b", *[4] * 30)
    studio.air(studio.rundown("a", "b", "a"))
    studio.at(4940)
    found = tiles(studio.get(f"/live/contoh/{BEGIN}-{BEGIN + 4920}/storyboard.vtt"))
    assert 700 <= len(found) <= 900
    assert found[0] == (0, 6, place("a", 0))
    assert {text for start, end, text in found if start < 2520 and end > 2400} == set()
    assert found[-1][1] == 4920


def test_many_short_programmes_have_no_more_pictures_than_one_long_one(studio) -> None:
    for name in "abc":
        draw(studio, name, 4, 4, 4, every=4)
    studio.air(studio.rundown(*"abc" * 200))
    studio.at(7230)
    found = tiles(studio.get(f"/live/contoh/{BEGIN}-{BEGIN + 7200}/storyboard.vtt"))
    assert 700 <= len(found) <= 900
    # None stands in another programme, and none has a hole before it.
    assert all(start // 12 == (end - 1) // 12 for start, end, _ in found)
    assert [start for start, _, _ in found] == [0, *(end for _, end, _ in found[:-1])]


def test_what_is_missing_is_looked_for_again(on_air) -> None:
    key = f"{publication_folder('a' * 32)}/storyboard.vtt"
    board = on_air.store.read(key)
    on_air.store.delete(key)
    on_air.at(60)
    path = f"/live/contoh/{BEGIN}-{BEGIN + 18}/storyboard.vtt"
    without = on_air.get(path)
    assert [start for start, _, _ in tiles(without)] == [12, 14, 16]
    assert without.headers["cache-control"] == "public, max-age=10"
    on_air.store.write(key, board)
    on_air.at(71)
    whole = on_air.get(path)
    assert len(tiles(whole)) == 7
    assert whole.headers["cache-control"] == "public, max-age=86400, immutable"


def test_one_text_does_not_read_for_long(on_air, monkeypatch) -> None:
    # Each look at the clock takes as long as one storyboard.
    monkeypatch.setattr(boards, "monotonic", count().__next__)
    monkeypatch.setattr(boards, "AT_ONCE", 2)
    on_air.at(60)
    path = f"/live/contoh/{BEGIN}-{BEGIN + 18}/storyboard.vtt"
    some = on_air.get(path)
    assert 0 < len(tiles(some)) < 7
    assert some.headers["cache-control"] == "public, max-age=10"
    on_air.at(71)
    assert len(tiles(on_air.get(path))) == 7


def test_live_and_the_last_four_hours_have_none(on_air) -> None:
    on_air.at(60)
    for folder in ("", "dvr/"):
        assert on_air.get(f"/live/contoh/{folder}storyboard.vtt").status_code == 404


def test_without_the_store_it_says_so(on_air) -> None:
    on_air.at(60)
    on_air.lose_store()
    answer = on_air.get(f"/live/contoh/{BEGIN}-{BEGIN + 18}/storyboard.vtt")
    assert answer.status_code == 503


def test_a_storyboard_that_cannot_be_read_leaves_the_others(on_air) -> None:
    on_air.store.write(f"{publication_folder('a' * 32)}/storyboard.vtt", b"\xff\xff")
    on_air.at(60)
    found = tiles(on_air.get(f"/live/contoh/{BEGIN}-{BEGIN + 18}/storyboard.vtt"))
    assert [start for start, _, _ in found] == [12, 14, 16]
