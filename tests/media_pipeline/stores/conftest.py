"""Both stores, each empty: the same tests run on either."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from media_pipeline.stores import LocalStore, Store, open_store
from tests.s3_stand_in import serving


@pytest.fixture(params=["local", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "local":
        (tmp_path / "published").mkdir()
        return open_store({"kind": "local", "folder": tmp_path / "published"})
    return open_store(request.getfixturevalue("s3_settings"))


@pytest.fixture
def fair(store: Store, request: pytest.FixtureRequest) -> Iterator[Store]:
    """Either store, of which the bucket's server takes one conditional write after another."""
    if isinstance(store, LocalStore):
        yield store
        return
    with serving() as server:
        given = request.getfixturevalue("s3_settings") | {"endpoint": server.endpoint}
        yield open_store(given)
