"""A setting that is wrong is told in one sentence before anything starts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core import checks

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.django_db  # Django's own checks look at the database


def _faults() -> dict[str, str]:
    return {message.id: message.msg for message in checks.run_checks()}


def test_the_settings_as_they_are_have_no_fault() -> None:
    assert not [fault for fault in _faults() if fault.startswith("siar.")]


def test_an_unknown_kind_of_store_is_told(settings) -> None:
    settings.PUBLISHED = {"kind": "ftp"}
    assert "must be local or s3" in _faults()["siar.E001"]


def test_an_address_of_media_without_a_slash_is_told(settings) -> None:
    settings.PUBLISHED_URL = "/media"
    assert "must end with a slash" in _faults()["siar.E002"]


def test_a_media_host_that_browsers_would_refuse_is_told(settings) -> None:
    settings.PUBLISHED_URL = "https://cdn.example/siar/"
    assert _faults()["siar.E003"] == "Browsers will refuse media from https://cdn.example."
    settings.MEDIA_HOSTS = ["https://cdn.example"]
    assert "siar.E003" not in _faults()


NEEDED = {
    "SIAR_SECRET_KEY": "x" * 50,
    "SIAR_HOSTS": "siar.example",
    "SIAR_DATABASE_URL": "postgres://siar@db/siar",
    "SIAR_PUBLISHED_BUCKET": "published",
    "SIAR_PUBLISHED_URL": "https://cdn.example/",
    "SIAR_MEDIA_HOSTS": "https://cdn.example",
    "SIAR_ORIGINALS_BUCKET": "originals",
    "SIAR_REDIS_URL": "redis://queue",
}


def _check(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    bare = {name: value for name, value in os.environ.items() if not name.startswith("SIAR_")}
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--settings", "cms.settings.production"],
        cwd=ROOT,
        env=bare | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_starts_with_the_settings_that_the_guide_names(tmp_path: Path) -> None:
    done = _check(NEEDED | {"SIAR_VAR": str(tmp_path)})
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("missing", ["SIAR_HOSTS", "SIAR_PUBLISHED_BUCKET"])
def test_a_missing_setting_is_named(missing: str, tmp_path: Path) -> None:
    environment = {name: value for name, value in NEEDED.items() if name != missing}
    done = _check(environment | {"SIAR_VAR": str(tmp_path)})
    assert done.returncode != 0
    assert missing in done.stderr


def test_an_empty_key_for_proofs_is_none(tmp_path: Path) -> None:
    asked = "from django.conf import settings; print(settings.PROOF_KEY)"
    bare = {name: value for name, value in os.environ.items() if not name.startswith("SIAR_")}
    given = {"SIAR_VAR": str(tmp_path), "SIAR_PROOF_KEY": ""}
    done = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=ROOT,
        env=bare | NEEDED | given | {"DJANGO_SETTINGS_MODULE": "cms.settings.production"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == NEEDED["SIAR_SECRET_KEY"]


def test_a_chosen_ffmpeg_that_is_not_there_is_told(tmp_path: Path) -> None:
    done = _check(NEEDED | {"SIAR_VAR": str(tmp_path), "SIAR_FFMPEG": str(tmp_path / "ffmpeg")})
    assert done.returncode != 0
    assert "set SIAR_FFMPEG to its path or unset it" in done.stderr
