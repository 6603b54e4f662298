"""docs/security.md promises tests: each that it names is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text()
ROWS = [line for line in PAGE.splitlines() if line.startswith("| ") and "`test_" in line]
NAMED = sorted(set(re.findall(r"`(test_\w+)`", PAGE)))
THERE = {
    name
    for file in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"^ *(?:async )?def (test_\w+)\(", file.read_text(), re.M)
}


@pytest.mark.parametrize("name", NAMED)
def test_a_test_that_the_page_names_is_there(name: str) -> None:
    assert name in THERE


def test_each_threat_has_its_measure_and_a_test() -> None:
    assert len(ROWS) > 40
    for row in ROWS:
        threat, measure, tests = (cell.strip() for cell in row.strip("|").split(" | "))
        assert threat
        assert measure
        assert re.fullmatch(r"`test_\w+`(?:, `test_\w+`)*", tests)
