"""Rows that are costly to make, made once for all tests of a file."""

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker


@pytest.fixture(scope="module")
def module_db(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, now: datetime
) -> Iterator[None]:
    """Let module-scoped fixtures write rows at `now`, which stay until the last test of the file.

    The rows stand in a transaction of their own. Each test's transaction is a savepoint in
    it, so that what a test changes is undone after the test. Not for files with tests of
    real transactions (`transactional_db`): those would commit the rows.
    """
    frozen = time_machine.travel(now, tick=False)
    with frozen, django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
