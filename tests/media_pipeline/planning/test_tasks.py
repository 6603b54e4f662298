"""What is made first of a title, and what each part of the work weighs."""

from itertools import pairwise

import msgspec
import pytest

from media_pipeline.planning.tasks import finish_done, picture_done, tasks_of

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


def test_a_title_with_large_pictures_has_its_sound_once_more_after_what_plays():
    assert plan(lines=360).high_sounds == ()
    made = plan(lines=480)
    assert [(sound.name, sound.bitrate) for sound in made.high_sounds] == [("a112", 112_000)]
    tasks = {task.name: task for task in tasks_of(made)}
    high = tasks["sound-late"]
    assert high.rungs == ("a112",)
    assert set(high.needs) == set(tasks) - {"sound-late", "finish"}
    assert "sound-late" in tasks["finish"].needs
    with_opus = msgspec.structs.replace(made, opus=True)
    tasks = {task.name: task for task in tasks_of(with_opus)}
    assert tasks["sound-late"].rungs == ("a112", "o28", "o64")
    small = msgspec.structs.replace(plan(lines=360), opus=True)
    assert [(s.name, s.channels) for s in small.late_sounds] == [("o28", 1)]


def test_the_last_frames_of_a_chunk_weigh_less_since_its_encoders_have_taken_them_in():
    done = [picture_done(frames, 1_100) for frames in range(1_101)]
    assert (done[0], done[-1]) == (0, 1)
    steps = [b - a for a, b in pairwise(done)]
    # What is taken in before anything comes out is done by then.
    assert steps[0] > 10 * steps[500]
    assert steps[-1] < 0.8 * steps[500]
    assert all(step > 0 for step in steps)


@pytest.mark.parametrize("count", [1, 40, 100])
def test_a_chunk_is_not_done_before_its_last_frame_has_come_out(count):
    done = [picture_done(frames, count) for frames in range(count + 1)]
    assert done == sorted(done)
    assert (done[0], done[-1]) == (0, 1)
    assert all(part < 1 for part in done[:-1])
    assert picture_done(count + 9, count) == 1


def test_the_last_task_gets_further_while_the_title_is_watched_and_with_its_covers():
    made = plan(seconds=600)
    done = [finish_done(made, second) for second in range(0, 601, 60)]
    assert done == sorted(set(done))
    assert done[0] == 0
    assert done[-1] < finish_done(made, 600, covers=True) < 1
    assert finish_done(made, 10_000) == done[-1]


def test_the_last_task_weighs_the_seconds_for_which_it_keeps_the_others_waiting():
    # Two minutes at 720p take two cores 110 s, of which storyboard, covers and playlists take 1.1
    # to 1.4; ten minutes 550 s and 3.
    for seconds, least, most in ((120, 0.0095, 0.0135), (600, 0.005, 0.0075)):
        finish = tasks_of(plan(seconds=seconds))[-1]
        assert (finish.kind, least < finish.weight < most) == ("finish", True)
