"""Saving and deleting in the CMS go through the room's own actions.

Wagtail looks up what "create", "edit" and "delete" mean for a model in a registry;
so cards are announced whichever view, form or menu it was done with.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from wagtail.actions.create import CreateAction
from wagtail.actions.delete import DeleteAction
from wagtail.actions.edit import EditAction
from wagtail.actions.registry import ActionRegistry
from wagtail.log_actions import log

from cms.core import clock
from cms.traders.actions import do_delete, do_save_product, do_save_segment, do_save_stall
from cms.traders.models import FeaturedSegment, Product, Stall

SAVE: dict[type[Any], Callable[[Any, Any, datetime], None]] = {
    Stall: do_save_stall,
    Product: do_save_product,
    FeaturedSegment: do_save_segment,
}


class _Saving:
    def _save_instance(self) -> None:
        action: Any = self
        if action.form:
            action.instance = action.form.save(commit=False)
        SAVE[type(action.instance)](action.instance, action.user, clock.now())
        if action.form:
            action.form.save_m2m()


class Create(_Saving, CreateAction):
    """Make a row by its `do_save_…`."""


class Edit(_Saving, EditAction):
    """Change a row by its `do_save_…`."""


class Delete(DeleteAction):
    """Delete a row by `do_delete`."""

    @transaction.atomic
    def _delete(self) -> None:
        log(instance=self.instance, action=self.log_action, user=self.user, deleted=True)
        do_delete(self.instance, clock.now())


def register(registry: ActionRegistry) -> None:
    """Put the actions where Wagtail's views look for them."""
    for model in SAVE:
        for action in (Create, Edit, Delete):
            registry.register(model, action)
