"""A bucket that is away for a minute: its titles wait by that name, and are made when it is back."""

from datetime import timedelta

import pytest

from cms.core import clock
from cms.videos.actions import do_create_video
from cms.videos.encoding import worker
from cms.videos.models import Encode, EncodeTask
from media_pipeline.stores import s3
from tests.s3_stand_in import serving
from tests.videos.conftest import NOW
from tests.videos.films import make_film

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def line(s3_settings, s3_originals, monkeypatch):
    monkeypatch.setattr(s3, "_ATTEMPTS", 1)
    with serving() as stand_in:
        yield stand_in


def run_later(minutes: int) -> None:
    """Be a worker whose clock is ahead, until nothing waits."""
    while worker.run_next(lambda: clock.now() + timedelta(minutes=minutes)):
        pass


@pytest.mark.parametrize(
    ("which", "code"), [("published", "store_unavailable"), ("originals", "original_unreachable")]
)
def test_a_bucket_that_is_away_fails_no_title(
    line, which, code, s3_settings, s3_originals, settings, pasar_a, tmp_path
):
    if which == "published":
        settings.PUBLISHED = s3_settings | {"endpoint": line.endpoint}
    else:
        options = s3_originals["OPTIONS"] | {"endpoint_url": line.endpoint}
        storage = s3_originals | {"OPTIONS": options}
        settings.STORAGES = {**settings.STORAGES, "originals": storage}
    film = make_film(tmp_path / "pagi.mp4", seconds=3)
    video = do_create_video(pasar_a, "Pagi (contoh)", film, None, NOW)
    line.fault = lambda _method, _path: "away"
    assert worker.run_next(clock.now)
    task = EncodeTask.objects.get(encode__video=video)
    assert (task.error_code, task.attempts) == (code, 0)
    assert not worker.run_next(clock.now)  # it waits for a moment
    line.fault = lambda _method, _path: ""
    run_later(minutes=1)
    assert Encode.objects.get(video=video).state == "ready"
