"""Moments and ticks, there and back."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media_pipeline.model.ticks import moment_of, seconds_of, ticks_in, ticks_of

moments = st.integers(0, 4 * 10**15).map(
    lambda us: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us)
)


@given(moments)
def test_a_moment_comes_back_within_a_tick(moment) -> None:
    assert timedelta() <= moment - moment_of(ticks_of(moment)) <= timedelta(microseconds=11)


@given(st.integers(0, 10**15))
def test_ticks_come_back(ticks) -> None:
    assert ticks_of(moment_of(ticks)) == ticks


@given(moments, st.integers(-14, 14))
def test_a_moment_is_the_same_in_every_zone(moment, hours) -> None:
    assert ticks_of(moment.astimezone(timezone(timedelta(hours=hours)))) == ticks_of(moment)


@pytest.mark.parametrize("rate", [24, 25, 30, 50, 60])
def test_a_frame_of_each_house_rate_is_a_whole_number_of_ticks(rate) -> None:
    assert seconds_of(ticks_in(1 / rate)) == pytest.approx(1 / rate, abs=1e-15)
    assert ticks_in(3600) == ticks_in(1 / rate) * rate * 3600


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        ticks_of(datetime(2026, 11, 24))  # noqa: DTZ001
