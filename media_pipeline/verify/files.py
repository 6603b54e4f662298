"""The files of a publication: a folder of this machine, or under an id in a store."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from media_pipeline.stores import Store


class Files(Protocol):
    """Names are relative, with forward slashes.

    `presentation` is the key of what the store says of the publication; "" without a store.
    """

    presentation: str

    def names(self) -> frozenset[str]:
        """Return the name of every file."""

    def read(self, name: str) -> bytes | None:
        """Return the bytes of `name`, or None when there is no such file."""

    def beside(self, key: str) -> bytes | None:
        """Return the bytes of a key of the publication's store; None where there is none."""


class Folder:
    """A folder of this machine, such as plain web servers have."""

    presentation = ""

    def __init__(self, root: Path) -> None:
        self._root = root

    def names(self) -> frozenset[str]:
        """Return the name of every file in the folder and the folders in it."""
        found = (path for path in self._root.rglob("*") if path.is_file())
        return frozenset(path.relative_to(self._root).as_posix() for path in found)

    def read(self, name: str) -> bytes | None:
        """Return the bytes of `name`; None also for what lies outside the folder."""
        path = (self._root / name).resolve()
        if not path.is_relative_to(self._root.resolve()) or not path.is_file():
            return None
        return path.read_bytes()

    def beside(self, key: str) -> bytes | None:  # noqa: ARG002 - there is no store
        """Return None: what lies around the folder is nobody's."""
        return None


class InStore:
    """A publication in a published store."""

    def __init__(self, store: Store, publication: str) -> None:
        self._store, self._prefix = store, f"publications/{publication}"
        self.presentation = f"presentations/{publication}.json"

    def names(self) -> frozenset[str]:
        """Return the name of every file of the publication."""
        return frozenset(self._names())

    def _names(self) -> Iterator[str]:
        for key in self._store.keys(self._prefix):
            yield key.removeprefix(f"{self._prefix}/")

    def read(self, name: str) -> bytes | None:
        """Return the bytes of `name`; None also for what is no name of a store."""
        return self.beside(f"{self._prefix}/{name}")

    def beside(self, key: str) -> bytes | None:
        """Return the bytes of any `key` of the store; None also for what is no key."""
        try:
            return self._store.read(key)
        except ValueError:
            return None
