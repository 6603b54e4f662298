"""Several workers judge the same day and settle the same debts at the same moment."""

import threading

import pytest
from django.db import DatabaseError, connection

from cms.channels.asrun.evidence import barred_programmes
from cms.channels.asrun.makegoods import do_settle
from cms.channels.asrun.promoted import Makegood, SegmentAiring
from cms.channels.asrun.rolling import do_roll_up_day
from cms.channels.models import AsRunDay
from tests.channels.asrun.conftest import NOW, after

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgres,
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one write at a time"),
]
WORKERS = 4


def at_once(do) -> None:
    """Call `do` in several threads that begin together; raise what any of them raised."""
    ready, failed = threading.Barrier(WORKERS, timeout=60), []

    def work() -> None:
        try:
            ready.wait()
            do()
        except DatabaseError as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]


def row(channel, segment, second: int, status: str, **fields) -> SegmentAiring:
    return SegmentAiring.objects.create(
        channel=channel,
        day=NOW.date(),
        entry=f"{second}",
        segment_key=segment.key,
        start=after(second),
        promised_ms=15_000,
        shown_ms=0 if status == "missed" else 15_000,
        status=status,
        **fields,
    )


def test_each_airing_has_one_row_and_each_debt_and_replacement_one_link(
    channel, spot, do_air, journal, roll
):
    for start in (600, 1200, 1800):
        do_air(spot, start)
    journal(channel, 560, 700)
    roll(3600)
    SegmentAiring.objects.all().delete()
    day = AsRunDay.objects.get(channel=channel, day=NOW.date())
    barred = barred_programmes()
    at_once(lambda: do_roll_up_day(day, day.complete, after(3600), barred))
    judged = SegmentAiring.objects.order_by("start")
    assert [one.status for one in judged] == ["aired", "missed", "missed"]

    debts = [*judged[1:], *(row(channel, spot, 2000 + n, "missed") for n in range(30))]
    made = [row(channel, spot, 3000 + n, "aired", makes_good=True) for n in range(20)]
    at_once(lambda: do_settle(channel, NOW))
    pairs = Makegood.objects.order_by("debt__start").values_list("debt", "replacement")
    assert list(pairs) == [(d.pk, m.pk) for d, m in zip(debts, made, strict=False)]
