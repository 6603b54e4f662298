"""Whose turn it is, alone and over a simulated day of many titles."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import inf

from hypothesis import given
from hypothesis import strategies as st

from cms.videos.encoding.failures import lost_backoff
from cms.videos.encoding.queueing.turns import PATIENCE, SHARE, TRIES, Waiting, in_order
from cms.videos.models.task import LOSSES
from tests.examples import examples
from tests.videos.conftest import NOW

ROUNDING = 1e-3
"""Seconds that sums of many fractions may differ by."""


def waits(task, *, rank=2, left=60.0, served=NOW, **more):
    return Waiting(task, task, rank, left, served, **more)


def order(*waiting, now=NOW, turn=0):
    return [each.task for each in in_order(waiting, now, turn)]


def test_what_makes_titles_playable_goes_before_any_body():
    film = waits(1, rank=2, left=7200)
    assert order(film, waits(2, rank=0, left=9000), waits(3, rank=1, left=10)) == [2, 3, 1]


def test_the_title_with_the_least_left_goes_first_and_its_end_is_no_later_than_bodies():
    assert order(waits(1, left=7200), waits(2, left=50), waits(3, rank=3, left=2)) == [3, 2, 1]


def test_what_an_editor_put_first_goes_before_openings_of_others():
    assert order(waits(1, rank=0), waits(2, left=7200, raised=True)) == [2, 1]


def test_what_was_put_back_goes_last():
    assert order(waits(1, rank=0, setbacks=1), waits(2, left=7200)) == [2, 1]


def test_what_an_editor_put_first_goes_first_though_it_was_put_back_before():
    back = waits(1, raised=True, setbacks=TRIES - 1)
    assert order(back, waits(2, rank=0), waits(3, setbacks=1)) == [1, 2, 3]


def test_a_poison_that_was_put_first_is_not_in_the_way_for_ever():
    poison = waits(1, rank=0, raised=True, setbacks=TRIES)
    assert order(poison, waits(2, left=7200), waits(3, rank=0, setbacks=1)) == [2, 1, 3]


def test_every_fourth_turn_goes_to_the_oldest_that_nobody_has_served_for_a_while():
    film, clip = waits(1, left=7200, served=NOW - PATIENCE * 2), waits(2, rank=0)
    firsts = [order(film, clip, turn=turn)[0] for turn in range(8)]
    assert firsts == [2, 2, 2, 1, 2, 2, 2, 1]
    assert order(film, clip, now=NOW - PATIENCE * 2, turn=3) == [2, 1]


def test_a_title_served_in_the_future_of_a_clock_that_was_wrong_is_not_forgotten():
    odd = waits(1, left=7200, served=NOW + timedelta(days=900))
    assert order(odd, waits(2, left=5), turn=3)[0] == 1


def test_a_new_title_goes_before_all_that_is_only_encoded_again():
    bulk = [waits(n, rank=0, again=True) for n in range(1, 50)]
    assert order(*bulk, waits(99, rank=0))[0] == 99
    assert order(*bulk, waits(99, left=7200))[0] == 99  # what is new is finished first, too
    assert order(*bulk, waits(98, rank=0, raised=True, again=True), waits(99))[:2] == [98, 99]


def test_of_what_is_encoded_again_one_goes_in_a_fourth_of_the_turns():
    old = waits(1, rank=0, again=True, served=NOW - PATIENCE * 2)
    firsts = [order(old, waits(2, rank=0), turn=turn)[0] for turn in range(8)]
    assert firsts == [2, 2, 2, 1, 2, 2, 2, 1]


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
            setbacks=st.integers(0, 9),
            again=st.booleans(),
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
    """A title in the simulation: its tasks as (rank, seconds), what is known of its service.

    A `poison` fails each time that it was tried, and is waited for a little longer each time.
    """

    number: int
    came: float
    tasks: list[tuple[int, float]]
    served: float
    raised: float = inf
    poison: bool = False
    again: bool = False
    setbacks: int = 0
    not_before: float = 0.0
    ended: float = inf
    opened: float = inf
    gaps: list[float] = field(default_factory=list)

    def waiting(self, now: float) -> Waiting:
        """What its row says at `now`."""
        left, raised = sum(seconds for _, seconds in self.tasks), self.raised <= now
        row = Waiting(self.number, self.number, self.tasks[0][0], left, at(self.served))
        return replace(row, raised=raised, setbacks=self.setbacks, again=self.again)


def title(number: int, came: float, length: float, **more) -> Title:
    """A title of `length` seconds, which take as long to encode: opening, bodies of 60 s, end."""
    bodies = [60.0] * int(length // 60) + [length % 60] * bool(length % 60)
    tasks = [(0, 1.0), *((2, s) for s in bodies), (3, 2.0)]
    return Title(number, came, tasks, came, **more)


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def simulate(titles: list[Title], until: float) -> None:
    """Let one worker serve `titles` in the order of `in_order` until that second."""
    now, turn = 0.0, 0
    while now < until:
        open_ones = [t for t in titles if t.tasks]
        there = {t.number: t for t in open_ones if max(t.came, t.not_before) <= now}
        if not there:
            if not open_ones:
                return
            now = min(max(t.came, t.not_before) for t in open_ones)
            continue
        rows = in_order([t.waiting(now) for t in there.values()], at(now), turn)
        chosen = there[rows[0].encode]
        turn += 1
        now = run(chosen, now)


def run(chosen: Title, now: float) -> float:
    """Run the next task of a title; return when it is over."""
    chosen.gaps.append(now - chosen.served)
    rank, seconds = chosen.tasks[0]
    now += seconds
    chosen.served = now
    if chosen.poison:
        chosen.setbacks += 1
        chosen.not_before = now + lost_backoff(chosen.setbacks).total_seconds()
        if chosen.setbacks > LOSSES:
            chosen.tasks = []
        return now
    del chosen.tasks[0]
    chosen.opened = min(chosen.opened, now) if rank == 0 else chosen.opened
    chosen.ended = now if not chosen.tasks else inf
    return now


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


def test_a_film_that_was_put_first_lets_clips_be_opened_all_the_same():
    film = title(1, 0, 7200, raised=0)
    clips = [title(n, n * 300.0, 60) for n in range(2, 20)]
    simulate([film, *clips], 20_000)
    assert max(clip.opened - clip.came for clip in clips) <= SHARE * 61 + PATIENCE.total_seconds()
    assert film.ended <= 7200 * SHARE / (SHARE - 1) + 300


def test_a_clip_that_is_put_first_while_a_hundred_wait_is_the_next():
    clip = title(999, 0, 50, raised=600)
    simulate([clip, *(title(n, 0, 40) for n in range(1, 100))], 4000)
    assert clip.ended - 600 <= 60 + 60 + SHARE * 61


def test_new_clips_are_opened_at_once_while_a_library_is_encoded_again_and_that_ends_too():
    library = [title(n, 0, 600, again=True) for n in range(1, 101)]
    clips = [title(n, n * 30.0, 20) for n in range(200, 400)]
    simulate([*library, *clips], 10**6)
    # One task that was at work, and one that had its turn before it.
    assert max(clip.opened - clip.came for clip in clips) <= 2 * 60 + 25
    assert all(each.ended < inf for each in library)


kinds = st.fixed_dictionaries(
    {
        "came": st.floats(0, 5000),
        "length": st.floats(5, 7200),
        "raised": st.just(inf) | st.floats(0, 6000),
        "poison": st.sampled_from((False, False, False, True)),
        "again": st.booleans(),
    }
)


@examples(60)
@given(st.lists(kinds, min_size=1, max_size=25))
def test_whatever_comes_every_title_ends_and_none_is_forgotten(made):
    titles = [title(number, **values) for number, values in enumerate(made, 1)]
    simulate(titles, 10**7)
    healthy = [each for each in titles if not each.poison]
    assert all(each.ended < inf for each in healthy)
    # Each fourth turn is for the oldest: nobody waits longer than for that of all others.
    longest = SHARE * 61.0 * (len(titles) + 1) + PATIENCE.total_seconds()
    oldest = min(titles, key=lambda each: each.number)
    assert oldest.poison or max(oldest.gaps) <= longest
    # Poisons cost the others what they run, and nothing more.
    work = sum(values["length"] + 3 for values in made)
    poisons = sum((LOSSES + 1) * 1.0 for each in titles if each.poison)
    last_came = max(values["came"] for values in made)
    assert max((each.ended for each in healthy), default=0) <= last_came + work + poisons + ROUNDING
