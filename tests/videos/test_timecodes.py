import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.videos.fields.timecodes import milliseconds_of, text_of


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [("45", 45_000), ("1.30", 90_000), ("1:30", 90_000), ("01:02:03", 3_723_000), ("0.00", 0)],
)
def test_times_are_read_as_people_write_them(text, milliseconds):
    assert milliseconds_of(text) == milliseconds


@pytest.mark.parametrize("text", ["", "-1", "1.60", "1.2.3.4", "satu", "1..2", "12.40 menit"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        milliseconds_of(text)


@given(st.integers(min_value=0, max_value=359_999))
def test_a_time_reads_back_as_it_was_written(seconds):
    assert milliseconds_of(text_of(seconds * 1000)) == seconds * 1000
