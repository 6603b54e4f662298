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

from setup.suite import NOTHING_SELECTED, end

ROOT = Path(__file__).resolve().parent.parent
LIST = Path(__file__).with_name("faults.toml")
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", ".tools", "var", "node_modules", "__pycache__", ".hypothesis", ".*_cache"
)
MOST_SECONDS = 600
"""For the tests of one fault: what makes something go on for ever is caught as well."""


class Fault(NamedTuple):
    """`new` in place of `old`, which is once in `file`; `tests` are those that should fail then.

    `name` says what goes wrong for somebody.
    """

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    def lacks(self, root: Path = ROOT) -> Iterator[str]:
        """Yield what keeps it from being planted."""
        path = root / self.file
        good = path.read_text() if path.is_file() else ""
        if good.count(self.old) != 1:
            yield f"{self.file} has the text to replace {good.count(self.old)} times: {self.old!r}"
        if path.suffix == ".py" and not _compiles(good.replace(self.old, self.new)):
            yield "It is no valid Python, which every test would see."
        if self.old == self.new:
            yield "It changes nothing."
        yield from (f"{test} is not there" for test in self.tests if not (root / test).exists())
        if not self.tests:
            yield "It names no tests."


def faults() -> list[Fault]:
    """Return the faults of the list."""
    listed = tomllib.loads(LIST.read_text())["fault"]
    return [Fault(**each | {"tests": tuple(each["tests"])}) for each in listed]


def _compiles(code: str) -> bool:
    try:
        compile(code, "", "exec")
    except SyntaxError:
        return False
    return True


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
        running = subprocess.Popen(
            command,
            cwd=self.root,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            said, _ = running.communicate(timeout=most)
        except subprocess.TimeoutExpired:
            return f"no end within {most} s"
        finally:
            end(running)  # with the processes that tests started
        if running.returncode == 0:
            return None
        if running.returncode == NOTHING_SELECTED:
            raise SystemExit(f"None of {', '.join(tests)} runs here: name other tests.")
        failed = re.search(r"^(?:FAILED|ERROR) (?:\S*::)?(.+?)(?: - .*)?$", said, re.M)
        return failed[1] if failed else said.strip()[-200:]


def main() -> int:
    """Plant faults and print what became of each; return 1 if one is not caught."""
    parser = argparse.ArgumentParser(prog="tests.plant", description=__doc__)
    parser.add_argument("word", nargs="*", help="only faults whose name or file contains it")
    words = parser.parse_args().word
    chosen = [f for f in faults() if not words or any(w in f"{f.name} {f.file}" for w in words)]
    wrong = [f"{fault.name}: {lack}" for fault in chosen for lack in fault.lacks()]
    if wrong or not chosen:
        print("\n".join(wrong) or "No fault has such a name or file.")
        return 2
    number = 0
    with tempfile.TemporaryDirectory(prefix="siar-faults-") as folder:
        copy = Copy(Path(folder).resolve())
        every = tuple(sorted({test for fault in chosen for test in fault.tests}))
        if failed := copy.first_failure(every):
            print(f"Without any fault this fails already: {failed}")
            return 2
        print("| fault | file | first test that fails |\n| --- | --- | --- |", flush=True)
        for fault in chosen:
            with copy.planted(fault):
                caught = copy.first_failure(fault.tests, MOST_SECONDS)
            number += caught is not None
            told = f"`{caught}`" if caught else "**none**"
            print(f"| {fault.name} | `{fault.file}` | {told} |", flush=True)
    print(f"\n{number} of {len(chosen)} caught: {number / len(chosen):.0%}")
    return int(number < len(chosen))


if __name__ == "__main__":
    sys.exit(main())
