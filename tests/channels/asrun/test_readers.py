"""Two workers that take in journals at once lose nothing of what either reads."""

import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest

from cms.channels.actions import do_publish_rundown
from cms.channels.asrun import journals
from cms.channels.asrun.journals import do_read_journals
from cms.channels.asrun.models import AirHour
from media_pipeline.asrun import decode_coverage
from media_pipeline.asrun.spans import union
from media_pipeline.model.ticks import TIMESCALE
from media_pipeline.stores import Store
from tests.channels.asrun.conftest import NOW, after
from tests.races import at_once

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


class Of:
    """A store in which only the journal of one origin has arrived."""

    def __init__(self, store: Store, origin: str) -> None:
        self.store, self.origin = store, origin
        self.read = store.read

    def versions(self, prefix: str) -> Iterator[tuple[str, str]]:
        return (each for each in self.store.versions(prefix) if f"/{self.origin}/" in each[0])


def test_two_readers_at_once_lose_nothing(channel, store, journal, monkeypatch):
    do_publish_rundown(channel, NOW)
    journal(channel, 0, 60, origin="satu")
    journal(channel, 60, 120, origin="dua")
    both = threading.Barrier(2)
    add = journals.together

    def meeting(*said):
        # Where each waits for the other, both have read what was there before.
        with suppress(threading.BrokenBarrierError):
            both.wait(timeout=1)
        return add(*said)

    monkeypatch.setattr(journals, "together", meeting)

    at_once(
        *(
            lambda origin=origin: do_read_journals(Of(store, origin), [NOW.date()], after(180))
            for origin in ("satu", "dua")
        )
    )
    (hour,) = AirHour.objects.all()
    seen = union(*decode_coverage(bytes(hour.coverage)).values())
    assert [(end - start) / TIMESCALE for start, end in seen] == [120]
