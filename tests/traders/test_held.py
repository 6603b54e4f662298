"""The list of where a trader's data lies has every table and field that there is."""

import pytest
from django.apps import apps
from django.db.models import Model

from cms.core.models import User
from cms.traders.models import (
    Certificate,
    Clip,
    Consent,
    FeaturedSegment,
    Invitation,
    Product,
    Stall,
)
from cms.traders.personal import copy
from cms.traders.personal.held import HELD, UNTOLD

ROOTS = {User, Stall, Product, FeaturedSegment, Clip}
BESIDE = {
    User: {"date_joined", "last_login"},
    Stall: {"cooperative"},
    Product: {"commodity", "image"},
    FeaturedSegment: {"video", "card_image"},
    Certificate: {"image"},
}
"""What the copy tells in words of its own."""


def _refers(model: type[Model]) -> bool:
    own = (field for field in model._meta.get_fields() if not field.auto_created)
    return (
        any(field.is_relation and field.related_model in ROOTS for field in own) or model in ROOTS
    )


def test_every_table_that_refers_to_a_trader_is_on_the_list() -> None:
    models = [m for m in apps.get_models(include_auto_created=True) if m._meta.managed]
    found = {model._meta.label for model in models if _refers(model)}
    found |= {m._meta.label for m in models if m._meta.auto_created and _joins(m)}
    assert found == HELD.keys()


def _joins(model: type[Model]) -> bool:
    return any(f.is_relation and f.related_model in ROOTS for f in model._meta.concrete_fields)


@pytest.mark.parametrize(
    ("model", "told"),
    [
        (User, copy.PERSON),
        (Stall, copy.STALL),
        (Product, copy.PRODUCT),
        (FeaturedSegment, copy.SEGMENT),
        (Consent, copy.CONSENT),
        (Invitation, copy.INVITATION),
        (Clip, copy.CLIP),
        (Certificate, copy.CERTIFICATE),
    ],
)
def test_every_field_is_in_the_copy_or_said_to_be_left_out(
    model: type[Model], told: tuple[str, ...]
) -> None:
    fields = {field.name for field in model._meta.concrete_fields if not field.primary_key}
    assert {*told, *BESIDE.get(model, ()), *UNTOLD[model._meta.label]} == fields
