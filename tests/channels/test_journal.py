"""The origins' journal stays as long as proof of airing is made from it."""

from datetime import UTC, datetime, timedelta

from cms.channels.journal import KEEP, do_purge_journal
from media_pipeline.model.keys import journal_file, rundown_file
from media_pipeline.stores import Store

NOW = datetime(2026, 11, 24, 20, 41, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def test_minutes_of_all_origins_go_when_they_are_too_old_and_nothing_else(store: Store) -> None:
    ages = {"old": KEEP + DAY, "kept": KEEP, "older": KEEP * 12, "new": MINUTE}
    for origin, age in ages.items():
        store.write(journal_file(origin, f"{NOW - age:%Y%m%dT%H%MZ}"), b"{}\n")
    store.write(rundown_file("nasional"), b"{}")
    assert do_purge_journal(store, NOW) == 2
    left = [key.split("/")[2] for key in store.keys("journal")]
    assert left == ["kept", "new"]
    assert store.read(rundown_file("nasional")) is not None


def test_a_store_without_journal_is_left_as_it_is(store: Store) -> None:
    assert do_purge_journal(store, NOW) == 0


def test_minutes_as_they_were_named_before_days_had_folders_go_too(store: Store) -> None:
    for age in (KEEP + DAY, KEEP):
        store.write(f"journal/uji/{NOW - age:%Y%m%dT%H%MZ}.jsonl", b"{}\n")
    assert do_purge_journal(store, NOW) == 1
    assert list(store.keys("journal")) == [f"journal/uji/{NOW - KEEP:%Y%m%dT%H%MZ}.jsonl"]
