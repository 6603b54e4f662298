"""Wagtail's workflow of segments: opened when one is submitted, closed when it is decided.

Call these inside the transaction that moves the segment, after the move: the move is
what two people who decide at once compete for.
"""

from django.db.models import Model
from wagtail.models import TaskState, Workflow, WorkflowState, WorkflowTask

from cms.core.models import User
from cms.traders.models import CoordinatorTask, FeaturedSegment, Review

NAME = "Persetujuan pengurus"


def do_open_review(segment: FeaturedSegment, user: User | None) -> None:
    """Let `segment` wait in Wagtail's screens; nothing where the workflow is switched off."""
    review, _created = Review.objects.get_or_create(segment=segment)
    state = _current(review)
    if state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        state.resume(user)
    elif state is None and (workflow := _workflow()) is not None:
        review.save_revision(user=user, clean=False)
        workflow.start(review, user)


def do_close_review(segment: FeaturedSegment, user: User, note: str, *, approved: bool) -> None:
    """Record that `user` decided, with what they wrote; nothing where no review is open."""
    task = _open_task(segment)
    if task is None:
        return
    if approved:
        task.approve(user=user, comment=note)
    else:
        task.reject(user=user, comment=note)


def do_end_review(segment: FeaturedSegment, user: User) -> None:
    """End the workflow of a segment that was refused for good."""
    review = Review.objects.filter(segment=segment).first()
    state = _current(review) if review else None
    if state is not None:
        state.cancel(user=user)


def _open_task(segment: FeaturedSegment) -> TaskState | None:
    review = Review.objects.filter(segment=segment).first()
    state = _current(review) if review else None
    task = state.current_task_state if state else None
    if task is None or task.status != TaskState.STATUS_IN_PROGRESS:
        return None
    specific: TaskState = task.specific
    return specific


def _current(review: Model) -> WorkflowState | None:
    return WorkflowState.objects.for_instance(review).active().first()


def _workflow() -> Workflow | None:
    """Return the workflow, made when first needed. What an administrator changed stays."""
    task = CoordinatorTask.objects.first()
    if task is None:
        task = CoordinatorTask.objects.create(name="Pemeriksaan pengurus")
        workflow = Workflow.objects.create(name=NAME)
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    return Workflow.objects.active().filter(workflow_tasks__task=task).first()
