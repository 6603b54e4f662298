"""Tests: everything in a folder of its own, gone afterwards."""

import tempfile
from pathlib import Path

from cms.settings.base import *

VAR = Path(tempfile.mkdtemp(prefix="siar-test-"))
SECRET_KEY = "only for tests"  # noqa: S105
PROOF_KEY = SECRET_KEY
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if url := env.str("SIAR_TEST_DATABASE_URL", default=""):
    # The same tests on PostgreSQL.
    DATABASES["default"] = env.db_url_config(url)
    INSTALLED_APPS = [*INSTALLED_APPS, "django.contrib.postgres"]
else:
    DATABASES["default"]["NAME"] = VAR / "siar.sqlite3"
    DATABASES["default"]["TEST"] = {"NAME": str(VAR / "test.sqlite3")}
MEDIA_ROOT = VAR / "media"
STATIC_ROOT = VAR / "static"
STORAGES["originals"]["OPTIONS"]["location"] = VAR / "originals"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PUBLISHED = {"kind": "local", "folder": VAR / "published"}
UPLOADS_FOLDER = VAR / "uploads"
SPOOL_FOLDER = VAR / "spool"
HUEY["filename"] = str(VAR / "queue.sqlite3")
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
AXES_ENABLED = False
