"""A post that edits a record holds its row."""

import pytest
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest

from cms.cooperatives.models import Region
from cms.core.editing import held
from tests.races import at_once


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_nobody_else_writes_a_record_that_a_post_holds():
    rows = Region.objects.filter(pk=Region.objects.create(name="Contoh", slug="contoh").pk)

    def take() -> None:
        if connection.vendor == "sqlite":
            connection.cursor().execute("PRAGMA busy_timeout = 50")
        with transaction.atomic():
            rows.select_for_update(nowait=True, no_key=True).first()

    with held(HttpRequest(), rows), pytest.raises(OperationalError):
        at_once(take)
    at_once(take)
