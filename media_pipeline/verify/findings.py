"""What a check found, and what a reader cannot make sense of."""

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction

import msgspec


class Finding(msgspec.Struct, frozen=True):
    """One thing that is wrong: in which file, where in it, and what, in one sentence."""

    file: str
    place: str
    sentence: str

    def __str__(self) -> str:
        place = f" ({self.place})" if self.place else ""
        return f"{self.file}{place}: {self.sentence}"


class Damaged(Exception):
    """A file is not what its kind has to be. `place` is a line or a box in it."""

    def __init__(self, sentence: str, place: str = "") -> None:
        super().__init__(sentence)
        self.sentence, self.place = sentence, place


class Findings:
    """The findings so far."""

    def __init__(self) -> None:
        self._found: dict[Finding, None] = {}

    def add(self, file: str, sentence: str, place: str = "") -> None:
        """Add one; the same is kept once."""
        self._found[Finding(file, place, sentence)] = None

    def expect(self, true: object, file: str, sentence: str, place: str = "") -> bool:
        """Add a finding unless `true`; return whether it is."""
        if not true:
            self.add(file, sentence, place)
        return bool(true)

    @contextmanager
    def reading(self, file: str) -> Iterator[None]:
        """Turn a Damaged of the block into a finding about `file`."""
        try:
            yield
        except Damaged as damage:
            self.add(file, damage.sentence, damage.place)

    def all(self) -> tuple[Finding, ...]:
        """Return every finding, by file."""
        return tuple(sorted(self._found, key=lambda finding: finding.file))


def seconds(value: Fraction) -> str:
    """Return `value` as people read it: 4.04 s."""
    return f"{float(value):.6f}".rstrip("0").rstrip(".") + " s"
