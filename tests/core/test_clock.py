"""The clock is read in one place, which the syntax tree shows; so tests can stop it in one place."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CLOCK = "cms/core/clock.py"
OUTERMOST = {
    "media_pipeline/cli/bench.py",
    "media_pipeline/cli/publishing.py",
    "media_pipeline/cli/sources.py",
    "media_pipeline/origin/serve.py",
}
READS = {
    *(f"datetime.{name}" for name in ("datetime.now", "datetime.utcnow", "datetime.today")),
    "datetime.date.today",
    *(f"time.{name}" for name in ("time", "time_ns", "localtime", "gmtime", "ctime", "asctime")),
    "time.clock_gettime",
    *(f"django.utils.timezone.{name}" for name in ("now", "localdate", "localtime")),
    "django.db.models.functions.Now",
}
SQL = ("'now'", "clock_timestamp", "current_timestamp", "now()")
STAMPS = {"auto_now", "auto_now_add"}


def reads(source: str) -> Iterator[str]:
    """Yield what in `source` reads a clock, or takes a function of the clock by its bare name."""
    tree = ast.parse(source)
    origins: dict[str, str] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                origins |= {n.asname: n.name for n in names if n.asname}
            case ast.ImportFrom(module=module, names=names):
                origins |= {n.asname or n.name: f"{module}.{n.name}" for n in names}
                # A name of a module's own would have to be replaced there, too.
                if module == "cms.core.clock":
                    yield f"line {node.lineno}: imports from {module}"
    for node in ast.walk(tree):
        match node:
            case ast.Name() | ast.Attribute() if (name := _dotted(node, origins)) in READS:
                yield f"line {node.lineno}: {name}"
            case ast.Constant(value=str(text)) if any(word in text.lower() for word in SQL):
                yield f"line {node.lineno}: asks the database for its clock"
            case ast.keyword(arg=str(name)) if name in STAMPS:
                yield f"line {node.value.lineno}: {name}"


def _dotted(node: ast.expr, origins: dict[str, str]) -> str:
    match node:
        case ast.Name(id=name):
            return origins.get(name, name)
        case ast.Attribute(value=value, attr=name):
            return f"{_dotted(value, origins)}.{name}"
    return ""


def product_files() -> list[Path]:
    """Every module of the product; a migration is what was once written, and stays."""
    found = [path for root in ("cms", "media_pipeline") for path in (ROOT / root).rglob("*.py")]
    return sorted(path for path in found if "migrations" not in path.parts)


def test_only_the_named_places_read_a_clock():
    found = {str(p.relative_to(ROOT)) for p in product_files() if any(reads(p.read_text()))}
    assert found == OUTERMOST | {CLOCK}


@pytest.mark.parametrize(
    "source",
    [
        "from django.utils import timezone\nx = timezone.now()",
        "from django.utils import timezone as tz\nclass A:\n    default = tz.now",
        "from datetime import datetime, UTC\nx = datetime.now(UTC)",
        "import datetime\nx = datetime.datetime.now()",
        "from datetime import date as day\nx = day.today()",
        "import time\nx = time.time()",
        "from time import time_ns\nx = time_ns()",
        "from cms.core.clock import now",
        "x = models.DateTimeField(auto_now_add=True)",
        'x = "SELECT CURRENT_TIMESTAMP"',
    ],
)
def test_each_way_to_read_a_clock_is_found(source):
    assert list(reads(source))


@pytest.mark.parametrize(
    "source",
    [
        "from cms.core import clock\nx = clock.now()",
        "import time\nx = time.monotonic()",
        "from datetime import time\nx = time(12)",
        "def f(self, moment):\n    return self.now, moment.time()",
    ],
)
def test_what_reads_no_clock_is_not_accused(source):
    assert list(reads(source)) == []
