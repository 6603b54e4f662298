"""A migrated SQLite database that is made once and copied: tests need many, and one takes 20 s of CPU.

It stands in `.tools/databases` under a hash of what it was made from.
"""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from setup.once import once
from setup.prepare import PYTHON, ROOT, TOOLS, SetupFailed, digest

FOLDER = TOOLS / "databases"


def lay(database: Path) -> None:
    """Put at `database` what `manage.py migrate` makes of a fresh one."""
    shutil.copyfile(template(), database)


def template() -> Path:
    """Return the path of the database to copy, which is made where it is missing."""
    return once(FOLDER, "migrated", digest(sources()), _make) / "whole.sqlite3"


def sources() -> list[Path]:
    """Return the files that say what is in the database: migrations, packages and settings."""
    settings = [ROOT / "cms" / "settings" / f"{name}.py" for name in ("base", "development")]
    lock = ROOT / "requirements" / "dev.txt"
    return [*sorted(ROOT.glob("cms/*/migrations/*.py")), lock, *settings]


def _make(folder: Path) -> None:
    migrate(folder)
    # Some of what was written may still stand in the file beside it (-wal).
    with (
        closing(sqlite3.connect(folder / "siar.sqlite3")) as source,
        closing(sqlite3.connect(folder / "whole.sqlite3")) as target,
    ):
        source.backup(target)


def migrate(folder: Path) -> None:
    """Migrate a fresh database in `folder`, as an embedded install does."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "cms.settings.development",
        "SIAR_SECRET_KEY": "a database needs none",
        "SIAR_VAR": str(folder),
    }
    done = subprocess.run(
        [PYTHON, ROOT / "manage.py", "migrate", "--verbosity=0"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SetupFailed(f"The database for the tests could not be made.\n{done.stdout[-2000:]}")
