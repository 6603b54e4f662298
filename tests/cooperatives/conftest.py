"""One row of everything that belongs to market A, for strangers to look for.

Every row has a key of its own among all models, from FIRST_KEY on. So a view that is
asked for such a key shows either that very row or nothing at all.
"""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import models
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import (
    Comment,
    CommentReply,
    ModelLogEntry,
    Page,
    PageLogEntry,
    Revision,
    RevisionMixin,
    Task,
    Workflow,
    WorkflowMixin,
    WorkflowTask,
)
from wagtail.snippets.models import get_snippet_models

from cms.articles.actions import do_ensure_section
from cms.articles.models import ArticlePage
from cms.cooperatives.models import Cooperative, Region
from cms.core.models import User

SECRET = "RAHASIA"
FIRST_KEY = 900_001
NOW = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)


@dataclass
class Foreign:
    """What belongs to market A: rows by model, and what addresses may name of each."""

    rows: dict[type[models.Model], models.Model] = field(default_factory=dict)
    related: dict[type[models.Model], dict[str, Any]] = field(default_factory=dict)

    def add(self, row: models.Model, **related: Any) -> None:
        self.rows[type(row)] = row
        self.related[type(row)] = related

    def state(self) -> dict[str, Any]:
        """Return the rows as the database has them now; None for one that is gone."""
        return {
            model._meta.label: model._default_manager.filter(pk=row.pk).values().first()
            for model, row in self.rows.items()
        }


class Maker:
    """Makes a row of any model, filling what the model requires."""

    def __init__(self, cooperative: Cooperative, owner: User, title: str, first_key: int) -> None:
        self.cooperative, self.owner, self.title = cooperative, owner, title
        self.keys: Iterator[int] = itertools.count(first_key)
        self.made: dict[type[models.Model], models.Model] = {}

    def make(self, model: type[models.Model]) -> models.Model:
        """Return a row of `model` in market A, made if there is none."""
        if model in self.made:
            return self.made[model]
        key = next(self.keys)
        values = {
            each.name: self._value(each, key)
            for each in model._meta.concrete_fields
            if self._wanted(each)
        }
        if isinstance(model._meta.pk, models.AutoField):
            values[model._meta.pk.name] = key
        row = model(**values)
        row.save(force_insert=True)
        self.made[model] = row
        return row

    def _wanted(self, each: models.Field) -> bool:
        if each.primary_key:
            return False
        if each.is_relation:
            return not each.null or each.related_model is Cooperative
        return not each.has_default() or isinstance(each, models.CharField | models.TextField)

    def _value(self, each: models.Field, key: int) -> Any:
        if each.is_relation:
            return self._related(each.related_model)
        if each.choices:
            return each.get_default() or each.choices[0][0]
        for kind, value in self._values(key):
            if isinstance(each, kind):
                return value[: each.max_length] if isinstance(value, str) else value
        return each.get_default()

    def _related(self, model: type[models.Model]) -> models.Model:
        if model is Cooperative:
            return self.cooperative
        return self.owner if model is User else self.make(model)

    def _values(self, key: int) -> list[tuple[Any, Any]]:
        return [
            (models.SlugField, f"{self.title.lower()}-{key}"),
            (models.EmailField, f"{self.title.lower()}@example.com"),
            (models.UUIDField, None),
            (models.CharField, f"{self.title} {key}"),
            (models.TextField, f"{self.title} {key}"),
            (models.BooleanField, True),
            (models.DateTimeField, NOW),
            (models.DateField, NOW.date()),
            (models.TimeField, NOW.time()),
            (models.IntegerField, 1),
            (models.DecimalField, 1),
            (models.JSONField, {}),
        ]


@pytest.fixture
def maker(pasar_a: Cooperative, make_user: Callable[..., User]) -> Maker:
    """Makes rows of market A."""
    owner = make_user("pemilik", pasar_a, "moderator")
    User.objects.filter(pk=owner.pk).update(first_name=f"{SECRET} Pemilik")
    return Maker(pasar_a, owner, SECRET, FIRST_KEY)


