"""The time that is left."""

from datetime import UTC, datetime, timedelta

from media_pipeline.planning.eta import Forecast

START = datetime(2026, 11, 24, tzinfo=UTC)


def test_there_is_no_forecast_before_there_is_something_to_judge_by():
    forecast = Forecast()
    assert forecast.seconds_left(0.02, START) is None
    assert forecast.seconds_left(0.03, START + timedelta(seconds=1)) is None
    assert forecast.seconds_left(0.02, START + timedelta(seconds=5)) is None


def test_a_steady_pace_is_continued():
    forecast = Forecast()
    left = [forecast.seconds_left(n / 100, START + timedelta(seconds=n)) for n in range(100)]
    assert left[50] is not None
    assert abs(left[50] - 50) < 0.01


def test_the_last_minute_counts_not_what_went_before():
    forecast = Forecast()
    for n in range(100):
        forecast.seconds_left(n / 1_000, START + timedelta(seconds=n))
    for n in range(1, 100):
        left = forecast.seconds_left(0.1 + n / 200, START + timedelta(seconds=100 + n))
    assert left is not None
    assert abs(left - (1 - 0.1 - 99 / 200) * 200) < 5
