"""Approval by the moderators of whoever's it is: one workflow for every co-operative.

Wagtail's own task names groups, so it would need one workflow for each of three
thousand co-operatives. This one asks `cooperatives.access`, as everything else
does: a moderator approves what is of the own co-operative or of one below it.
"""

from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Task, TaskState

from cms.cooperatives.access import Person, may
from cms.cooperatives.models import Membership


class ModeratorTask(Task):
    """A step that the moderators of the page's or video's co-operative take."""

    class Meta:
        verbose_name = _("pemeriksaan moderator")
        verbose_name_plural = _("pemeriksaan moderator")

    def user_can_access_editor(self, obj: Model, user: Person) -> bool:
        return may_approve(user, obj)

    def locked_for_user(self, obj: Model, user: Person) -> bool:
        return not may_approve(user, obj)

    def user_can_lock(self, obj: Model, user: Person) -> bool:
        return may_approve(user, obj)

    def get_actions(self, obj: Model, user: Person) -> list[tuple[str, Any, bool]]:
        """Return (action, label, whether it asks for a comment)."""
        if not may_approve(user, obj):
            return []
        return [
            ("reject", _("Minta perbaikan"), True),
            ("approve", _("Setujui"), False),  # Wagtail adds "and publish"
            ("approve", _("Setujui dengan catatan"), True),
        ]

    def get_task_states_user_can_moderate(self, user: Person, **kwargs: Any) -> QuerySet[Any]:
        waiting = self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)
        if user.is_superuser:
            return waiting
        rows = waiting.select_related("workflow_state")
        own = [row.pk for row in rows if may_approve(user, row.workflow_state.content_object)]
        return waiting.filter(pk__in=own)

    @classmethod
    def get_description(cls) -> Any:
        return _(
            "Moderator koperasi pemiliknya, atau koperasi di atasnya, memeriksa dan menerbitkan."
        )


def may_approve(user: Person, obj: Any) -> bool:
    """Return whether `user` moderates the co-operative of a page or a video."""
    if user.is_superuser:
        return True
    whole = obj.specific if isinstance(obj, Page) else obj
    cooperative = getattr(whole, "cooperative", None)
    return cooperative is not None and may(user, cooperative, Membership.Role.MODERATOR)
