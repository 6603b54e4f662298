"""What a process of Siar imports before it does anything: workers are many and small."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import load_command_class

ROOT = Path(__file__).parents[2]
HEAVY = ("pydantic", "ninja", "rest_framework", "boto3", "wagtail.api.v3")


def started(code: str, tmp_path: Path) -> str:
    """Run `code` in a process in which Django has just started; return what it prints."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "cms.settings.development",
        "SIAR_SECRET_KEY": "only for tests",
        "SIAR_VAR": str(tmp_path / "var"),
    }
    done = subprocess.run(
        [sys.executable, "-c", f"import sys, django; django.setup()\n{code}"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_a_worker_imports_no_api_no_forms_of_it_and_no_client_of_buckets(tmp_path):
    code = "from django.utils.module_loading import autodiscover_modules as find; find('tasks')\n"
    code += f"print([name for name in {HEAVY} if name in sys.modules])"
    assert started(code, tmp_path) == "[]"


def test_who_needs_wagtails_api_later_gets_the_real_one(tmp_path):
    code = (
        "from wagtail.api.v3.api import api; from wagtail.contrib.redirects import api as other\n"
    )
    code += "print(type(api).__name__, other.RedirectSerializer.__name__)"
    assert started(code, tmp_path) == "NinjaAPI RedirectSerializer"


@pytest.mark.parametrize("address", ["/admin/images/", "/admin/redirects/", "/admin/documents/"])
def test_the_screens_of_these_apps_are_there(client, superuser, address):
    client.force_login(superuser)
    assert client.get(address).status_code == 200


def test_the_worker_checks_the_settings_of_siar_and_loads_no_view_for_it():
    command = load_command_class("cms.core", "run_huey")
    assert list(command.requires_system_checks) == ["siar"]
    command.check(tags=["siar"])
