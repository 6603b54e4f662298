"""A browser on a phone, and a spool folder of the test's own."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from cms.audience import views
from cms.audience.devices import Devices

PHONE = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/142.0.0.0 Mobile Safari/537.36"
)


@pytest.fixture
def spool_folder(tmp_path: Path, settings: Settings) -> Path:
    """Where this test's taps are spooled."""
    settings.SPOOL_FOLDER = tmp_path
    return tmp_path / "taps"


@pytest.fixture(autouse=True)
def no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start each test as a process that has seen nobody."""
    monkeypatch.setattr(views, "devices", Devices())


@pytest.fixture
def phone() -> Client:
    """A viewer's phone."""
    return Client(headers={"user-agent": PHONE})


@pytest.fixture
def taps(spool_folder: Path) -> Any:
    """Return a function that counts the lines in the spool."""

    def count() -> int:
        return sum(len(path.read_text().splitlines()) for path in spool_folder.glob("*.log"))

    return count
