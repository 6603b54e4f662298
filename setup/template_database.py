"""A migrated SQLite database that is made once and copied: tests need many, and one takes 20 s of CPU.

It stands in `.tools/databases` under a hash of what it was made from.
"""

import fcntl
import os
import shutil
import sqlite3
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path

from setup.prepare import PYTHON, ROOT, TOOLS, SetupFailed, digest

FOLDER = TOOLS / "databases"


def lay(database: Path) -> None:
    """Put at `database` what `manage.py migrate` makes of a fresh one."""
    shutil.copyfile(template(), database)


def template() -> Path:
    """Return the path of the database to copy, which is made where it is missing.

    Of several processes that miss it one makes it, and the others wait.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    made = FOLDER / f"{digest(sources())}.sqlite3"
    if not made.exists():
        with (FOLDER / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not made.exists():
                _make(made)
    return made


def sources() -> list[Path]:
    """Return the files that say what is in the database: migrations, packages and settings."""
    settings = [ROOT / "cms" / "settings" / f"{name}.py" for name in ("base", "development")]
    lock = ROOT / "requirements" / "dev.txt"
    return [*sorted(ROOT.glob("cms/*/migrations/*.py")), lock, *settings]


def _make(path: Path) -> None:
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        migrate(Path(folder))
        whole = Path(folder) / "whole.sqlite3"
        # Some of what was written may still stand in the file beside it (-wal).
        with (
            closing(sqlite3.connect(Path(folder) / "siar.sqlite3")) as source,
            closing(sqlite3.connect(whole)) as target,
        ):
            source.backup(target)
        whole.replace(path)


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
