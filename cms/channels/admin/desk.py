"""Where an editor's changes go: on air at once, or into the draft of the day or the week."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.http import HttpRequest

from cms.channels.actions import Edit, do_change, do_own_entry, do_plan, do_unplan
from cms.channels.admin import undo
from cms.channels.drafts.actions import (
    do_edit_draft,
    do_restore_draft,
    draft_of,
    entries_of,
)
from cms.channels.drafts.days import do_set_days, plan_of
from cms.channels.drafts.weeks import (
    Row,
    do_add_to_draft,
    do_remove_from_draft,
    do_take_line,
    lines_of_draft,
    week_draft_of,
    week_of,
)
from cms.channels.models import Channel, DayDraft, PlannedEntry, WeeklySlot
from cms.channels.planning.days import Dated
from cms.channels.planning.differences import Change, Wanted
from cms.channels.template.actions import do_add_line, do_plan_with_repeat
from cms.channels.times import local_date
from cms.videos.models import Video


class Desk:
    """One editor at one day. Each change can be taken back until the next one.

    They return None where the change waits in the draft. All raise Refused.
    """

    def __init__(self, request: HttpRequest, channel: Channel, day: date, now: datetime) -> None:
        self.request, self.channel, self.day, self.now = request, channel, day, now
        self.draft = draft_of(channel, day)

    def add(self, video: Video, start: datetime, note: str, repeat_days: int | None) -> Edit | None:
        """Put `video` at `start`, and once more some days later; a draft knows no repeats."""
        if self.draft is not None:
            self._draft(self.draft, None, Wanted(video.pk, start, note))
            return None
        repeat: PlannedEntry | None = None
        with transaction.atomic():
            if repeat_days:
                edit, repeat = do_plan_with_repeat(
                    self.channel, video, start, repeat_days, self.now, note
                )
            else:
                edit = do_plan(self.channel, video, start, self.now, note)
            self._keep(now_is=edit.entry, was=None, repeat=repeat)
        return edit

    def change(self, wish: Dated, video: Video, start: datetime, note: str) -> Edit | None:
        """Move an entry, or put another video or note in its place."""
        if (draft := self._draft_with(wish)) is not None:
            self._draft(draft, _wanted(wish), Wanted(video.pk, start, note))
            return None
        with transaction.atomic():
            entry = do_own_entry(self.channel, wish)
            was = PlannedEntry(video_id=entry.video_id, start=entry.start, note=entry.note)
            edit = do_change(entry, video, start, self.now, note)
            self._keep(now_is=edit.entry, was=was)
        return edit

    def remove(self, wish: Dated) -> Edit | None:
        """Take an entry off the day."""
        if (draft := self._draft_with(wish)) is not None:
            self._draft(draft, _wanted(wish), None)
            return None
        with transaction.atomic():
            entry = do_own_entry(self.channel, wish)
            was = PlannedEntry(video_id=entry.video_id, start=entry.start, note=entry.note)
            edit = do_unplan(entry, self.now)
            self._keep(now_is=None, was=was)
        return edit

    def plan(self) -> list[Wanted]:
        """Return what the editor works on: the draft of the day, or what holds on it."""
        return entries_of(self.draft) if self.draft is not None else plan_of(self.channel, self.day)

    def set(self, wanted: Sequence[Wanted]) -> tuple[Edit | None, list[Change]]:
        """Let the day have what is `wanted`, as one edit; what came too late is among the changes."""
        with transaction.atomic():
            if self.draft is not None:
                was = entries_of(self.draft)
                do_restore_draft(self.channel, self.day, wanted, was)
                undo.keep_draft(self.request, self.channel, self.day, was, wanted)
                return None, []
            done = do_set_days(self.channel, {self.day: wanted}, self.now)
            undo.keep_days(self.request, self.channel, self.day, done)
            return done.edit, done.changes

    def drafted(self) -> list[Dated]:
        """Return the entries of the draft; none where there is no draft."""
        wanted = entries_of(self.draft) if self.draft is not None else []
        return [Dated(0, one.video, one.start, one.note, repeated=False) for one in wanted]

    def _draft_with(self, wish: Dated) -> DayDraft | None:
        """Return the draft of the date of `wish`: what runs over midnight is on two pages."""
        date_of_wish = local_date(self.channel, wish.start)
        return self.draft if date_of_wish == self.day else draft_of(self.channel, date_of_wish)

    def _draft(self, draft: DayDraft, was: Wanted | None, becomes: Wanted | None) -> None:
        with transaction.atomic():
            before, after = do_edit_draft(draft, was, becomes, self.now)
            undo.keep_draft(self.request, self.channel, draft.date, before, after)

    def _keep(
        self,
        *,
        now_is: PlannedEntry | None,
        was: PlannedEntry | None,
        repeat: PlannedEntry | None = None,
    ) -> None:
        undo.keep(self.request, self.channel, self.day, now_is=now_is, was=was, repeat=repeat)


class WeekDesk:
    """One editor at the week of a channel; as `Desk` otherwise."""

    def __init__(self, request: HttpRequest, channel: Channel, now: datetime) -> None:
        self.request, self.channel, self.now = request, channel, now
        self.draft = week_draft_of(channel)

    def lines(self) -> list[WeeklySlot]:
        """Return the lines that the editor works on, in order of time."""
        return lines_of_draft(self.draft) if self.draft is not None else week_of(self.channel)

    def add(self, line: WeeklySlot) -> Edit | None:
        """Put a line into the week."""
        with transaction.atomic():
            if self.draft is not None:
                self._keep_draft(do_add_to_draft(self.draft, line))
                return None
            edit = do_add_line(line, self.now)
            undo.keep_week(self.request, self.channel, [], [line.pk])
            return edit

    def remove(self, key: int) -> Edit | None:
        """Take the line `key` out of the week."""
        with transaction.atomic():
            if self.draft is not None:
                self._keep_draft(do_remove_from_draft(self.draft, key))
                return None
            gone, edit = do_take_line(self.channel, key, self.now)
            undo.keep_week(self.request, self.channel, [gone], [])
            return edit

    def _keep_draft(self, was_and_is: tuple[list[Row], list[Row]]) -> None:
        undo.keep_week_draft(self.request, self.channel, *was_and_is)


def _wanted(wish: Dated) -> Wanted:
    return Wanted(wish.video, wish.start, wish.note)
