"""Everything that people read exists in both languages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
ROOMS = sorted(p.parent for p in (ROOT / "cms").glob("*/apps.py"))
CALLS = {"_", "gettext", "gettext_lazy", "pgettext", "pgettext_lazy"}
TAG = re.compile(r"""{%\s*(?:translate|trans)\s+(?:"([^"]+)"|'([^']+)')""")
BLOCK = re.compile(
    r"{%\s*(?:blocktranslate|blocktrans)\b([^%]*)%}(.*?){%\s*end(?:blocktranslate|blocktrans)\s*%}",
    re.S,
)
VARIABLE = re.compile(r"{{\s*(\w+)[^}]*}}")


def _python_texts(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        name = (
            node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        )
        texts = [
            a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)
        ]
        if name in CALLS and texts:
            yield texts[-1]
        if name in {"ngettext", "ngettext_lazy"} and texts:
            yield texts[0]


def _template_texts(path: Path) -> Iterator[str]:
    source = path.read_text()
    for double, single in TAG.findall(source):
        yield double or single
    for options, body in BLOCK.findall(source):
        singular = re.split(r"{%\s*plural\s*%}", body)[0]
        text = VARIABLE.sub(r"%(\1)s", singular.replace("%", "%%"))
        if "trimmed" in options.split():
            text = " ".join(line.strip() for line in text.strip().splitlines() if line.strip())
        yield text


def _texts(room: Path) -> set[str]:
    found: set[str] = set()
    for path in room.rglob("*.py"):
        if "migrations" not in path.parts:
            found.update(_python_texts(path))
    folders = [ROOT / "templates" / room.name, room / "templates"]
    if room.name == "site":
        folders += [ROOT / "templates" / "parts"]
    for folder in folders:
        for path in folder.rglob("*.*"):
            found.update(_template_texts(path))
    return found


def _catalogue(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    with path.open("rb") as source:
        entries = read_po(source)
    return {
        (m.id[0] if isinstance(m.id, tuple) else m.id): (
            m.string[0] if isinstance(m.string, tuple) else m.string
        )
        for m in entries
        if m.id
    }


def _english() -> dict[str, str]:
    found: dict[str, str] = {}
    for room in ROOMS:
        found |= _catalogue(room / "locale" / "en" / "LC_MESSAGES" / "django.po")
    return found


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_every_indonesian_text_of_a_room_has_an_english_one(room: Path) -> None:
    english = _english()
    missing = sorted(text for text in _texts(room) if not english.get(text))
    assert missing == []
