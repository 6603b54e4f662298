"""What is read ahead comes in order, with what went wrong where it is asked for."""

import threading

import pytest

from media_pipeline.origin.ahead import BEGUN, ahead, in_turn
from media_pipeline.origin.pace import WORK, Pace


def halved(number: int) -> int:
    if number % 2:
        raise ValueError(number)
    return number // 2


@pytest.mark.parametrize("read", [ahead, in_turn])
def test_everything_comes_in_order_and_faults_where_they_belong(read) -> None:
    seen = []
    for number, found in read(halved, range(3 * BEGUN)):
        try:
            seen.append((number, found()))
        except ValueError as wrong:
            seen.append((number, wrong.args[0]))
    assert seen == [(n, n if n % 2 else n // 2) for n in range(3 * BEGUN)]


def test_no_more_is_begun_than_fits_in_memory() -> None:
    begun, lock = set[int](), threading.Lock()

    def work(number: int) -> int:
        with lock:
            begun.add(number)
        return number

    for number, found in ahead(work, range(10 * BEGUN)):
        found()
        with lock:
            assert max(begun) <= number + BEGUN


def test_who_stops_reading_leaves_no_thread() -> None:
    threads = threading.active_count()
    for number, found in ahead(halved, range(1_000)):
        found()
        if number == 0:
            break
    assert threading.active_count() == threads


def test_a_pause_comes_after_some_work_and_not_before(monkeypatch) -> None:
    now, pauses = [0.0], list[float]()
    monkeypatch.setattr("media_pipeline.origin.pace.time.monotonic", lambda: now[0])
    monkeypatch.setattr("media_pipeline.origin.pace.time.sleep", pauses.append)
    pace = Pace()
    for _ in range(10):
        now[0] += WORK / 4
        pace.rest()
    assert len(pauses) == 2
