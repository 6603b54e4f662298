"""An editor cancels: every ffmpeg of the title ends within two seconds, and nothing stays.

The seconds are counted in looks, not by a clock, since a busy machine is slow for reasons of
its own: a worker looks into the rows at each beat, and its tools look at the worker.
"""

import threading
from collections import Counter
from pathlib import Path

import pytest
from django.urls import reverse

from cms.core import clock, published
from cms.videos.actions import do_create_video
from cms.videos.encoding import heartbeat
from cms.videos.encoding.lanes import Lanes
from cms.videos.models import Encode, EncodeTask
from cms.videos.models.encode import State
from cms.videos.models.task import Step, TaskQuerySet
from media_pipeline.steps import task_pool, title
from media_pipeline.tools.run import _POLL_SLOWEST
from tests.videos.jobs import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lanes():
    """Lanes that are stopped after the test, whatever happens."""
    made = Lanes(clock.now, 1)
    yield made
    made.stop()
    wait_until(lambda: not any(thread.is_alive() for thread in made._threads))


def tools_at(folder: Path) -> list[str]:
    """The processes of this machine, but for this one's, that name `folder` in their command."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue  # it has just ended
        if str(folder) in line:
            found.append(line)
    return found


def left_over(folder: Path) -> list[str]:
    scratch = [path.name for path in (folder / "scratch").glob("*")]
    return [*published.store().keys("publications"), *scratch]


def test_an_editors_cancel_ends_every_ffmpeg_at_the_next_beat_and_leaves_nothing(
    lanes, pasar_a, long_film, folders, client, editor_a, monkeypatch
):
    client.force_login(editor_a)
    video = do_create_video(pasar_a, "Panjang (contoh)", long_film, None, clock.now())
    wished = threading.Event()
    beats: Counter[int] = Counter()
    beat = TaskQuerySet.beat

    def counted(rows, pk, *given):
        if wished.is_set():  # begun after the wish: it must be the last one
            beats[pk] += 1
        return beat(rows, pk, *given)

    monkeypatch.setattr(TaskQuerySet, "beat", counted)
    lanes.start()
    at_work = EncodeTask.objects.filter(state=Step.WORKING)
    wait_until(lambda: at_work.filter(rank=2).exists() and tools_at(folders))
    address = reverse("wagtailsnippets_videos_video:machine", args=(video.pk, "cancel"))
    assert client.post(address).status_code == 200
    wished.set()
    wait_until(lambda: not tools_at(folders))
    wait_until(lambda: not Encode.objects.get().leftover)
    assert Encode.objects.get().state == State.CANCELLED
    assert not at_work.exists()
    assert left_over(folders) == []
    assert max(beats.values(), default=0) <= 1


def test_a_beat_and_the_looks_after_it_are_less_than_two_seconds():
    """Of the sound there are two threads, one of which looks at the other."""
    assert heartbeat.BEAT + _POLL_SLOWEST + title._WAIT + task_pool._LOOK <= 1.75
