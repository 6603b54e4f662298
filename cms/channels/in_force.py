"""The rundown in force: what the origin reads, read for the guide and the planner.

It lives in the published store, not in the database, so that guide and playlist
cannot differ. One decoded copy a channel is kept while the store says it is the same.
"""

import logging
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, lru_cache

import msgspec

from cms.channels.models import DEEPEST, Channel, RundownRecord
from cms.channels.reels import reels
from cms.core import published
from media_pipeline import playout
from media_pipeline.model.keys import day_file, rundown_file
from media_pipeline.model.rundown import Entry, Lineup, Rundown
from media_pipeline.model.stored import (
    BrokenDay,
    Day,
    DayRef,
    Days,
    Index,
    blocks_of,
    decode_stored,
    found_day,
    joined,
    recent,
)
from media_pipeline.model.stored.index import DAY
from media_pipeline.model.ticks import ticks_of
from media_pipeline.playout.joining import Feed
from media_pipeline.playout.lookup import place_at
from media_pipeline.playout.relay import Inheriting, Relay

DECODED = timedelta(days=2)
"""Days that ended so long before a rundown was written are not decoded: planning does not look
at them (`catalogue.KEEP`), and a page of the guide that does reads them itself."""

_MOST = 150_000
"""Entries to keep decoded, of all rundowns: about 100 MB. Days of a hundred busy channels."""

_MOST_HEIRS = 2_000
"""Channels that inherit to keep decoded: each makes its entries from its parent's."""

logger = logging.getLogger(__name__)


class Unreadable(BrokenDay):
    """A rundown in force is lost or broken: of channel `slug`, in the store's file `file`."""

    def __init__(self, slug: str, fault: Exception | str) -> None:
        name = getattr(fault, "name", "")
        self.slug, self.file = slug, day_file(slug, name) if name else rundown_file(slug)
        super().__init__(f"{self.file} is lost or broken, restore it: {fault}", name)


@dataclass(frozen=True)
class InForce:
    """A decoded rundown and the store's mark of the bytes it came from.

    `index` names its day files, those of the past week among them, of which only the newest
    are decoded; None for one that was written whole, before there were any. `blocks` are the
    own entries of a channel that inherits, whose `lineup` makes its entries from its parent's.
    """

    mark: str
    lineup: Lineup
    index: Index | None
    blocks: tuple[Days, ...] = ()

    @cached_property
    def rundown(self) -> Rundown:
        """All of it as values; made when asked for of a channel that inherits."""
        if isinstance(self.lineup, Rundown):
            return self.lineup
        index = self.index
        assert index is not None
        said = (index.channel, index.name, index.zone, index.version, index.written)
        return Rundown(*said, tuple(self.lineup.entries), self.lineup.slate)

    @property
    def entries(self) -> Sequence[Entry]:
        """The entries, ascending by start."""
        return self.lineup.entries

    @property
    def own(self) -> list[Entry]:
        """The entries that are not its parent's."""
        if self.index is None or not self.index.parent:
            return list(self.entries)
        return [entry for block in self.blocks for entry in block]

    @property
    def decoded(self) -> int:
        """How many entries it holds as values: one that inherits makes them when asked."""
        return len(self.entries) if isinstance(self.lineup, Rundown) else len(self.blocks)

    def place_at(self, tick: int) -> int:
        """Return the place of the last entry that starts at `tick` or before; -1 for none."""
        return place_at(self.entries, tick)

    @property
    def start(self) -> int:
        """The tick at which the first entry starts."""
        return self.entries[0].start


_kept: OrderedDict[str, InForce] = OrderedDict()
"""The one that was asked for last stands last."""
_lock = threading.Lock()


def read(slug: str, *, depth: int = 0) -> InForce | None:
    """Return the rundown that channel `slug` is playing from, None before its first.

    Of a channel that inherits it is another whenever its parent's is; None without that.
    Raises Unreadable, also for its parent's, and StoreUnavailable.
    """
    store = published.store()
    key = rundown_file(slug)
    mark = store.version(key)
    if mark is None or depth > DEEPEST:
        return None
    held = _kept.get(slug)
    if held is not None and _is_current(held, mark, depth):
        with _lock:
            if slug in _kept:
                _kept.move_to_end(slug)
        return held
    data = store.read(key)
    fresh = _decoded(slug, mark, data, depth) if data is not None else None
    if fresh is not None:
        _keep(slug, fresh)
    return fresh


def shown(slug: str) -> InForce | None:
    """Return the same for who only shows it: None as well for one that cannot be read."""
    try:
        return read(slug)
    except Unreadable as why:
        logger.error("%s: it is shown without its programmes: %s", slug, why)
        return None


def _is_current(held: InForce, mark: str, depth: int) -> bool:
    if held.index is None or not held.index.parent:
        return held.mark == mark
    above = read(held.index.parent, depth=depth + 1)
    return above is not None and held.mark == f"{mark} {above.mark}"


def days_of(slug: str) -> set[str]:
    """Return the names of the day files in force, without reading them."""
    data = published.store().read(rundown_file(slug))
    found = decode_stored(data) if data else None
    return {day.name for day in found.days} if isinstance(found, Index) else set()


def _decoded(slug: str, mark: str, data: bytes, depth: int) -> InForce | None:
    with _telling(slug):
        found = decode_stored(data)
    if isinstance(found, Rundown):
        return InForce(mark, found, None)
    if found.parent:
        return _followed(slug, mark, found, depth)
    with _telling(slug):
        decoded = joined(_decoded_days(found), lambda ref: read_day(slug, ref)).whole()
    return InForce(mark, decoded, found)


