"""What is different between two plans of a day, as an editor reads it. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from cms.channels.planning.days import wish_id


@dataclass(frozen=True)
class Wanted:
    """An entry that a day is to have: a video (its id) at `start` (aware UTC)."""

    video: int
    start: datetime
    note: str = ""

    @property
    def id(self) -> str:
        """The id of the entry on air, as `Dated.id`."""
        return wish_id(self.video, self.start)


ChangeKind = Literal["added", "moved", "changed", "removed"]


@dataclass(frozen=True)
class Change:
    """One difference; `before` is None for what is added, `after` for what is removed.

    moved    the same video at another time
    changed  another video at the same time, or another note
    `too_late` if it touches what has aired or is about to: that stands.
    """

    kind: ChangeKind
    before: Wanted | None
    after: Wanted | None
    too_late: bool = False

    @property
    def at(self) -> datetime:
        """The moment that the change is about first."""
        return min(one.start for one in (self.before, self.after) if one is not None)


def differences(
    before: Iterable[Wanted],
    after: Iterable[Wanted],
    stands: Callable[[Wanted], bool],
    earliest: datetime,
) -> list[Change]:
    """Return what turns `before` into `after`, in order of time.

    `stands` tells of an entry of `before` whether it has begun; nothing can be put before
    `earliest`. What stands is not moved: a later showing of its video is one of its own, and
    what can be put in time is a partner before what cannot.
    """
    old, new = sorted(set(before), key=_start), sorted(set(after), key=_start)
    same = set(old) & set(new)
    old, new = [one for one in old if one not in same], [one for one in new if one not in same]
    found = _paired("changed", old, new, lambda one: (one.video, one.start))
    standing, old = _parted(old, stands)
    late, new = _parted(new, lambda one: one.start < earliest)
    for there in (new, late):
        found += _paired("moved", old, there, lambda one: one.video)
    old, new = standing + old, late + new
    found += _paired("changed", old, new, lambda one: one.start)
    found += [Change("removed", one, None) for one in old]
    found += [Change("added", None, one) for one in new]
    told = [replace(change, too_late=_too_late(change, stands, earliest)) for change in found]
    return sorted(told, key=lambda change: (change.at, change.kind))


def _start(one: Wanted) -> tuple[datetime, int, str]:
    return one.start, one.video, one.note


def _parted(
    many: Iterable[Wanted], is_one: Callable[[Wanted], bool]
) -> tuple[list[Wanted], list[Wanted]]:
    """Return those of `many` for which `is_one` holds, and the others."""
    told = [(one, is_one(one)) for one in many]
    return [one for one, holds in told if holds], [one for one, holds in told if not holds]


def _paired(
    kind: ChangeKind, old: list[Wanted], new: list[Wanted], match: Callable[[Wanted], object]
) -> list[Change]:
    """Take out of both lists what is the same by `match`, each with its partner."""
    waiting: dict[object, list[Wanted]] = {}
    for one in new:
        waiting.setdefault(match(one), []).append(one)
    pairs = [(one, waiting[match(one)].pop(0)) for one in old if waiting.get(match(one))]
    gone_old, gone_new = {one for one, _ in pairs}, {other for _, other in pairs}
    old[:] = [one for one in old if one not in gone_old]
    new[:] = [one for one in new if one not in gone_new]
    return [Change(kind, one, other) for one, other in pairs]


def _too_late(change: Change, stands: Callable[[Wanted], bool], earliest: datetime) -> bool:
    if change.before is not None and stands(change.before):
        return True
    moves = change.before is None or (
        change.after is not None and change.after.start != change.before.start
    )
    return moves and change.after is not None and change.after.start < earliest
