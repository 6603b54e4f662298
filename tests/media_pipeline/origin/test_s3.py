"""An origin whose store is a bucket: the same answers, and media elsewhere."""

import m3u8
import pytest

from media_pipeline.model.keys import publication_file, takedown_mark
from media_pipeline.origin import create_origin
from media_pipeline.stores import open_store


@pytest.fixture
def bucket(studio, s3_settings):
    studio.store = open_store(s3_settings)
    studio.publish("s", 4, 4)
    studio.origin = create_origin(
        studio.store, media_url="https://cdn.contoh.id/", clock=lambda: studio.now, name="uji"
    )
    return studio


def test_a_channel_and_a_programme_are_served_from_a_bucket(bucket) -> None:
    bucket.publish("a", 4, 4)
    bucket.air(bucket.rundown("a"))
    bucket.at(11)
    live = m3u8.loads(bucket.get("/live/contoh/v144.m3u8").text)
    base = f"https://cdn.contoh.id/publications/{'a' * 32}/"
    assert live.segments[0].uri == f"{base}v144/00001.m4s"
    vod = m3u8.loads(bucket.get(f"/vod/{'a' * 32}/a48.m3u8").text)
    assert vod.segments[1].uri == f"{base}a48/00002.m4s"
    bucket.store.write(takedown_mark("a" * 32), b"")
    bucket.at(12)
    assert bucket.get(f"/vod/{'a' * 32}/master.m3u8").status_code == 410
    assert "GAP" in bucket.get("/live/contoh/v144.m3u8").text


def test_media_of_a_bucket_are_not_served_here(bucket) -> None:
    made = bucket.publish("a", 4)
    bucket.at(0)
    assert bucket.get(f"/media/{publication_file(made.id)}").status_code == 404


def test_the_journal_goes_to_the_bucket(bucket) -> None:
    bucket.publish("a", 4, 4)
    bucket.air(bucket.rundown("a"))
    bucket.at(6)
    bucket.at(10)
    bucket.origin.stop()
    assert list(bucket.store.keys("journal")) == ["journal/20261124/uji/20261124T0500Z.jsonl.gz"]
