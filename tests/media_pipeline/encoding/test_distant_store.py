"""The same publication in a folder and in S3."""

from media_pipeline import pipeline
from media_pipeline.model import keys
from media_pipeline.stores import open_store

from .conftest import ID, publish


def test_s3_holds_the_same_bytes_as_a_folder(film, tmp_path, s3_settings):
    path = film("distant.mp4", size="256x144", seconds=9)
    local = publish(path, tmp_path, download=True)
    distant = open_store(s3_settings)
    made = pipeline.publish(
        path,
        distant,
        ID,
        on_progress=lambda _progress: None,
        cancelled=lambda: False,
        scratch=tmp_path,
        now=lambda: local.publication.created,
        download=True,
    )
    assert made == local.publication
    folder = keys.publication_folder(ID)
    names = list(distant.keys(folder))
    assert names == list(local.store.keys(folder))
    assert made.download is not None
    assert all(distant.read(name) == local.store.read(name) for name in names)
