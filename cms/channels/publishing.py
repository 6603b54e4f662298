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
from cms.channels.regions.following import Followed, follow, is_same
from cms.core import published
from media_pipeline.model.keys import (
    day_file,
    day_folder,
    generation_mark,
    rundown_file,
    rundown_history_file,
)
from media_pipeline.model.rundown import Entry, Lineup, Rundown
from media_pipeline.model.stored import Index, encode_index, split, with_past
from media_pipeline.model.ticks import moment_of, seconds_of, ticks_of
from media_pipeline.playout import (
    HOLD_BACK,
    NotOnAir,
    Timeline,
    check_rundown,
    check_successor,
    with_slate,
)

HISTORY = timedelta(days=9)
"""How long the history of rundowns stays in the store."""
PAST = timedelta(days=8)
"""How far back the rundown in force names its days: catch-up reaches back 7 days."""
SERVED = timedelta(seconds=seconds_of(HOLD_BACK))
"""Origins serve the moment so long ago: a cut-in counts its margin from there."""

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
    found = in_force.read(channel.slug)
    if channel.parent is not None:
        made = _follow(channel, channel.parent, found, now, until)
        said = made.index
        shown = Rundown(
            *(said.channel, said.name, said.zone, said.version, now),
            tuple(made.relay.entries),
            said.slate,
        )
        return Plan(shown, made.cautions, made.boundary)
    return _plan(channel, found.rundown if found else None, now, until)


def do_publish_rundown(
    channel: Channel, now: datetime, free: int | None = None
) -> Published | None:
    """Plan `channel` anew and put the result in force; None if nothing is different.

    What begins at the tick `free` or later may change: by default as `boundary_of` says, for
    a cut-in as soon as no origin can have shown it (`cutin.moments.first_free`). Raises
    NotReady while the channel has nothing to show, StoreUnavailable, and Contradiction rather
    than change what was served.
    """
    with transaction.atomic():
        channel = Channel.objects.locked(channel.pk)
        if channel.parent is not None:
            return _publish_following(channel, channel.parent, now, free)
        found = in_force.read(channel.slug)
        previous = found.rundown if found else None
        before = found.index if found and found.index and not found.index.parent else None
        plan = _plan(channel, previous, now, catalogue.horizon(channel, previous, now), free)
        # One that was written whole, as until day files came, is written again in any case.
        if found is not None and before and _is_same(found.rundown, plan.rundown):
            return None
        _check(previous, plan.rundown, now if free is None else now - SERVED)
        _write(channel, plan.rundown, before, now)
    changes = _first_change(previous, plan.rundown) if previous else None
    logger.info("%s: rundown %s is in force", channel.slug, plan.rundown.version)
    return Published(plan.rundown.version, None if changes is None else moment_of(changes))


def do_forget_history(channel: Channel, now: datetime) -> int:
    """Remove what is older than HISTORY, and day files that nothing names; return how many.

    Under the lock of publishing: a day file is there before its rundown is.
    """
    with transaction.atomic():
        channel = Channel.objects.locked(channel.pk)
        old_ones = channel.rundowns.filter(written__lt=now - HISTORY)
        # The newest of them was in force then: as-run asks what it promised.
        first_kept = old_ones.order_by("-version").values_list("version", flat=True).first() or 0
        kept = channel.rundowns.filter(version__gte=first_kept)
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
        channel.rundowns.filter(version__lt=oldest).delete()
        return len(old)


def _publish_following(
    channel: Channel, parent: Channel, now: datetime, free: int | None
) -> Published | None:
    """The same for a channel that inherits: what its parent changes needs no other rundown."""
    found = in_force.read(channel.slug)
    until = now + timedelta(hours=channel.horizon_hours) + catalogue.STEP
    made = _follow(channel, parent, found, now, until, free)
    before = found.index if found else None
    if is_same(before, made.index, now):
        # Nothing to write, and nothing to look at again before then.
        assert before is not None
        _record(channel, before, encode_index(before), until)
        return None
    if found is not None:
        edge = _edge(found.lineup, now if free is None else now - SERVED)
        faults = check_successor(found.lineup, made.relay, edge, reels)
        if faults:
            raise Contradiction(f"{channel.slug}: {' '.join(faults)}")
    _put(channel, made.index, made.files, before, until)
    logger.info("%s: rundown %s is in force", channel.slug, made.index.version)
    changes = _first_other_day(before, made.index)
    return Published(made.index.version, None if changes is None else moment_of(changes))


