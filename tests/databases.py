"""The test database on SQLite: a copy of the template, put back after each test that commits.

It has the root page and the workflow too: each test that makes a section needs them.

Django migrates in each process (20 s of CPU), and after a test with real transactions it empties
every table and loads again what migrations wrote: 140 ms of CPU, against 14 ms for the copy.
PostgreSQL keeps Django's way: one process of a run has a database there.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import django.test
import pytest
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.sqlite3.creation import DatabaseCreation

from setup.template_database import lay


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let Django put back what migrations wrote before each test with real transactions.

    Without it, such a test leaves no root page and no root collection, and content types
    under other keys. Where a test has the mark, pytest-django reads the mark alone when it
    decides whether the database is serialized at all, and the fixture alone otherwise.
    """
    for item in items:
        names, mark = getattr(item, "fixturenames", []), item.get_closest_marker("django_db")
        if mark and (mark.kwargs.get("transaction") or "transactional_db" in names):
            serialized = mark.kwargs | {"serialized_rollback": True}
            item.add_marker(pytest.mark.django_db(**serialized), append=False)
        elif "transactional_db" in names:
            names.append("django_db_serialized_rollback")


class Creation(DatabaseCreation):
    """Makes the test database from the migrated template, and keeps a copy of it to put back."""

    def create_test_db(self, *_: Any, **__: Any) -> str:
        name, alias = self._get_test_db_name(), self.connection.alias
        self.connection.close()
        lay(Path(name))
        settings.DATABASES[alias]["NAME"] = self.connection.settings_dict["NAME"] = name
        # Models cannot be imported before, and pytest rewrites a plugin that nothing has imported.
        from cms.articles.actions import do_ensure_root
        from tests.frozen import NOW

        do_ensure_root(NOW)
        self.copy = Path(f"{name}.made")
        self.connection.ensure_connection()
        with closing(sqlite3.connect(self.copy)) as target:
            self.connection.connection.backup(target)
        return name

    def serialize_db_to_string(self) -> str:
        """Return nothing: `put_back` reads the copy."""
        return ""

    def put_back(self) -> None:
        """Make the database what it was at the start, also for connections that stay open."""

        def fail_if_locked(status: int, _remaining: int, _total: int) -> None:
            if status != sqlite3.SQLITE_DONE:  # Python would try again for ever
                raise RuntimeError("A test ended while another connection writes to its database.")

        self.connection.ensure_connection()
        with closing(sqlite3.connect(self.copy)) as source:
            source.backup(self.connection.connection, progress=fail_if_locked)


class TransactionTestCase(django.test.TransactionTestCase):
    """Leaves the database as it was made, rows of migrations and counters of keys included."""

    @classmethod
    def _fixture_setup(cls) -> None:
        """Do nothing: the database is as it was made."""

    def _fixture_teardown(self) -> None:
        connections[DEFAULT_DB_ALIAS].creation.put_back()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Let pytest-django make its database by a copy."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor == "sqlite":
        connection.creation = Creation(connection)
        # pytest-django derives the class around each test from the one that it finds here.
        django.test.TransactionTestCase = TransactionTestCase
