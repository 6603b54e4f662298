"""Writing rundowns: day files, history, then their index `rundown.json` by one replacing write.

The store is the truth of what players saw: the next rundown continues what lies
there, even if the row about it was lost with a transaction.
"""

import gzip
import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from cms.channels import catalogue, in_force
from cms.channels.models import Channel, RundownRecord
from cms.channels.planning import Plan, boundary_of, compose
from cms.channels.reels import reels
from cms.core import published
from media_pipeline.model.keys import (
    day_file,
    day_folder,
    generation_mark,
    rundown_file,
    rundown_history_file,
)
from media_pipeline.model.rundown import Entry, Rundown
from media_pipeline.model.stored import Index, encode_index, split
from media_pipeline.model.ticks import moment_of, ticks_of
from media_pipeline.playout import (
    NotOnAir,
    Timeline,
    check_rundown,
    check_successor,
    with_slate,
)

HISTORY = timedelta(days=9)
"""How long the history of rundowns stays in the store: catch-up reaches back 7 days."""

logger = logging.getLogger(__name__)


class NotReady(Exception):
    """The channel cannot be on air yet; the text says why, in the person's language."""


class Contradiction(Exception):
    """A rundown would change what players have seen. A fault of ours: nothing was written."""


@dataclass(frozen=True)
class Published:
    """A rundown that was written. `changes_from` is None if it only goes on further."""

    version: int
    changes_from: datetime | None


def preview(channel: Channel, now: datetime, until: datetime) -> Plan:
    """Return the rundown that publishing at `now` would give, up to `until`; writes nothing."""
    return _plan(channel, _previous(channel), now, until)


def do_publish_rundown(channel: Channel, now: datetime) -> Published | None:
    """Plan `channel` anew and put the result in force; None if nothing is different.

    Raises NotReady while the channel has nothing to show, StoreUnavailable, and
    Contradiction rather than change what was served.
    """
    with transaction.atomic():
        channel = Channel.objects.select_for_update().get(pk=channel.pk)
        found = in_force.read(channel.slug)
        previous = found.rundown if found else None
        plan = _plan(channel, previous, now, catalogue.horizon(channel, previous, now))
        # One that was written whole, as until day files came, is written again in any case.
        if found is not None and found.index and _is_same(found.rundown, plan.rundown):
            return None
        _check(previous, plan.rundown, now)
        _write(channel, plan.rundown, found.index if found else None, now)
    changes = _first_change(previous, plan.rundown) if previous else None
    logger.info("%s: rundown %s is in force", channel.slug, plan.rundown.version)
    return Published(plan.rundown.version, None if changes is None else moment_of(changes))


def do_forget_history(channel: Channel, now: datetime) -> int:
    """Remove what is older than HISTORY, and day files that nothing names; return how many.

    Under the lock of publishing: a day file is there before its rundown is.
    """
    with transaction.atomic():
        channel = Channel.objects.select_for_update().get(pk=channel.pk)
        kept = channel.rundowns.filter(written__gte=now - HISTORY)
        oldest = kept.order_by("version").values_list("version", flat=True).first()
        if oldest is None:
            return 0
        days = in_force.days_of(channel.slug).union(*kept.values_list("days", flat=True))
        named = {day_file(channel.slug, name) for name in days}
        first = rundown_history_file(channel.slug, oldest)
        store = published.store()
        old = [key for key in store.keys(first.rpartition("/")[0]) if key < first]
        old += [key for key in store.keys(day_folder(channel.slug)) if key not in named]
        for key in old:
            store.delete(key)
        return len(old)


def _previous(channel: Channel) -> Rundown | None:
    found = in_force.read(channel.slug)
    return found.rundown if found else None


def _plan(channel: Channel, previous: Rundown | None, now: datetime, until: datetime) -> Plan:
    slate = catalogue.slate_of(channel)
    if slate is None:
        raise NotReady(_("Kartu jeda masih disiapkan. Saluran mengudara sesudahnya."))
    if previous is None and not (channel.planned.exists() or channel.fillers.exists()):
        raise NotReady(_("Saluran mengudara setelah ada acara atau pengisi."))
    if previous is not None:
        previous = with_slate(previous, reels, boundary_of(previous, now))
    return compose(catalogue.request_for(channel, slate, previous, now, until), previous)


def _is_same(old: Rundown, new: Rundown) -> bool:
    """Return whether `new` says nothing else than `old`, the forgotten past aside."""
    said = ("name", "zone", "slate")
    kept = old.entries[-len(new.entries) :]
    return kept == new.entries and all(getattr(old, k) == getattr(new, k) for k in said)


def _check(old: Rundown | None, new: Rundown, now: datetime) -> None:
    faults = check_rundown(new)
    if old is not None:
        faults += check_successor(old, new, _edge(old, now), reels)
    if faults:
        raise Contradiction(f"{new.channel}: {' '.join(faults)}")


def _edge(rundown: Rundown, now: datetime) -> int:
    """Return the number of the newest segment that anybody may have seen, -1 for none."""
    try:
        return Timeline(rundown, reels).edge(ticks_of(now)).msn
    except NotOnAir:
        return -1


def _write(channel: Channel, rundown: Rundown, before: Index | None, now: datetime) -> None:
    index, files = split(rundown)
    there = {day.name for day in before.days} if before else set()
    store = published.store()
    for name in files.keys() - there:
        store.write(day_file(channel.slug, name), files[name])
    data = encode_index(index)
    packed = gzip.compress(data, compresslevel=1, mtime=0)
    store.write(rundown_history_file(channel.slug, rundown.version), packed)
    store.write(rundown_file(channel.slug), data)
    # Its mark must differ, and that of a bucket is of what is in it.
    store.write(generation_mark(), f"{channel.slug} {rundown.version} {now:%F %T.%f}".encode())
    RundownRecord.objects.update_or_create(
        channel=channel,
        version=rundown.version,
        defaults={
            "written": now,
            "ends": moment_of(rundown.entries[-1].end),
            "entries": len(rundown.entries),
            "checksum": hashlib.sha256(data).hexdigest(),
            "days": [day.name for day in index.days],
        },
    )


def _first_change(old: Rundown, new: Rundown) -> int | None:
    """Return the tick from which viewers see something else; None if it only goes on."""
    before = {e.start: e for e in old.entries}
    ends = old.entries[-1].end
    for entry in new.entries:
        if entry.start >= ends:
            return None
        was = before.get(entry.start)
        if was is None or entry != was:
            return _differs_at(was, entry)
    return None


def _differs_at(was: Entry | None, entry: Entry) -> int:
    """Return where two entries of the same start part: a shortened one at its end."""
    if was is not None and was.publication == entry.publication and was.count != entry.count:
        return min(was.end, entry.end)
    return entry.start
