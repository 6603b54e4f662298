"""The published store: a local folder or S3 behind one small seam."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from media_pipeline.stores.local import LocalStore
from media_pipeline.stores.seam import Store

__all__ = ["LocalStore", "Store", "open_store"]


def open_store(settings: Mapping[str, Any]) -> Store:
    """Return the store that `settings` describe; raise ValueError with one sentence.

    `{"kind": "local", "folder": …}`, or `{"kind": "s3", "bucket": …}` with any of
    `prefix`, `endpoint`, `region`, `access_key`, `secret_key`.
    """
    kind = settings.get("kind")
    given = {name: value for name, value in settings.items() if name != "kind"}
    try:
        if kind == "local":
            return LocalStore(Path(given.pop("folder")), **given)
        if kind == "s3":
            # boto3 takes 0.3 s and 30 MB to import, which a local install need not spend.
            from media_pipeline.stores.s3 import S3Store

            return S3Store(**given)
    except (KeyError, TypeError) as wrong:
        raise ValueError(f"the settings of the {kind} store are wrong: {wrong}") from wrong
    raise ValueError(f"the kind of the published store must be local or s3, not {kind!r}")
