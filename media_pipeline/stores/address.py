"""Stores as people write them on a command line."""

from pathlib import Path
from typing import Any


def store_settings(
    store: str | Path, *, endpoint: str | None = None, region: str | None = None
) -> dict[str, Any]:
    """Return what `open_store` takes for a folder or an address `s3://bucket[/prefix]`.

    Raises with one sentence NotADirectoryError for a folder that is none, ValueError.
    """
    text = str(store)
    if text.startswith("s3://"):
        bucket, _, prefix = text.removeprefix("s3://").partition("/")
        if not bucket:
            raise ValueError("The store is s3://BUCKET or s3://BUCKET/PREFIX.")
        named = {"bucket": bucket, "prefix": prefix, "endpoint": endpoint, "region": region}
        return {"kind": "s3", **named}
    if not Path(store).is_dir():
        raise NotADirectoryError(f"{store} is not a folder.")
    return {"kind": "local", "folder": Path(store)}
