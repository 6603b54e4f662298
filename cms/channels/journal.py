"""How long the origins' journal stays (`media_pipeline/origin/journal.py`)."""

from datetime import datetime, timedelta

from media_pipeline.model.keys import journal_file
from media_pipeline.stores import Store

KEEP = timedelta(days=10)
"""A day longer than a day can be judged again: rows of as-run are kept elsewhere, for longer."""


def do_purge_journal(store: Store, now: datetime) -> int:
    """Delete the minutes of days (UTC) before `now` - KEEP, of all origins; return how many went.

    Raises StoreUnavailable; what is left then goes with the next call.
    """
    oldest = f"{now - KEEP:%Y%m%d}"
    top = journal_file("", "").partition("/")[0]
    old = [key for key in store.keys(top) if key.rpartition("/")[2][:8] < oldest]
    whole = {f"{top}/{day}" for key in old if (day := key.split("/")[1]).isdecimal()}
    for folder in sorted(whole):
        store.delete_folder(folder)
    for key in old:
        if key.rsplit("/", 2)[0] not in whole:
            # As they were named before days had folders.
            store.delete(key)
    return len(old)
