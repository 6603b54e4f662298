"""Plant faults in a copy of this checkout, one at a time, and see which tests catch them.

`python -m tests.plant` tries all of tests/faults.toml, `python -m tests.plant WORD…` those whose
name or file contains one of the words. The checkout itself is never changed.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
LIST = Path(__file__).with_name("faults.toml")
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", ".tools", "var", "node_modules", "__pycache__", ".hypothesis", ".*_cache"
)
NOTHING_SELECTED = 5
"""pytest's exit status when all tests are `deep` or `browser`."""
MOST_SECONDS = 600
"""For the tests of one fault: what makes something go on for ever is caught as well."""


class Fault(NamedTuple):
    """`new` in place of `old`, which is once in `file`; `tests` are those that should fail then.

    `name` says what goes wrong for somebody. `survives` is why no test fails, where none does.
    """

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]
    survives: str = ""

    def lacks(self, root: Path = ROOT) -> Iterator[str]:
        """Yield what keeps it from being planted."""
        path = root / self.file
        found = path.read_text().count(self.old) if path.is_file() else 0
        if found != 1:
            yield f"{self.file} has the text to replace {found} times: {self.old!r}"
        if self.old == self.new:
            yield "It changes nothing."
        yield from (f"{test} is not there" for test in self.tests if not (root / test).exists())
        if not self.tests:
            yield "It names no tests."


def faults() -> list[Fault]:
    """Return the faults of the list."""
    listed = tomllib.loads(LIST.read_text())["fault"]
    return [Fault(**each | {"tests": tuple(each["tests"])}) for each in listed]


class Copy:
    """A copy of the checkout in which faults are planted."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "siar"
        shutil.copytree(ROOT, self.root, ignore=LEFT_OUT)
        (self.root / ".venv").symlink_to(Path(sys.prefix))
        self._environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder / "pycache")}
        self._environment.pop("PYTHONDONTWRITEBYTECODE", None)

    @contextmanager
    def planted(self, fault: Fault) -> Iterator[None]:
        """Have `fault` in the copy."""
        path = self.root / fault.file
        good = path.read_text()
        path.write_text(good.replace(fault.old, fault.new))
        try:
            yield
        finally:
            path.write_text(good)

    def first_failure(self, tests: tuple[str, ...], most: float | None = None) -> str | None:
        """Return the first of `tests` that fails within `most` seconds, None if all pass."""
        command = [sys.executable, "-m", "pytest", "-x", "-q", "--tb=no", "-p", "no:cacheprovider"]
        command += ["-m", "not browser and not deep", *tests]
        try:
            ended = subprocess.run(
                command,
                cwd=self.root,
                env=self._environment,
                capture_output=True,
                text=True,
                check=False,
                timeout=most,
            )
        except subprocess.TimeoutExpired:
            return f"no end within {most} s"
        if ended.returncode == 0:
            return None
        if ended.returncode == NOTHING_SELECTED:
            raise SystemExit(f"None of {', '.join(tests)} runs here: name other tests.")
        failed = re.search(r"^(?:FAILED|ERROR) (?:\S*::)?(.+?)(?: - .*)?$", ended.stdout, re.M)
        return failed[1] if failed else (ended.stdout + ended.stderr).strip()[-200:]


def main() -> int:
    """Plant faults and print what became of each; return 1 if one survives that is not known to."""
    parser = argparse.ArgumentParser(prog="tests.plant", description=__doc__)
    parser.add_argument("word", nargs="*", help="only faults whose name or file contains it")
    parser.add_argument(
        "--no-baseline", action="store_true", help="believe that all tests pass without faults"
    )
    asked = parser.parse_args()
    words = asked.word
    chosen = [f for f in faults() if not words or any(w in f"{f.name} {f.file}" for w in words)]
    wrong = [f"{fault.name}: {lack}" for fault in chosen for lack in fault.lacks()]
    if wrong or not chosen:
        print("\n".join(wrong) or "No fault has such a name or file.")
        return 2
    survivors = []
    with tempfile.TemporaryDirectory(prefix="siar-faults-") as folder:
        copy = Copy(Path(folder).resolve())
        every = tuple(sorted({test for fault in chosen for test in fault.tests}))
        if not asked.no_baseline and (failed := copy.first_failure(every)):
            print(f"Without any fault this fails already: {failed}")
            return 2
        print("| fault | file | first test that fails |\n| --- | --- | --- |", flush=True)
        for fault in chosen:
            with copy.planted(fault):
                caught = copy.first_failure(fault.tests, MOST_SECONDS)
            if caught is None:
                survivors.append(fault)
            told = f"`{caught}`" if caught else f"**none** {fault.survives}".strip()
            print(f"| {fault.name} | `{fault.file}` | {told} |", flush=True)
    caught_share = 1 - len(survivors) / len(chosen)
    print(f"\n{len(chosen) - len(survivors)} of {len(chosen)} caught: {caught_share:.0%}")
    return int(any(not fault.survives for fault in survivors))


if __name__ == "__main__":
    sys.exit(main())
