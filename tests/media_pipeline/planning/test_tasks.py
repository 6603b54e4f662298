"""What is made first of a title, and what each part of the work weighs."""

import pytest

from media_pipeline.planning.tasks import tasks_of

from .titles import plan


@pytest.mark.parametrize(
    ("content", "first", "next_"),
    [
        ("slides", ("v144", "v360"), ()),
        ("talking", ("v144", "v240"), ("v360",)),
        ("ordinary", ("v144", "v240"), ("v360",)),
        ("busy", ("v144", "v240"), ("v360",)),
    ],
)
def test_the_opening_makes_first_what_players_ask_for_unasked(content, first, next_):
    made = plan(content)
    tasks = {task.name: task for task in tasks_of(made)}
    assert tasks["opening"].rungs == first
    assert (tasks["opening-next"].rungs if next_ else ()) == next_
    # hls.js and shaka-player guess 500 kbit/s, and take what needs less than 95 % of that.
    rates = {rung.name: rung.maxrate + made.audio.bitrate for rung in made.rungs}
    assert all(rates[name] <= 475_000 for name in first)
    openings = [task for task in tasks.values() if task.name.startswith("opening")]
    assert [task.rank for task in openings] == [0, *[1] * (len(openings) - 1)]
    assert [name for task in openings for name in task.rungs] == [r.name for r in made.rungs]


def test_a_small_title_has_an_opening_alone():
    names = [task.name for task in tasks_of(plan(lines=144, seconds=10))]
    assert names == ["sound", "opening", "picture-0001", "finish"]
