"""Drafts of the weekly template: begun, edited, published, discarded; and the way back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from cms.channels.actions import Edit, changed_by_another, do_publish_if_ready
from cms.channels.drafts.days import changed_since, fingerprint
from cms.channels.models import Channel, SlotChange, WeekDraft, WeeklySlot
from cms.channels.template.actions import check_line, do_remove_slot
from cms.core.refusals import Refused
from cms.videos.models import Video

PLAIN = ("content", "video_id", "playlist_id", "seconds", "weekdays", "note")
"""What of a line is kept as it is; the rest as ISO texts."""

type Row = dict[str, Any]
"""A line as it is kept in JSON; `pk` is below zero for one that only a draft has."""


@dataclass(frozen=True)
class WeekChanges:
    """What turns one week into another: the lines that go, and those that come."""

    gone: list[WeeklySlot]
    new: list[WeeklySlot]

    @property
    def mark(self) -> str:
        """A text that is another one if other lines go or come."""
        return fingerprint([[_said(line) for line in lines] for lines in (self.gone, self.new)])


@dataclass(frozen=True)
class WeekSet:
    """An edit of the week that was made, with what takes it back."""

    edit: Edit
    gone: list[Row]
    new: list[int]


def week_of(channel: Channel) -> list[WeeklySlot]:
    """Return the lines of the week, in order of time."""
    return list(channel.weekly.select_related("video", "playlist").prefetch_related("changes"))


def week_draft_of(channel: Channel) -> WeekDraft | None:
    """Return the draft of the channel's week, None if it has none."""
    return WeekDraft.objects.filter(channel=channel).first()


def lines_of_draft(draft: WeekDraft) -> list[WeeklySlot]:
    """Return the lines that the draft wants, in order of time.

    One whose video or list was deleted since is gone, as it would be from the week.
    """
    held = {line.pk: line for line in week_of(draft.channel)}
    lines = [held.get(row["pk"]) or _line_in(draft.channel, row) for row in draft.lines]
    return sorted(_there(lines), key=lambda line: (line.clock, line.pk))


def changes_of_week(channel: Channel, wanted: Iterable[WeeklySlot]) -> WeekChanges:
    """Return what is different once the week has the lines that are `wanted`."""
    held, wanted = week_of(channel), list(wanted)
    kept = {line.pk for line in held} & {line.pk for line in wanted}
    gone = {line.pk: line for line in held if line.pk not in kept}
    new = []
    for line in (line for line in wanted if line.pk not in kept):
        twin = next((pk for pk, other in gone.items() if _said(other) == _said(line)), None)
        if twin is None:
            new.append(line)
        else:
            del gone[twin]
    return WeekChanges(list(gone.values()), new)


def do_begin_week_draft(channel: Channel) -> WeekDraft:
    """Begin a draft with the week as it is now; one that there is goes on."""
    with transaction.atomic():
        channel = Channel.objects.locked(channel.pk)
        return week_draft_of(channel) or _do_keep(WeekDraft(channel=channel), week_of(channel))


def do_add_to_draft(draft: WeekDraft, line: WeeklySlot) -> tuple[list[Row], list[Row]]:
    """Put `line` into the draft; return the rows of the draft before, and after.

    Raises Refused for a line that cannot air or is there already, and a draft that is no more.
    """
    with transaction.atomic():
        draft = _as_it_is(draft)
        before, lines = draft.lines, lines_of_draft(draft)
        check_line(line, lines)
        line.pk = min([0, *(row["pk"] for row in before)]) - 1
        return before, _do_keep(draft, [*lines, line]).lines


def do_remove_from_draft(draft: WeekDraft, key: int) -> tuple[list[Row], list[Row]]:
    """Take the line `key` out of the draft; return the rows of the draft before, and after."""
    with transaction.atomic():
        draft = _as_it_is(draft)
        before, lines = draft.lines, lines_of_draft(draft)
        if key not in {line.pk for line in lines}:
            raise Refused(changed_by_another())
        return before, _do_keep(draft, [line for line in lines if line.pk != key]).lines


def do_restore_week_draft(channel: Channel, rows: list[Row], since: list[Row] | None) -> None:
    """Let the draft be `rows` again; `since` is what an edit made of it, None nothing.

    Raises Refused if by now it is something else.
    """
    with transaction.atomic():
        channel = Channel.objects.locked(channel.pk)
        held = week_draft_of(channel)
        if (held.lines if held else None) != since:
            raise Refused(changed_since())
        draft = held or WeekDraft(channel=channel)
        draft.lines = rows
        draft.save()


def do_discard_week_draft(draft: WeekDraft) -> list[Row]:
    """Forget the draft and return its rows; what is on air stays as it is."""
    with transaction.atomic():
        draft = _as_it_is(draft)
        rows: list[Row] = draft.lines
        draft.delete()
        return rows