def _follow(
    channel: Channel,
    parent: Channel,
    found: in_force.InForce | None,
    now: datetime,
    until: datetime,
    free: int | None = None,
) -> Followed:
    above, slate = in_force.read(parent.slug), catalogue.slate_of(channel)
    if slate is None:
        raise NotReady(_("Kartu jeda masih disiapkan. Saluran mengudara sesudahnya."))
    if above is None:
        raise NotReady(_("Saluran yang diikuti belum mengudara."))
    return follow(channel, above, found, slate, now, until, free)


def _first_other_day(old: Index | None, new: Index) -> int | None:
    """Return where the first own entries begin that are new, changed or gone; None for none."""
    before = {day.name: day.start for day in old.days} if old else {}
    after = {day.name: day.start for day in new.days}
    written = ticks_of(new.written)
    others = [start for name, start in after.items() if name not in before]
    # What is over was only forgotten.
    others += [s for name, s in before.items() if name not in after and s > written]
    return max(written, min(others)) if others else None


def _plan(
    channel: Channel,
    previous: Rundown | None,
    now: datetime,
    until: datetime,
    free: int | None = None,
) -> Plan:
    slate = catalogue.slate_of(channel)
    if slate is None:
        raise NotReady(_("Kartu jeda masih disiapkan. Saluran mengudara sesudahnya."))
    rows = (channel.planned, channel.weekly, channel.fillers)
    if previous is None and not any(some.exists() for some in rows):
        raise NotReady(_("Saluran mengudara setelah ada acara atau pengisi."))
    if previous is not None:
        previous = with_slate(previous, reels, boundary_of(previous, now))
    return compose(catalogue.request_for(channel, slate, previous, now, until, free), previous)


def _is_same(old: Rundown, new: Rundown) -> bool:
    """Return whether `new` says nothing else than `old`, the forgotten past aside."""
    said = ("name", "zone", "slate", "must_carry")
    kept = old.entries[-len(new.entries) :]
    return kept == new.entries and all(getattr(old, k) == getattr(new, k) for k in said)


def _check(old: Rundown | None, new: Rundown, now: datetime) -> None:
    faults = check_rundown(new)
    if old is not None:
        faults += check_successor(old, new, _edge(old, now), reels)
    if faults:
        raise Contradiction(f"{new.channel}: {' '.join(faults)}")


def _edge(rundown: Lineup, now: datetime) -> int:
    """Return the number of the newest segment that anybody may have seen, -1 for none."""
    try:
        return Timeline(rundown, reels).edge(ticks_of(now)).msn
    except NotOnAir:
        return -1


def _write(channel: Channel, rundown: Rundown, before: Index | None, now: datetime) -> None:
    index, files = split(rundown)
    index = with_past(index, before, ticks_of(now - PAST))
    _put(channel, index, files, before, moment_of(rundown.entries[-1].end), len(rundown.entries))


def _put(
    channel: Channel,
    index: Index,
    files: dict[str, bytes],
    before: Index | None,
    ends: datetime,
    entries: int | None = None,
) -> None:
    """Write what is new of `files`, the history, then `index`."""
    there = {day.name for day in before.days} if before else set()
    store, now = published.store(), index.written
    for name in {day.name for day in index.days} - there:
        store.write(day_file(channel.slug, name), files[name])
    data = encode_index(index)
    packed = gzip.compress(data, compresslevel=1, mtime=0)
    store.write(rundown_history_file(channel.slug, index.version), packed)
    store.write(rundown_file(channel.slug), data)
    # Its mark must differ, and that of a bucket is of what is in it.
    store.write(generation_mark(), f"{channel.slug} {index.version} {now:%F %T.%f}".encode())
    _record(channel, index, data, ends, entries)


def _record(
    channel: Channel, index: Index, data: bytes, ends: datetime, entries: int | None = None
) -> None:
    """Keep the row about a rundown; one that was lost with a transaction is made again."""
    RundownRecord.objects.update_or_create(
        channel=channel,
        version=index.version,
        defaults={
            "written": index.written,
            "ends": ends,
            "entries": sum(day.entries for day in index.days) if entries is None else entries,
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
