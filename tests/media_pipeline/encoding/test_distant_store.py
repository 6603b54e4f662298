"""The same publication in a folder and in S3."""

import pytest

from media_pipeline.model import keys
from media_pipeline.stores import open_store
from tests.s3_stand_in import serving

from .conftest import ID, publish, publish_at


def test_s3_holds_the_same_bytes_as_a_folder(film, tmp_path, s3_settings):
    path = film("distant.mp4", size="128x96", seconds=9)
    local = publish(path, tmp_path, download=True)
    distant = open_store(s3_settings)
    made = publish_at(path, distant, tmp_path / "distant", download=True)
    assert made == local.publication
    folder = keys.publication_folder(ID)
    names = list(distant.keys(folder))
    assert names == list(local.store.keys(folder))
    assert made.download is not None
    assert all(distant.read(name) == local.store.read(name) for name in names)


@pytest.mark.parametrize("name", ["job.json", "publication.json"])
def test_a_lost_answer_to_a_write_on_condition_leaves_the_title_as_if_it_had_come(
    film, tmp_path, s3_settings, name
):
    """The client asks again by itself, and then it is its own write that it meets."""
    path = film("lost.mp4", size="128x96", seconds=5)
    local, lost = publish(path, tmp_path), []
    with serving() as line:

        def fault(method: str, asked: str) -> str:
            if method == "PUT" and f"/{name}?" in asked and not lost:
                lost.append(asked)
                return "half sent"
            return ""

        line.fault = fault
        distant = open_store(s3_settings | {"endpoint": line.endpoint})
        assert publish_at(path, distant, tmp_path / "distant") == local.publication
    assert lost
    folder = keys.publication_folder(ID)
    assert list(open_store(s3_settings).keys(folder)) == list(local.store.keys(folder))
