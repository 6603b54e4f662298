"""The rundown of a channel that inherits: its own entries, and what it joined so far."""

from dataclasses import dataclass
from dataclasses import replace as replace_value
from datetime import datetime, timedelta

from msgspec.structs import replace

from cms.channels import catalogue, in_force
from cms.channels.models import Channel
from cms.channels.planning import (
    LEAD,
    Caution,
    Item,
    Request,
    Run,
    boundary_of,
    carried,
    compose_blocks,
)
from cms.channels.reels import reels
from cms.channels.regions.windows import windows_of
from media_pipeline.model.joint import Joint
from media_pipeline.model.rundown import Rundown
from media_pipeline.model.stored import INHERITS, Index, pack_entries
from media_pipeline.model.ticks import moment_of, ticks_of
from media_pipeline.playout import Timeline, cut
from media_pipeline.playout.joining import Feed, Joining
from media_pipeline.playout.relay import Relay

PAST = timedelta(days=8)
"""How far back it says what was on: catch-up reaches back 7 days."""

PINNED = timedelta(hours=6)
"""A joint that is older is written down, long before the parent forgets what it is made of."""

MARGIN = timedelta(seconds=4)
"""More than an origin's own: what begins within 8 s of now stands."""


@dataclass(frozen=True)
class Followed:
    """A rundown that follows another: its index, its day files by name, and what it shows."""

    index: Index
    files: dict[str, bytes]
    relay: Relay
    cautions: tuple[Caution, ...]
    boundary: int


def follow(
    channel: Channel,
    above: in_force.InForce,
    found: in_force.InForce | None,
    slate: Item,
    now: datetime,
    until: datetime,
    free: int | None = None,
) -> Followed:
    """Return the rundown of `channel` after `found` under its parent's, `above`.

    Own entries stand before the tick `free`, or as `boundary_of` says.
    """
    assert channel.parent is not None
    joints, kept = _past(channel, above, found, slate, now)
    before = _own(found)
    boundary = boundary_of(before, now) if before else ticks_of(now)
    boundary = boundary if free is None else free
    request = _request(channel, slate, before, now, until, free)
    windows = windows_of(channel, moment_of(boundary) - timedelta(days=1), until)
    made = compose_blocks(request, windows, kept, boundary)
    packed = [pack_entries(run) for run in made.runs]
    refs = tuple(
        replace(ref, msn_end=run[-1].msn + run[-1].count)
        for (ref, _), run in zip(packed, made.runs, strict=True)
    )
    index = Index(
        channel=channel.slug,
        name=channel.name,
        zone=channel.cooperative.zone,
        version=found.lineup.version + 1 if found else 1,
        written=now,
        slate=slate.publication,
        days=refs,
        format=INHERITS,
        parent=channel.parent.slug,
        joints=joints,
        must_carry=carried((e for run in made.runs for e in run), request.cut_ins),
    )
    relay = in_force.follow(index, made.runs, above.lineup)
    files = {ref.name: data for ref, data in packed}
    return Followed(index, files, relay, tuple(made.cautions), boundary)


def is_same(old: Index | None, new: Index, now: datetime) -> bool:
    """Return whether `new` says nothing that `old` does not, and nothing that must be kept now."""
    said = ("name", "zone", "slate", "parent", "days", "must_carry")
    if old is None or any(getattr(old, name) != getattr(new, name) for name in said):
        return False
    known = {joint.start for joint in old.joints}
    oldest = ticks_of(now - PINNED)
    return all(joint.start in known or joint.start > oldest for joint in new.joints)


def _past(
    channel: Channel,
    above: in_force.InForce,
    found: in_force.InForce | None,
    slate: Item,
    now: datetime,
) -> tuple[tuple[Joint, ...], list[Run]]:
    """What was joined up to now, and the own entries since then."""
    assert channel.parent is not None
    if found is None:
        joining = Joining(Feed(above.lineup, reels), (), slate.publication, reels)
        return (joining.from_tick(ticks_of(now) - LEAD),), []
    if found.index is None or found.index.parent != channel.parent.slug:
        return _as_own(found, now)
    assert isinstance(found.lineup, Relay)
    joints = found.lineup.frozen(ticks_of(now))
    oldest = ticks_of(now - PAST)
    first = max((n for n, joint in enumerate(joints) if joint.start <= oldest), default=0)
    return joints[first:], [tuple(b) for b in found.blocks if b[-1].end > joints[first].start]


def _as_own(found: in_force.InForce, now: datetime) -> tuple[tuple[Joint, ...], list[Run]]:
    """What a channel showed that followed nobody, or another: entries of its own, up to now."""
    free = Timeline(found.rundown, reels).first_editable(ticks_of(now + MARGIN))
    run = cut(found.rundown, reels, free).entries
    head = run[0]
    joint = Joint("own", head.start, head.msn, head.dsn, head.msn, head.dsn, block=head.start)
    return (joint,), [run]


def _request(
    channel: Channel,
    slate: Item,
    previous: Rundown | None,
    now: datetime,
    until: datetime,
    free: int | None,
) -> Request:
    """Return what own entries are to be made of, with the lengths of all that may be cut."""
    request = catalogue.request_for(channel, slate, previous, now, until, free)
    playing = [*request.fillers, *(w.item for w in request.wishes if w.item), slate]
    playing += [lock.item for lock in request.locks]
    playing += [cut.item for cut in request.cut_ins if cut.item]
    lengths = {item.publication: item.durations for item in playing}
    return replace_value(request, durations={**request.durations, **lengths})


def _own(found: in_force.InForce | None) -> Rundown | None:
    """Return the rundown before without what it took from its parent."""
    if found is None or not isinstance(found.lineup, Relay) or found.index is None:
        return found.rundown if found else None
    index = found.index
    said = (index.channel, index.name, index.zone, index.version, index.written)
    return Rundown(*said, tuple(found.own), index.slate)
