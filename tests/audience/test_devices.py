"""Remembering just long enough, and nothing of anyone."""

from datetime import UTC, datetime, timedelta

import pytest

from cms.audience import devices
from cms.audience.devices import Devices

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ONE = ("10.0.0.1", "phone", "id")
OTHER = ("10.0.0.2", "phone", "id")


def test_a_second_tap_is_a_repeat_only_for_a_while_and_for_one_device() -> None:
    memory = Devices()
    assert not memory.is_repeat(ONE, "sambal", NOON)
    assert memory.is_repeat(ONE, "sambal", NOON + timedelta(seconds=29))
    assert not memory.is_repeat(OTHER, "sambal", NOON + timedelta(seconds=29))
    assert not memory.is_repeat(ONE, "sambal", NOON + timedelta(seconds=29 + 30))


def test_nothing_of_a_request_is_kept_readable_and_a_new_day_has_a_new_key() -> None:
    memory = Devices()
    memory.is_repeat(ONE, "sambal", NOON)
    (mark,) = memory._taps
    assert b"10.0.0.1" not in mark
    memory.is_repeat(ONE, "sambal", NOON + timedelta(days=1))
    (new_mark,) = memory._taps
    assert new_mark != mark


def test_the_memory_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "MEMORY", 10)
    memory = Devices()
    for number in range(100):
        memory.is_repeat((str(number),), "sambal", NOON)
        memory.is_too_fast((str(number),), NOON)
    assert len(memory._taps) == len(memory._requests) == 10
