"""What the pipeline, the origin and the CMS ask of a store, and nothing more."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol


class Store(Protocol):
    """Keys to bytes. A reader sees a key's old bytes or its new ones, never a mixture.

    Raises `errors.StoreUnavailable` when the store cannot be reached, ValueError
    for a key that is no key (see `checked`).
    """

    def read(self, key: str) -> bytes | None:
        """Return the bytes of `key`, or None when it does not exist."""

    def version(self, key: str) -> str | None:
        """Return a mark that changes whenever the bytes of `key` may have; None if absent."""

    def versions(self, prefix: str) -> Iterator[tuple[str, str]]:
        """Yield each key under the folder `prefix` with its `version`, in order."""

    def write(self, key: str, data: bytes) -> None:
        """Put `data` at `key` in one step."""

    def write_if_unchanged(self, key: str, data: bytes, version: str | None) -> bool:
        """Put `data` at `key` if its `version` still is `version` (None: if it is absent).

        Return whether it was put. Of all who try at once with the same `version`, one succeeds.
        """

    def put_file(self, key: str, path: Path) -> None:
        """Put the file at `path` at `key` in one step, without reading it into memory."""

    def copy(self, key: str, to: str) -> bool:
        """Copy what is at `key` to `to`; return False if there is nothing at `key`.

        Only for content that never changes: on a disk both may be names of one file.
        """

    def keys(self, prefix: str) -> Iterator[str]:
        """Yield the keys under the folder `prefix`, in order."""

    def delete(self, key: str) -> None:
        """Remove `key`; nothing happens if it is absent."""

    def delete_folder(self, prefix: str) -> None:
        """Remove every key under the folder `prefix`."""


def checked(key: str) -> str:
    """Return `key`; raise ValueError unless it is a plain relative path.

    Hidden names are refused too: they are where half-written files stand.
    """
    parts = key.split("/")
    if any(not part or part.startswith(".") for part in parts) or any(c in key for c in "\\\0"):
        raise ValueError(f"{key!r} is not a key of the published store")
    return key
