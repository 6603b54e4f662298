"""A trader's phone, signed in, and photos made in memory."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from cms.core.models import User
from cms.traders.models import Stall
from tests.studio.pages import make_photo


@pytest.fixture
def studio(stall_a: Stall, trader_a: User) -> Client:
    """trader_a, who runs stall_a, signed in."""
    client = Client()
    client.force_login(trader_a)
    return client


@pytest.fixture
def media_folder(tmp_path: Path, settings: Settings) -> Path:
    """Where this test's photos go."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def photo() -> Callable[..., SimpleUploadedFile]:
    """Return a function that makes a photo as a phone would upload it."""
    return make_photo
