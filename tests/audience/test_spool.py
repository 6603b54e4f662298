"""From the spool to the counts: each tap once, whatever breaks."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from time_machine import Traveller

from cms.audience import actions, spool, tasks
from cms.audience.actions import do_note_tap, do_roll_up
from cms.audience.models import CountedBatch, TapCount
from cms.audience.networks import FEW_OF_SHARED, Limit, written
from cms.audience.queries import taps_by_day
from cms.traders.models import Product

MINUTE = datetime(2026, 11, 24, 6, 24, tzinfo=UTC)
SHARED = [Limit("f" * 16, FEW_OF_SHARED)]
"""A network behind which many stand."""
SOON = MINUTE + timedelta(minutes=1) + spool.GRACE


WRITER = """
import sys
from datetime import datetime
from pathlib import Path
from cms.audience import spool
for _ in range(300):
    spool.append(Path(sys.argv[1]), ("a" * 32, "lapak"), datetime.fromisoformat(sys.argv[2]))
"""


def test_lines_of_several_processes_never_mix(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(tmp_path), MINUTE.isoformat()]
    writers = [subprocess.Popen(command) for _ in range(3)]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    with spool.taken(tmp_path, SOON) as batches:
        (batch,) = batches
        assert batch.events() == [["a" * 32, "lapak"]] * 900


def test_a_minute_is_counted_when_it_is_over(spool_folder: Path, sambal: Product) -> None:
    for second in (0, 20, 59):
        do_note_tap(sambal, "lapak", "", SHARED, MINUTE + timedelta(seconds=second))
    do_note_tap(sambal, "pasar", "", SHARED, MINUTE)
    assert do_roll_up(SOON - timedelta(seconds=1)) == 0
    assert do_roll_up(SOON) == 4
    counts = TapCount.objects.values_list("product", "minute", "place", "taps")
    assert set(counts) == {
        (sambal.pk, MINUTE, "lapak", 3),
        (sambal.pk, MINUTE, "pasar", 1),
    }
    assert not list(spool_folder.glob("*.log"))


def test_a_late_line_is_added(spool_folder: Path, sambal: Product) -> None:
    do_note_tap(sambal, "lapak", "", SHARED, MINUTE)
    do_roll_up(SOON)
    do_note_tap(sambal, "lapak", "", SHARED, MINUTE)
    do_roll_up(SOON)
    assert TapCount.objects.get().taps == 2


def test_a_crash_between_counting_and_removing_counts_once(
    spool_folder: Path, sambal: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    do_note_tap(sambal, "lapak", "", SHARED, MINUTE)

    def crash(batch: spool.Batch) -> None:
        raise OSError("power cut")

    with monkeypatch.context() as broken:
        broken.setattr(spool.Batch, "remove", crash)
        with pytest.raises(OSError, match="power cut"):
            do_roll_up(SOON)
    assert do_roll_up(SOON) == 0
    assert TapCount.objects.get().taps == 1
    assert not list(spool_folder.glob("*.batch"))


def test_a_crash_before_the_commit_loses_nothing(
    spool_folder: Path, sambal: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    do_note_tap(sambal, "lapak", "", SHARED, MINUTE)

    def crash(batch: spool.Batch) -> int:
        raise RuntimeError("killed")

    with monkeypatch.context() as broken:
        broken.setattr(actions, "_add", crash)
        with pytest.raises(RuntimeError):
            do_roll_up(SOON)
    assert do_roll_up(SOON) == 1


def test_while_one_counts_another_leaves_it_alone(spool_folder: Path, sambal: Product) -> None:
    do_note_tap(sambal, "lapak", "", SHARED, MINUTE)
    with spool.taken(spool_folder, SOON) as mine:
        assert len(mine) == 1
        assert do_roll_up(SOON) == 0
    assert do_roll_up(SOON) == 1


def test_cut_lines_and_deleted_products_do_no_harm(spool_folder: Path, sambal: Product) -> None:
    spool.append(spool_folder, ("0" * 32, "lapak", "0" * 32, written(SHARED)), MINUTE)
    spool.append(spool_folder, (sambal.key.hex[:9],), MINUTE)
    spool.append(spool_folder, ("zz", "lapak", "zz", written(SHARED)), MINUTE)
    do_note_tap(sambal, "lapak", "", SHARED, MINUTE)
    assert do_roll_up(SOON) == 1


def test_batches_are_forgotten(spool_folder: Path, sambal: Product) -> None:
    do_note_tap(sambal, "lapak", "", SHARED, MINUTE)
    do_roll_up(SOON)
    do_note_tap(sambal, "lapak", "", SHARED, MINUTE + timedelta(days=3))
    do_roll_up(SOON + timedelta(days=3))
    assert CountedBatch.objects.count() == 1


def test_days_are_the_markets_own(sambal: Product) -> None:
    for hour, taps in ((16, 1), (17, 10)):  # 23.00 WIB, and 00.00 WIB of the next day
        TapCount.objects.create(
            product=sambal,
            minute=datetime(2026, 11, 23, hour, tzinfo=UTC),
            place="lapak",
            taps=taps,
        )
    days = taps_by_day([sambal], "Asia/Jakarta", 7, MINUTE)
    assert [day.taps for day in days] == [0, 0, 0, 0, 0, 1, 10]
    assert str(days[-1].date) == "2026-11-24"


def test_the_worker_counts_each_minute(
    spool_folder: Path, sambal: Product, frozen: Traveller
) -> None:
    do_note_tap(sambal, "lapak", "", SHARED, MINUTE)
    frozen.move_to(SOON)
    assert tasks.roll_up_taps.task_class().validate_datetime(SOON)
    tasks.roll_up_taps.call_local()
    assert TapCount.objects.get().taps == 1
