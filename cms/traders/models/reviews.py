"""A segment's review in Wagtail's workflow: what editors see under "awaiting your review".

The segment's own state decides what airs; the workflow is the record of who asked and
who decided, and follows it in the same transaction (docs/decisions: reviews).
"""

from typing import Any, ClassVar

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from wagtail.models import RevisionMixin, Task, TaskState

from cms.cooperatives.access import Person, may
from cms.cooperatives.models import Membership
from cms.traders.models.segments import FeaturedSegment

DECIDERS = (Membership.Role.COORDINATOR, Membership.Role.MODERATOR)


class Review(RevisionMixin, models.Model):
    """The subject of the workflow. Its key is the segment's, so both have one address."""

    segment = models.OneToOneField(
        FeaturedSegment, primary_key=True, on_delete=models.CASCADE, related_name="review"
    )
    _workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        for_concrete_model=False,
    )
    live_revision_id: ClassVar[None] = None
    """Wagtail's panel asks every subject for one."""

    class Meta:
        verbose_name = _("pemeriksaan segmen")
        verbose_name_plural = _("pemeriksaan segmen")

    def __str__(self) -> str:
        return str(self.segment)

    @property
    def snippet_viewset(self) -> Any:
        """Where Wagtail looks for the address of an action."""
        return FeaturedSegment.snippet_viewset  # type: ignore[attr-defined]

    def publish(self, *_args: Any, **_kwargs: Any) -> None:
        """Do nothing: what ends the workflow has moved the segment already."""


class CoordinatorTask(Task):
    """The step that coordinators and moderators of the stall's co-operative take."""

    class Meta:
        verbose_name = _("pemeriksaan pengurus")
        verbose_name_plural = _("pemeriksaan pengurus")

    def get_actions(self, obj: Review, user: Person) -> list[tuple[str, Any, bool]]:
        """Return (action, label, whether it asks for a comment): the list is on a page of ours."""
        if may(user, obj.segment.product.stall.cooperative, *DECIDERS):
            return [("decide", _("Periksa dan putuskan"), False)]
        return []

    def get_task_states_user_can_moderate(self, user: Person, **kwargs: Any) -> QuerySet[Any]:
        own = FeaturedSegment.objects.visible_to(user, *DECIDERS).filter(
            state=FeaturedSegment.State.SUBMITTED
        )
        # Wagtail keeps the id as text; PostgreSQL does not compare it with a number.
        keys = own.order_by().values_list(Cast("pk", CharField()), flat=True)
        return self.task_states.filter(
            status=TaskState.STATUS_IN_PROGRESS, workflow_state__object_id__in=keys
        )

    @classmethod
    def get_description(cls) -> Any:
        return _("Pengurus atau moderator koperasi lapak itu memeriksa segmen unggulan.")
