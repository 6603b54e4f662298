"""Where originals are kept in a test."""

from pathlib import Path
from typing import Any


def keep_originals_in(settings: Any, folder: Path) -> None:
    """Have the storage of originals in `folder`, without addresses."""
    storage = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": folder, "base_url": None},
    }
    settings.STORAGES = {**settings.STORAGES, "originals": storage}
