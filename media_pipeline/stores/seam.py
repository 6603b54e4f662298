"""What the pipeline, the origin and the CMS ask of a store, and nothing more."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol


class Store(Protocol):
    """Keys to bytes. A reader sees a key's old bytes or its new ones, never a mixture.

    Raises `errors.StoreUnavailable` when the store cannot be reached.
    """

    def read(self, key: str) -> bytes | None:
        """Return the bytes of `key`, or None when it does not exist."""

    def version(self, key: str) -> str | None:
        """Return a mark that changes whenever the bytes of `key` may have; None if absent."""

    def write(self, key: str, data: bytes) -> None:
        """Put `data` at `key` in one step."""

    def put_file(self, key: str, path: Path) -> None:
        """Put the file at `path` at `key` in one step, without reading it into memory."""

    def keys(self, prefix: str) -> Iterator[str]:
        """Yield the keys under the folder `prefix`, in order."""

    def delete(self, key: str) -> None:
        """Remove `key`; nothing happens if it is absent."""

    def delete_folder(self, prefix: str) -> None:
        """Remove every key under the folder `prefix`."""
