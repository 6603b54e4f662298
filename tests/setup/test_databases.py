"""Tests and the installs that they start have copies of one migrated database."""

import inspect
import os
import sqlite3
import subprocess
import sys
import sysconfig
from contextlib import closing
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from cms.cooperatives.models import Region
from setup import template_database
from setup.prepare import SetupFailed
from tests.races import at_once

ROOT = Path(__file__).parents[2]
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="Django's way, elsewhere")
MIGRATE_TWICE = """
from setup import install, start
assert start.migrated(install.environment())
(install.VAR / "siar.sqlite3").rename(install.VAR / "first.sqlite3")
assert start.migrated(install.environment())
"""


def content_of(database: Path) -> dict[str, object]:
    """Return the schema, and the number of rows of each table."""
    with closing(sqlite3.connect(database)) as opened:
        schema = opened.execute("select name, sql from sqlite_master order by name").fetchall()
        tables = opened.execute("select name from sqlite_master where type = 'table'").fetchall()
        rows = {t: opened.execute(f'select count(*) from "{t}"').fetchone()[0] for (t,) in tables}
        return {"schema": schema, **rows}


def test_make_run_migrates_a_fresh_database_once_and_a_copy_of_the_template_is_the_same(tmp_path):
    settings = "cms.settings.development"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": settings, "SIAR_VAR": str(tmp_path)}
    subprocess.run(
        [sys.executable, "-c", MIGRATE_TWICE], cwd=ROOT, env=environment, check=True, timeout=300
    )
    assert not (tmp_path / "siar.sqlite3").exists()
    template_database.lay(tmp_path / "copy.sqlite3")
    migrated = content_of(tmp_path / "first.sqlite3")
    assert migrated == content_of(tmp_path / "copy.sqlite3")
    assert migrated["django_content_type"] > 100


def test_the_template_follows_every_migration_of_siar_and_the_versions_of_packages():
    migrations = MigrationLoader(None).disk_migrations.values()
    files = {Path(inspect.getfile(type(migration))) for migration in migrations}
    packages = Path(sysconfig.get_path("purelib"))
    ours = {file for file in files if not file.is_relative_to(packages)}
    sources = template_database.sources()
    assert len(ours) >= 7
    assert ours <= set(sources)
    assert ROOT / "requirements" / "dev.txt" in sources
    assert all(source.is_file() for source in sources)


def test_processes_that_miss_the_template_together_make_it_once(tmp_path, monkeypatch):
    made = []

    def migrate(folder):
        made.append(folder)
        with closing(sqlite3.connect(folder / "siar.sqlite3")) as database:
            database.execute("create table contoh (id)")

    monkeypatch.setattr(template_database, "FOLDER", tmp_path)
    monkeypatch.setattr(template_database, "migrate", migrate)
    first, second = at_once(template_database.template, template_database.template)
    assert first == second == template_database.template()
    assert len(made) == 1
    assert content_of(first)["contoh"] == 0
    assert {path.name for path in tmp_path.iterdir()} == {first.parent.name, "migrated.lock"}


def test_migrations_that_fail_leave_no_template(tmp_path, monkeypatch):
    def migrate(folder):
        (folder / "siar.sqlite3").write_bytes(b"half of it")
        raise SetupFailed("A migration failed.")

    monkeypatch.setattr(template_database, "FOLDER", tmp_path)
    monkeypatch.setattr(template_database, "migrate", migrate)
    with pytest.raises(SetupFailed):
        template_database.template()
    assert [path.name for path in tmp_path.iterdir()] == ["migrated.lock"]


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_what_a_test_commits_and_deletes_is_undone_after_it():
    permissions = Permission.objects.count()
    Permission.objects.all().delete()
    key = Region.objects.create(name="Contoh", slug="contoh").pk
    connection.creation.put_back()
    assert Permission.objects.count() == permissions > 100
    assert not Region.objects.exists()
    assert Region.objects.create(name="Contoh", slug="contoh").pk == key


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_test_that_leaves_a_writer_behind_fails():
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 50")
    with closing(sqlite3.connect(connection.settings_dict["NAME"], autocommit=True)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(RuntimeError, match="another connection writes"):
            connection.creation.put_back()
