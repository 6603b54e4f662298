"""Whose turn it is, alone and over a simulated day of many titles."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf

from hypothesis import given
from hypothesis import strategies as st

from cms.videos.encoding.turns import PATIENCE, SHARE, Waiting, in_order
from tests.videos.conftest import NOW


def waits(task, *, rank=2, left=60.0, served=NOW, raised=False, tried=False):
    return Waiting(task, task, rank, left, served, raised=raised, tried=tried)


def order(*waiting, now=NOW, turn=0):
    return [each.task for each in in_order(waiting, now, turn)]


def test_what_makes_titles_playable_goes_before_any_body():
    film = waits(1, rank=2, left=7200)
    assert order(film, waits(2, rank=0, left=9000), waits(3, rank=1, left=10)) == [2, 3, 1]


def test_the_title_with_the_least_left_goes_first_and_its_end_is_no_later_than_bodies():
    assert order(waits(1, left=7200), waits(2, left=50), waits(3, rank=3, left=2)) == [3, 2, 1]


def test_what_an_editor_put_first_goes_before_openings_of_others():
    assert order(waits(1, rank=0), waits(2, left=7200, raised=True)) == [2, 1]


def test_what_was_put_back_goes_last_even_when_it_was_put_first():
    assert order(waits(1, rank=0, tried=True, raised=True), waits(2, left=7200)) == [2, 1]


def test_every_fourth_turn_goes_to_the_oldest_that_nobody_has_served_for_a_while():
    film, clip = waits(1, left=7200, served=NOW - PATIENCE * 2), waits(2, rank=0)
    firsts = [order(film, clip, turn=turn)[0] for turn in range(8)]
    assert firsts == [2, 2, 2, 1, 2, 2, 2, 1]
    assert order(film, clip, now=NOW - PATIENCE * 2, turn=3) == [2, 1]


def test_a_title_served_in_the_future_of_a_clock_that_was_wrong_is_not_forgotten():
    odd = waits(1, left=7200, served=NOW + timedelta(days=900))
    assert order(odd, waits(2, left=5), turn=3)[0] == 1


@given(
    st.lists(
        st.builds(
            Waiting,
            task=st.integers(1, 10**6),
            encode=st.integers(1, 50),
            rank=st.integers(0, 3),
            left=st.floats(0, 1e5) | st.just(inf),
            served=st.integers(-(10**6), 10**6).map(lambda s: NOW + timedelta(seconds=s)),
            raised=st.booleans(),
            tried=st.booleans(),
        ),
        max_size=20,
    ),
    st.integers(0, 100),
)
def test_the_order_has_everybody_in_it_and_does_not_depend_on_how_they_came(waiting, turn):
    ordered = in_order(waiting, NOW, turn)
    assert sorted(map(repr, ordered)) == sorted(map(repr, waiting))
    again = in_order(reversed(waiting), NOW, turn)
    assert [(w.task, w.encode) for w in ordered] == [(w.task, w.encode) for w in again]


@dataclass
class Title:
    """A title in the simulation: its tasks as (rank, seconds), what is known of its service."""

    number: int
    came: float
    tasks: list[tuple[int, float]]
    served: float
    ended: float = inf
    opened: float = inf
    gaps: list[float] = field(default_factory=list)


def title(number: int, came: float, length: float) -> Title:
    """A title of `length` seconds, which take as long to encode: opening, bodies of 60 s, end."""
    bodies = [60.0] * int(length // 60) + [length % 60] * bool(length % 60)
    return Title(number, came, [(0, 1.0), *((2, s) for s in bodies), (3, 2.0)], came)


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def simulate(titles: list[Title], until: float) -> None:
    """Let one worker serve `titles` in the order of `in_order` until that second."""
    now, turn = 0.0, 0
    while now < until:
        there = {t.number: t for t in titles if t.came <= now and t.tasks}
        if not there:
            coming = [t.came for t in titles if t.tasks and t.came > now]
            if not coming:
                return
            now = min(coming)
            continue
        waiting = [
            Waiting(t.number, t.number, t.tasks[0][0], sum(s for _, s in t.tasks), at(t.served))
            for t in there.values()
        ]
        chosen = there[in_order(waiting, at(now), turn)[0].encode]
        turn += 1
        chosen.gaps.append(now - chosen.served)
        rank, seconds = chosen.tasks.pop(0)
        now += seconds
        chosen.served = now
        chosen.opened = min(chosen.opened, now) if rank == 0 else chosen.opened
        chosen.ended = now if not chosen.tasks else inf


def test_a_clip_does_not_wait_for_a_film():
    film, clip = title(1, 0, 7200), title(2, 600, 60)
    simulate([film, clip], 20_000)
    assert clip.opened - clip.came <= 65
    assert clip.ended - clip.came <= 300
    assert film.ended <= 7200 + 60 + 10


def test_a_film_is_not_starved_by_more_clips_than_the_machine_can_take():
    film = title(1, 0, 3600)
    clips = [title(n, n * 40.0, 60) for n in range(2, 600)]  # 60 s of work every 40 s
    simulate([film, *clips], 22_000)
    assert film.ended < 3600 * (SHARE + 2)
    assert max(film.gaps) <= PATIENCE.total_seconds() + SHARE * 65
    opened = [clip.opened - clip.came for clip in clips if clip.came < 15_000]
    assert max(opened) < 200  # every clip can be watched, though not all can be whole


def test_two_hundred_titles_at_once_all_end_and_the_short_ones_first():
    titles = [title(n, 0, 30 + 13 * (n % 40)) for n in range(1, 201)]
    simulate(titles, 10**6)
    assert all(t.ended < inf for t in titles)
    short = [t.ended for t in titles if t.number % 40 < 10]
    long_ = [t.ended for t in titles if t.number % 40 >= 30]
    assert sum(short) / len(short) < sum(long_) / len(long_) / 2
