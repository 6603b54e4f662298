"""What decides touches nothing: what the import contract cannot see, the syntax tree shows."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PURE = (
    "media_pipeline/errors.py",
    *(f"media_pipeline/{room}" for room in ("model", "planning", "manifests", "playout", "asrun")),
    "cms/channels/planning",
)
CLOCKS = {"now", "today", "utcnow"}
HANDS = {"open", "print", "input", "Path", "eval", "exec", "__import__"}


def impurities(source: str) -> Iterator[str]:
    """Yield what `source` does that a value cannot."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(attr=name)) if name in CLOCKS:
                yield f"line {node.lineno}: reads a clock by {name}()"
            case ast.Call(func=ast.Name(id=name)) if name in HANDS:
                yield f"line {node.lineno}: {name}()"


def pure_files() -> list[Path]:
    found = [ROOT / place for place in PURE if (ROOT / place).suffix == ".py"]
    return found + [p for place in PURE for p in sorted((ROOT / place).rglob("*.py"))]


@pytest.mark.parametrize("path", pure_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_pure_room_reads_no_clock_and_opens_no_file(path):
    assert list(impurities(path.read_text())) == []


@pytest.mark.parametrize(
    "line", ["datetime.now(UTC)", "date.today()", "open('x')", "Path('x').read_text()", "print(1)"]
)
def test_what_is_impure_is_found(line):
    assert list(impurities(f"def f():\n    return {line}\n"))
