"""What is on air at a moment, and from when on a cut-in may change it."""

from dataclasses import dataclass
from datetime import datetime

from cms.channels.cutin.models import CutIn
from cms.channels.in_force import InForce
from cms.channels.models import Channel
from cms.channels.reels import reels
from media_pipeline.model.entry_ids import part_of, whole_of
from media_pipeline.model.rundown import Entry
from media_pipeline.model.ticks import ticks_of
from media_pipeline.playout import HOLD_BACK, Timeline
from media_pipeline.playout.reel import reel_of
from media_pipeline.playout.relay import Relay


@dataclass(frozen=True)
class Border:
    """The first segment that may change: its number, its entry, and the tick at which it is
    planned, which is earlier than it is shown where own entries are on air late."""

    msn: int
    planned: int
    entry: Entry


def first_free(found: InForce, now: datetime) -> Border:
    """Return the first border past what is served at `now`, and the margin: 2 to 6 s on.

    So an origin that finds the new rundown within 2 s, and whose clock is 2 s ahead, has told
    nobody of what changes. If the clock went back since the last one was written, that counts.
    """
    timeline = Timeline(found.lineup, reels)
    written = found.index.written if found.index else found.rundown.written
    msn = timeline.first_editable(max(ticks_of(now), ticks_of(written)) - HOLD_BACK)
    entry = timeline.entry(timeline.place_of(msn))
    starts = reel_of(entry, reels).starts
    shown = entry.start - starts[entry.first] + starts[entry.first + msn - entry.msn]
    return Border(msn, shown - _late_by(found, shown), entry)


def _late_by(found: InForce, tick: int) -> int:
    """Return by how much own entries at `tick` are on air later than planned."""
    if not isinstance(found.lineup, Relay):
        return 0
    joint = [joint for joint in found.lineup.joints if joint.start <= tick][-1]
    return joint.shift if joint.source == "own" else 0


def current(channel: Channel, found: InForce | None, now: datetime) -> CutIn | None:
    """Return the cut-in that is on air or about to be, a call to prayer within it included."""
    if found is None:
        return None
    tick = ticks_of(now)
    coming = {whole_of(e.id) for e in found.own if e.end > tick}
    rows = channel.cut_ins.filter(ended=None, created__lte=now).select_related("video", "by")
    return next((cut for cut in rows[:20] if cut.entry_id in coming), None)


def is_obliged(found: InForce, border: Border) -> bool:
    """Return whether the segment after `border` is one that a parent obliges the channel to carry."""
    index = found.index
    if index is None or not index.parent:
        return False
    own = {entry.id for entry in found.own}
    carried = any(first <= border.msn < last for first, last in found.lineup.must_carry)
    return carried and part_of(border.entry.id) not in own
