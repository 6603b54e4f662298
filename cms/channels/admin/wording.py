"""What a draft changes, and where a date differs from the template, told to an editor."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.channels.models import Channel, SlotChange
from cms.channels.planning.differences import Change, Wanted
from cms.channels.times import moment_on, to_the_second
from cms.videos.models import Video


@dataclass(frozen=True)
class ToldChange:
    """One change in words: what is done (`verb`), and to what. Its `kind` is for the look."""

    kind: str
    verb: str
    text: str
    too_late: bool


def told_changes(
    channel: Channel, changes: Sequence[Change], names: Mapping[int, str] | None = None
) -> list[ToldChange]:
    """Return each change as a line; `names` are of what is no video, by its number there."""
    both = [one for change in changes for one in (change.before, change.after) if one is not None]
    found = Video.objects.in_bulk({one.video for one in both if one.video > 0})
    titles = {pk: video.title for pk, video in found.items()} | dict(names or {})
    return [_told(channel, change, titles) for change in changes]


def told_late(changes: Iterable[Change]) -> str:
    """Return how many of `changes` came too late, "" if none did."""
    late = sum(change.too_late for change in changes)
    text = ngettext(
        "%(count)s perubahan datang terlambat: acaranya sudah atau sedang tayang.",
        "%(count)s perubahan datang terlambat: acaranya sudah atau sedang tayang.",
        late,
    )
    return text % {"count": late} if late else ""


def _told(channel: Channel, change: Change, titles: dict[int, str]) -> ToldChange:
    before, after = change.before, change.after
    match change.kind:
        case "added":
            verb, text = _("Ditambah"), _named(channel, after, titles)
        case "removed":
            verb, text = _("Dihapus"), _named(channel, before, titles)
        case "moved":
            verb = _("Dipindah")
            text = _("%(what)s → %(start)s") % {
                "what": _named(channel, before, titles),
                "start": to_the_second(channel, after.start) if after else "",
            }
        case "changed":
            verb = _("Diganti")
            text = f"{_named(channel, before, titles)} → {_other(after, titles)}"
    return ToldChange(change.kind, verb, text, change.too_late)


def _named(channel: Channel, one: Wanted | None, titles: dict[int, str]) -> str:
    return f"{to_the_second(channel, one.start)} {_other(one, titles)}" if one else ""


def _other(one: Wanted | None, titles: dict[int, str]) -> str:
    if one is None:
        return ""
    note = f" ({one.note})" if one.note else ""
    return f"{titles.get(one.video, '')}{note}"


@dataclass(frozen=True)
class ToldOnce:
    """What a date has instead of what the slot `row` says, in words."""

    row: int
    text: str


def told_once(channel: Channel, day: date) -> list[ToldOnce]:
    """Return where `day` differs from the weekly template."""
    changes = SlotChange.objects.filter(slot__channel=channel, date=day)
    rows = changes.select_related("slot__video", "slot__playlist", "video").order_by("slot__clock")
    return [ToldOnce(change.slot_id, _in_words(channel, change)) for change in rows]


def _in_words(channel: Channel, change: SlotChange) -> str:
    facts = {
        "title": change.slot.title,
        "start": to_the_second(channel, moment_on(change.date, change.slot.clock, channel.zone)),
    }
    if change.skips:
        return _("“%(title)s” %(start)s tidak tayang") % facts
    if change.video is not None:
        facts["other"] = change.video.title
        return _("“%(title)s” %(start)s diganti “%(other)s”") % facts
    moved = moment_on(change.date, change.clock or change.slot.clock, channel.zone)
    facts["other"] = to_the_second(channel, moved)
    return _("“%(title)s” %(start)s pindah ke %(other)s") % facts
