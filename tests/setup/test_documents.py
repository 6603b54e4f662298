"""What the documents tell people to type exists."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
TEXT = "\n".join(document.read_text() for document in DOCUMENTS)
TARGETS = sorted(set(re.findall(r"(?:^|`)make ([a-z-]+)", TEXT, re.M)))
MODULES = sorted(set(re.findall(r"python -m ([a-z_]+)(?: ([a-z]+))?", TEXT)))
COMMANDS = sorted(set(re.findall(r"manage\.py ([a-z_]+)|python manage\.py ([a-z_]+)", TEXT)))
LINKS = [
    (document, target)
    for document in DOCUMENTS
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text())
]


@pytest.mark.parametrize("target", TARGETS)
def test_a_make_target_of_the_documents_exists(target: str) -> None:
    done = subprocess.run(
        ["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("module", "command"), MODULES)
def test_a_command_line_of_the_documents_answers_for_help(module: str, command: str) -> None:
    if module in {"setup", "benchmarks", "tests"}:
        return
    arguments = [word for word in (command, "--help") if word]
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "usage:" in done.stdout.lower()


@pytest.mark.parametrize("name", sorted({first or second for first, second in COMMANDS}))
def test_a_management_command_of_the_documents_exists(name: str) -> None:
    from django.core.management import get_commands

    assert name in get_commands()


@pytest.mark.parametrize(("document", "target"), LINKS, ids=lambda part: str(part)[-40:])
def test_a_link_between_documents_leads_somewhere(document: Path, target: str) -> None:
    assert (document.parent / target).exists()
