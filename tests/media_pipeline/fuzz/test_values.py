"""What stands in a store is decoded, or is none: never another error."""

import contextlib
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from media_pipeline.model import work
from media_pipeline.model.publication import Segment, decode_publication, encode_publication
from media_pipeline.model.source import AudioStream, Extent, Source
from media_pipeline.planning.plan import make_plan
from media_pipeline.planning.tasks import tasks_of
from tests.media_pipeline.conftest import make_publication
from tests.media_pipeline.streams import make_video

from .hostile import anything, changed_json, fuzzing

SOURCE = Source(
    "mov",
    1,
    0.0,
    9.0,
    make_video(),
    (AudioStream(1, "aac", 2, 48_000, 0.0),),
)
PLAN = make_plan(SOURCE, Extent(0, 810_000))
JOB = work.Job(
    "a" * 32, "0a1b2c3d4e5f", datetime(2026, 11, 24, tzinfo=UTC), SOURCE, PLAN, tasks_of(PLAN)
)
PART = work.Part(
    "opening", {"v144": work.Made("avc1.640015", b"init", 0, (Segment("v144/1.m4s", 0, 9, 9),))}
)

PUBLICATION = make_publication()

DECODED = {
    "publication": (decode_publication, encode_publication(PUBLICATION)),
    "job": (work.decode_job, work.encode_work(JOB)),
    "part": (work.decode_part, work.encode_work(PART)),
}


@pytest.mark.parametrize(
    ("kind", "value"), [("publication", PUBLICATION), ("job", JOB), ("part", PART)]
)
def test_what_is_written_is_read_as_the_same_value(kind, value):
    decode, good = DECODED[kind]
    assert decode(good) == value


@pytest.mark.parametrize("kind", DECODED)
@fuzzing
@given(st.data())
def test_any_bytes_are_decoded_or_are_none(kind, data):
    decode, good = DECODED[kind]
    with contextlib.suppress(msgspec.DecodeError):
        decode(data.draw(st.one_of(anything(good, changed_json), anything(good))))
