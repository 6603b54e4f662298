"""What can be played of a title of which some tasks are done, in whatever order."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from media_pipeline.model.growth import grown, playable
from media_pipeline.model.publication import Segment
from media_pipeline.model.source import AudioStream, Extent, Source
from media_pipeline.model.work import Job, Made, Part
from media_pipeline.planning.plan import make_plan
from media_pipeline.planning.tasks import tasks_of
from tests.media_pipeline.streams import make_video

SOURCE = Source("mov", 1, 0.0, 80.0, make_video(), (AudioStream(1, "aac", 2, 48_000, 0.0),))
PLAN = make_plan(SOURCE, Extent(0, 80 * 90_000))
JOB = Job(
    "a" * 32, "0a1b2c3d4e5f", datetime(2026, 11, 24, tzinfo=UTC), SOURCE, PLAN, tasks_of(PLAN)
)
COUNT = len(PLAN.segments)

stretches = st.lists(st.tuples(st.integers(0, COUNT - 1), st.integers(1, 6)), max_size=8)


def part(name: str, first: int, count: int) -> Part:
    """What a task made of the rendition `name`: segments `first` and on, from 0."""
    segments = tuple(
        Segment(f"{name}/{n}.m4s", 0, 9, 360_000) for n in range(first, min(first + count, COUNT))
    )
    return Part(f"{name}-{first}", {name: Made("avc1.640015", b"init", first, segments)})


@given(stretches)
def test_of_each_rendition_all_up_to_the_first_gap_is_there_and_nothing_behind_it(made):
    there = {n for first, count in made for n in range(first, min(first + count, COUNT))}
    reaches = next(n for n in range(COUNT + 1) if n not in there)
    found = grown(JOB, [part("v240", *each) for each in made]).rendition("v240")
    assert [s.uri for s in found.segments] == [f"v240/{n}.m4s" for n in range(reaches)]


def test_a_title_can_be_played_once_one_rung_and_its_sound_have_begun():
    picture, sound = part("v144", 0, 1), part("a48", 0, 1)
    assert [playable(grown(JOB, some)) for some in ([], [picture], [sound], [picture, sound])] == [
        *(False, False, False, True)
    ]
    assert not playable(grown(JOB, [part("v144", 1, 3), sound]))
