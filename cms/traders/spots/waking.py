"""Telling a worker that there is a clip to make."""

from django.db import transaction

from cms.traders import tasks


def do_wake() -> None:
    """Tell a worker, once this is committed."""
    # A queue that is down must not undo it: the periodic sweep makes clips as well.
    transaction.on_commit(tasks.make_clips.enqueue, robust=True)
