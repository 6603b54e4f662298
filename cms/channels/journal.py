"""The origins' journal of what they put on air (`media_pipeline/origin/journal.py`)."""

from datetime import datetime, timedelta

from media_pipeline.model.keys import journal_file
from media_pipeline.stores import Store

KEEP = timedelta(days=35)
"""A month's proof of airing can still be made, or made again, a few days into the next."""
_STAMP = "%Y%m%dT%H%MZ"


def do_purge_journal(store: Store, now: datetime) -> int:
    """Delete the minutes before `now` - KEEP, of all origins; return how many went.

    Raises StoreUnavailable; what is left then goes with the next call.
    """
    oldest = journal_file("", (now - KEEP).strftime(_STAMP)).rpartition("/")[2]
    top = journal_file("", "").partition("/")[0]
    old = [key for key in store.keys(top) if key.rpartition("/")[2] < oldest]
    for key in old:
        store.delete(key)
    return len(old)
