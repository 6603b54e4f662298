"""Where an editor's changes of a day go: on air at once, or into its draft while it has one."""

from datetime import date, datetime

from django.db import transaction
from django.http import HttpRequest

from cms.channels.actions import Edit, do_change, do_own_entry, do_plan, do_unplan
from cms.channels.admin import undo
from cms.channels.drafts.actions import do_edit_draft, draft_of, entries_of
from cms.channels.models import Channel, DayDraft, PlannedEntry
from cms.channels.planning.days import Dated
from cms.channels.planning.differences import Wanted
from cms.channels.template.actions import do_plan_with_repeat
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


def _wanted(wish: Dated) -> Wanted:
    return Wanted(wish.video, wish.start, wish.note)