@contextmanager
def _telling(slug: str) -> Iterator[None]:
    """Say of what is broken which channel's it is."""
    try:
        yield
    except (BrokenDay, msgspec.DecodeError) as wrong:
        raise Unreadable(slug, wrong) from wrong


def _followed(slug: str, mark: str, index: Index, depth: int) -> InForce | None:
    above = read(index.parent, depth=depth + 1)
    if above is None:
        return None
    with _telling(slug):
        blocks = blocks_of(index, lambda ref: read_day(slug, ref))
    relay = follow(index, blocks, above.lineup)
    return InForce(f"{mark} {above.mark}", relay, index, blocks) if relay.entries else None


def follow(index: Index, blocks: Sequence[Sequence[Entry]], above: Lineup) -> Relay:
    """Return what `index` with its own entries shows under the parent's rundown `above`."""
    words = (index.channel, index.name, index.version, index.slate)
    said = Inheriting(*words, index.joints, tuple(blocks), index.must_carry)
    return Relay(said, Feed(above, reels), reels, held=reels)


def _decoded_days(index: Index) -> Index:
    return recent(index, ticks_of(index.written - DECODED) // DAY * DAY)


def between(slug: str, start: int, end: int) -> Sequence[Entry]:
    """Return what plays in the ticks [start, end); days that are not decoded are read anew."""
    found = read(slug)
    if found is None:
        return ()
    if found.index is None or found.index.parent or start >= found.start:
        return playout.between(found.lineup, start, end)
    days = tuple(d for d in found.index.days if d.end > start and d.start < end)
    if not days:
        return ()
    index = msgspec.structs.replace(found.index, days=days)
    return playout.between(joined(index, lambda ref: read_day(slug, ref)), start, end)


def read_day(slug: str, ref: DayRef) -> Day:
    """Return a day of channel `slug`; raises BrokenDay and StoreUnavailable."""
    data = published.store().read(day_file(slug, ref.name))
    if data is None:
        raise BrokenDay("it is not in the store")
    return Day(data)


def _keep(slug: str, found: InForce) -> None:
    with _lock:
        if slug in _kept and _kept[slug].mark != found.mark:
            _drop_heirs(slug)
        _kept[slug] = found
        _kept.move_to_end(slug)
        entries = sum(each.decoded for each in _kept.values())
        while entries > _MOST and len(_kept) > 1:
            entries -= _kept.popitem(last=False)[1].decoded
        heirs = [held for held, each in _kept.items() if _parent_of(each)]
        for held in heirs[: max(0, len(heirs) - _MOST_HEIRS)]:
            del _kept[held]


def _parent_of(found: InForce) -> str:
    return found.index.parent if found.index else ""


def _drop_heirs(slug: str) -> None:
    """Let go of all that follow `slug`: what they hold of its rundown is of yesterday."""
    for heir in [held for held, each in _kept.items() if _parent_of(each) == slug]:
        if heir in _kept:
            del _kept[heir]
            _drop_heirs(heir)


def forget() -> None:
    """Drop every decoded copy; for tests, where one store follows another."""
    with _lock:
        _kept.clear()
    _publications.cache_clear()


def publications_in_use(ids: set[str]) -> set[str]:
    """Return which of the publications `ids` a rundown in force names.

    Raises Unreadable rather than pass over one: what is not named here is removed.
    """
    rows = RundownRecord.objects.order_by().values_list("channel__slug", flat=True)
    launched, lost = set(rows.distinct()), list[str]()
    used: set[str] = set()
    for slug in Channel.objects.values_list("slug", flat=True):
        found = read(slug)
        if found is not None:
            used |= ids & {found.lineup.slate, *(entry.publication for entry in found.own)}
            used |= ids & _catch_up(slug, found)
        elif slug in launched:
            lost.append(slug)
    if lost:
        # Who follows one that is lost has a file: the other's is to be restored.
        raise Unreadable(min(lost, key=_is_there), "the channel was on air before")
    return used


def _is_there(slug: str) -> bool:
    return published.store().version(rundown_file(slug)) is not None


def _catch_up(slug: str, found: InForce) -> set[str]:
    """Return the publications of the days that are not decoded."""
    if found.index is None or found.index.parent:
        return set()
    decoded = {day.name for day in _decoded_days(found.index).days}
    older = [day for day in found.index.days if day.name not in decoded]
    return set[str]().union(*(_publications(slug, ref) for ref in older))


@lru_cache(maxsize=4096)
def _publications(slug: str, ref: DayRef) -> frozenset[str]:
    with _telling(slug):
        day = found_day(ref, lambda ref: read_day(slug, ref))
    return frozenset(day.publications(0, ref.entries))


def channels_showing(programme: str) -> list[Channel]:
    """Return the channels whose rundown in force names the video with key `programme`.

    Those that only follow one of them need nothing. One whose files cannot be read is among
    them: planning it fails, so that who asked asks again.
    """
    return [c for c in Channel.objects.all() if _may_show(c.slug, programme)]


def _may_show(slug: str, programme: str) -> bool:
    try:
        found = read(slug)
    except Unreadable as why:
        # What broke above it is asked for again with the channel above.
        return why.slug == slug
    return found is not None and any(e.programme == programme for e in found.own)
