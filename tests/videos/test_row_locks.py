"""People and machines move the rows of one video at the same moment: nobody waits in a circle."""

import threading
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection

from cms.core import clock
from cms.core.refusals import Refused
from cms.videos import presentations
from cms.videos.actions import (
    do_create_video,
    do_delete_video,
    do_request_encode,
    do_take_down,
)
from cms.videos.encoding import endings
from cms.videos.encoding.queueing.claims import do_claim
from cms.videos.encoding.worker import do_plan
from cms.videos.models import Encode, EncodeTask, Media, Video
from cms.videos.models.encode import State
from media_pipeline.errors import Cancelled
from tests.videos.conftest import NOW
from tests.videos.jobs import job_of

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgres,
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one write at a time"),
]
ROUNDS = 6


class Title:
    """A video whose publication is whole but for its last move."""

    def __init__(self, video: Video, number: int) -> None:
        self.video, self.id = video, f"{number:032x}"
        encode = Encode.objects.get(video=video)
        do_plan(do_claim(encode.tasks.get().pk, encode.pk, "a", NOW), job_of(self.id), NOW)
        EncodeTask.objects.filter(encode=encode, name="finish").update(state="waiting")
        self.finish = do_claim(encode.tasks.get(name="finish").pk, encode.pk, "a", NOW)

    def publish(self) -> None:
        made = SimpleNamespace(id=self.id, duration=90_000, width=640, height=360)
        endings.do_publish(
            self.finish, SimpleNamespace(**vars(made), posters=(), renditions=()), NOW
        )

    def take_down(self) -> None:
        do_take_down(self.video, NOW)

    def delete(self) -> None:
        do_delete_video(Video.objects.get(pk=self.video.pk), NOW)

    def encode_again(self) -> None:
        do_request_encode(self.video, NOW)

    def edit(self) -> None:
        row = Video.objects.get(pk=self.video.pk)
        row.save_revision().publish()

    def present(self) -> None:
        presentations.write(self.video)

    def do(self, what: str, barrier: threading.Barrier, wrong: list[BaseException]) -> None:
        """Do it at the same moment as the others; note what was not meant to happen."""
        try:
            barrier.wait(60)
            getattr(self, what)()
        except (Cancelled, Refused, Video.DoesNotExist, Video.NotUpdated, ValidationError):
            pass  # the other was faster
        except OperationalError as error:
            wrong.append(error)
        finally:
            connection.close()


PAIRS = [
    ("publish", "take_down"),
    ("publish", "delete"),
    ("take_down", "delete"),
    ("edit", "delete"),
    ("encode_again", "delete"),
    ("present", "take_down"),
]


@pytest.fixture
def make_title(pasar_a, tmp_path):
    path = tmp_path / "rekaman.mp4"
    path.write_bytes(b"not a film")

    def make(number: int) -> Title:
        video = do_create_video(pasar_a, f"Pagi {number} (contoh)", path, None, clock.now())
        return Title(video, number)

    return make


def both_at_once(title: Title, one: str, other: str) -> None:
    """Let two do what they do to `title` at the same moment, and wait for both."""
    barrier, wrong = threading.Barrier(2), []
    threads = [threading.Thread(target=title.do, args=(w, barrier, wrong)) for w in (one, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []
    assert not any(thread.is_alive() for thread in threads)


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_two_that_move_the_rows_of_a_video_do_not_wait_in_a_circle(one, other, make_title):
    for number in range(ROUNDS):
        both_at_once(make_title(number), one, other)


def test_what_is_taken_down_while_it_is_published_stays_down(make_title):
    for number in range(ROUNDS):
        title = make_title(number)
        both_at_once(title, "publish", "take_down")
        assert Media.objects.get(video=title.video).taken_down_at == NOW
        assert Encode.objects.get(video=title.video).state in (State.READY, State.CANCELLED)