def do_publish_week_draft(draft: WeekDraft, seen: str, now: datetime) -> WeekSet:
    """Put the draft on air and forget it; `seen` is the mark of the changes the editor read.

    Raises Refused if by now the changes are others, or the draft is no more.
    """
    with transaction.atomic():
        draft = _as_it_is(draft)
        channel = draft.channel
        changes = changes_of_week(channel, lines_of_draft(draft))
        if changes.mark != seen:
            raise Refused(_("Susunan berubah sejak Anda memeriksanya. Periksa lagi perubahannya."))
        draft.delete()
        gone = [_row_with_past(line) for line in changes.gone]
        channel.weekly.filter(pk__in=[row["pk"] for row in gone]).delete()
        for line in changes.new:
            line.pk = None
            line.save()
        edit = Edit(None, do_publish_if_ready(channel, now))
        return WeekSet(edit, gone, [line.pk for line in changes.new])


def do_take_line(channel: Channel, key: int, now: datetime) -> tuple[Row, Edit]:
    """Take the line `key` out of the week at once; return what brings it back.

    What aired, or is about to, stays. Raises Refused if it is gone.
    """
    with transaction.atomic():
        channel = Channel.objects.locked(channel.pk)
        line = channel.weekly.filter(pk=key).first()
        if line is None:
            raise Refused(changed_by_another())
        row = _row_with_past(line)
        return row, do_remove_slot(line, now)


def do_restore_week(
    channel: Channel, gone: Sequence[Row], new: Sequence[int], now: datetime
) -> Edit:
    """Bring back the lines that an edit took out, and take out the `new` ones.

    Raises Refused if one of them was changed since, or cannot be put back.
    """
    with transaction.atomic():
        channel = Channel.objects.locked(channel.pk)
        if channel.weekly.filter(pk__in=new).count() != len(new):
            raise Refused(changed_since())
        lines = [_line_in(channel, row) for row in gone]
        if len(_there(lines)) != len(lines):
            raise Refused(_("Videonya sudah dihapus. Perubahan tidak dapat diurungkan."))
        channel.weekly.filter(pk__in=new).delete()
        for line, row in zip(lines, gone, strict=True):
            _check_free(channel, line)
            line.save(force_insert=True)
            _do_restore_past(channel, line, row)
        return Edit(None, do_publish_if_ready(channel, now))


def _row_with_past(line: WeeklySlot) -> Row:
    """Return `line` as it is kept, with the dates that differ from it and what it played."""
    once = [
        [one.date.isoformat(), one.skips, _iso(one.clock), one.video_id]
        for one in line.changes.all()
    ]
    runs = list(line.runs.values_list("pk", flat=True))
    return {**_row(line), "once": once, "runs": runs}


def _do_restore_past(channel: Channel, line: WeeklySlot, row: Row) -> None:
    videos = {video for *_rest, video in row["once"] if video is not None}
    there = {None, *Video.objects.filter(pk__in=videos).values_list("pk", flat=True)}
    SlotChange.objects.bulk_create(
        SlotChange(
            slot=line,
            date=date.fromisoformat(day),
            skips=skips,
            clock=time.fromisoformat(clock) if clock else None,
            video_id=video,
        )
        for day, skips, clock, video in row["once"]
        if video in there
    )
    # A block that has begun goes on with what it was to play.
    channel.runs.filter(pk__in=row["runs"], slot=None).update(slot=line)


def _check_free(channel: Channel, line: WeeklySlot) -> None:
    """Raise Refused if somebody put the line back already."""
    if channel.weekly.filter(pk=line.pk).exists() or any(
        _said(other) == _said(line) for other in channel.weekly.filter(clock=line.clock)
    ):
        raise Refused(changed_since())


def _there(lines: list[WeeklySlot]) -> list[WeeklySlot]:
    """Return those of which neither video nor list was deleted, with both at hand."""
    prefetch_related_objects(lines, "video", "playlist", "changes")
    return [
        line
        for line in lines
        if (line.video_id is None or line.video is not None)
        and (line.playlist_id is None or line.playlist is not None)
    ]


def _said(line: WeeklySlot) -> Row:
    """Return what `line` says, whichever row it is."""
    return {**_row(line), "pk": None, "weekdays": sorted(line.weekdays)}


def _row(line: WeeklySlot) -> Row:
    plain = {name: getattr(line, name) for name in PLAIN}
    times = {name: _iso(getattr(line, name)) for name in ("clock", "first", "last")}
    return {"pk": line.pk, **plain, **times}


def _line_in(channel: Channel, row: Row) -> WeeklySlot:
    days = {
        name: date.fromisoformat(row[name]) if row[name] else None for name in ("first", "last")
    }
    plain = {name: row[name] for name in PLAIN}
    clock = time.fromisoformat(row["clock"])
    return WeeklySlot(pk=row["pk"], channel=channel, clock=clock, **plain, **days)


def _iso(moment: date | time | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def _do_keep(draft: WeekDraft, lines: Iterable[WeeklySlot]) -> WeekDraft:
    draft.lines = [_row(line) for line in lines]
    draft.save()
    return draft


def _as_it_is(draft: WeekDraft) -> WeekDraft:
    """Return the draft as it is under its channel's lock; raise Refused if it is no more."""
    Channel.objects.locked(draft.channel_id)
    found = WeekDraft.objects.filter(pk=draft.pk).select_related("channel").first()
    if found is None:
        raise Refused(_("Draf ini baru saja diterbitkan atau dibuang. Muat ulang halamannya."))
    return found