@pytest.fixture
def foreign(maker: Maker, pasar_b: Cooperative, pasar_c: Cooperative, synced_tree: None) -> Foreign:
    """One row of everything of market A."""
    return everything(maker)


@pytest.fixture
def own(moderator_b: User, pasar_b: Cooperative, foreign: Foreign) -> Foreign:
    """One row of everything of market B."""
    return everything(Maker(pasar_b, moderator_b, "MILIKB", 990_001))


def everything(maker: Maker) -> Foreign:
    """Return a row of all there is, drafts with revisions and workflows where they exist."""
    found = Foreign()
    for model in get_snippet_models():
        if model is Region or not hasattr(model._default_manager.all(), "visible_to"):
            continue
        row = maker.cooperative if model is Cooperative else maker.make(model)
        found.add(row, **_history(maker, row))
    page = _article(maker)
    found.add(page, **_history(maker, page))
    found.add(_image(maker))
    found.add(_document(maker))
    found.add(maker.owner)
    return found


def _article(maker: Maker) -> ArticlePage:
    section = do_ensure_section(maker.cooperative, NOW)
    key = next(maker.keys)
    return section.add_child(
        instance=ArticlePage(
            title=f"{maker.title} {key}",
            slug=f"artikel-{key}",
            live=False,
            owner=maker.owner,
        )
    )


def _image(maker: Maker) -> models.Model:
    key = next(maker.keys)
    return get_image_model().objects.create(
        pk=key,
        title=f"{maker.title} {key}",
        file=get_test_image_file(f"gambar-{key}.png"),
        collection=maker.cooperative.collection,
        uploaded_by_user=maker.owner,
    )


def _document(maker: Maker) -> models.Model:
    key = next(maker.keys)
    document = get_document_model().objects.create(
        pk=key,
        title=f"{maker.title} {key}",
        file=ContentFile(b"%PDF-1.4", name=f"dokumen-{key}.pdf"),
        collection=maker.cooperative.collection,
    )
    document.tags.add(f"{maker.title}-tag")
    return document


def _history(maker: Maker, row: Any) -> dict[str, Any]:
    """Give `row` a revision, a log entry and a workflow under way, where it can have them."""
    related: dict[str, Any] = {}
    _log(maker, row)
    if isinstance(row, Page | RevisionMixin):
        revision = row.save_revision(user=maker.owner)
        key = next(maker.keys)
        Revision.objects.filter(pk=revision.pk).update(id=key)
        type(row)._default_manager.filter(pk=row.pk).update(latest_revision_id=key)
        row.refresh_from_db()
        related["revision_id"] = related["revision_id_a"] = related["revision_id_b"] = key
    if isinstance(row, Page | WorkflowMixin):
        related |= _workflow(maker, row)
    if isinstance(row, Page):
        related["comment"] = _comment(maker, row)
    return related


def _log(maker: Maker, row: Any) -> None:
    entries = PageLogEntry if isinstance(row, Page) else ModelLogEntry
    title = f"{maker.title} {row.pk}"
    entries.objects.log_action(row, "wagtail.edit", user=maker.owner, title=title)


def _comment(maker: Maker, page: Page) -> int:
    comment = Comment.objects.create(
        page=page, user=maker.owner, text=f"{maker.title} komentar", contentpath="title"
    )
    CommentReply.objects.create(comment=comment, user=maker.owner, text=f"{maker.title} balasan")
    return comment.pk


def _workflow(maker: Maker, row: Any) -> dict[str, Any]:
    workflow, _made = Workflow.objects.get_or_create(name="Moderasi contoh")
    task, _made = Task.objects.get_or_create(name="Tugas contoh", active=True)
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": 0})
    state = workflow.start(row, maker.owner)
    return {
        "workflow_state_id": state.pk,
        "task_state_id": state.current_task_state_id,
        "task_id": task.pk,
        "action_name": "approve",
    }
