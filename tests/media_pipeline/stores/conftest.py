"""Both stores, each empty: the same tests run on either."""

from pathlib import Path

import pytest

from media_pipeline.stores import Store, open_store


@pytest.fixture(params=["local", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "local":
        (tmp_path / "published").mkdir()
        return open_store({"kind": "local", "folder": tmp_path / "published"})
    return open_store(request.getfixturevalue("s3_settings"))
