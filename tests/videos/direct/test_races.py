"""Browser, another tab and the sweep move one upload: whatever comes between, it ends well.

It ends as one video whose bytes are there, or as nothing at all: no row, no parts, no object.
"""

import threading

import pytest
from django.db import connection

from cms.core import clock
from cms.videos.models import DirectUpload, Media, Video
from cms.videos.models.machine import originals
from cms.videos.uploads.direct import leftovers
from cms.videos.uploads.direct.bucket import Bucket
from tests.videos.direct.bucket_client import (
    join_unnoticed,
    make_stale,
    objects,
    settle,
    unfinished,
)

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
FILM = b"film contoh"


class Player:
    """What can happen to the upload `path`, by name."""

    def __init__(self, direct, path: str) -> None:
        self.direct, self.path = direct, path
        self.replies = {}

    def act(self, what: str) -> None:
        """Do `what`, and keep the answer."""
        if what == "sweep":
            leftovers.do_sweep(clock.now())
        elif what == "cancel":
            self.replies[what] = self.direct.ask("DELETE", self.path)
        elif what == "complete":
            self.replies[what] = self.direct.complete(self.path)
        else:
            self.replies[what] = self.direct.ask("GET", self.path)


def interrupt(monkeypatch, step: str, when: str, intrude) -> list[str]:
    """Call `intrude` once, `when` the bucket is asked to do `step`; return where it was called."""
    real, called = getattr(Bucket, step), []

    def between(*arguments):
        first = not called
        if first:
            called.append(step)
        if first and when == "before":
            intrude()
        result = real(*arguments)
        if first and when == "after":
            intrude()
        return result

    monkeypatch.setattr(Bucket, step, between)
    return called


def check_ends_well(s3, player: Player) -> None:
    """Check that it ended as one whole video, or as nothing at all; and that nobody was deceived."""
    settle()
    assert unfinished(s3) == []
    assert not DirectUpload.objects.exists()
    cancelled, completed = (player.replies.get(what) for what in ("cancel", "complete"))
    if cancelled:
        assert cancelled.status in (204, 404)
        assert not Video.objects.exists()
    elif Video.objects.exists():
        with originals().open(Media.objects.get().original.name) as original:
            assert original.read() == FILM
        assert Video.objects.count() == len(objects(s3)) == 1
    else:
        assert objects(s3) == []
        assert not Media.objects.exists()
        assert not completed or completed.status in (404, 503)


STEPS = [(step, when) for step in ("parts", "join", "size") for when in ("before", "after")]
REMOVALS = [(step, when) for step in ("give_up", "delete") for when in ("before", "after")]


@pytest.mark.parametrize(("step", "when"), STEPS)
@pytest.mark.parametrize("other", ["cancel", "complete", "sweep", "look"])
def test_something_else_happens_while_an_upload_is_completed(
    direct, pasar_a, s3, monkeypatch, step, when, other
):
    player = Player(direct, direct.sent(pasar_a, FILM))
    make_stale()
    called = interrupt(monkeypatch, step, when, lambda: player.act(other))
    player.act("complete")
    assert called
    if other == "sweep" and step == "parts":
        # Nobody had gone on with it for days, until now.
        assert player.replies["complete"].status in (200, 404)
    elif other != "cancel":
        assert player.replies["complete"].status == 200
    check_ends_well(s3, player)


@pytest.mark.parametrize(("step", "when"), REMOVALS)
@pytest.mark.parametrize("other", ["complete", "sweep", "look", "cancel"])
def test_something_else_happens_while_an_upload_is_cancelled(
    direct, pasar_a, s3, monkeypatch, step, when, other
):
    player = Player(direct, direct.sent(pasar_a, FILM))
    called = interrupt(monkeypatch, step, when, lambda: player.act(other))
    player.act("cancel")
    assert called
    assert not Video.objects.exists()
    check_ends_well(s3, player)


@pytest.mark.parametrize(("step", "when"), [each for each in STEPS if each[0] != "join"])
@pytest.mark.parametrize("other", ["cancel", "complete"])
def test_somebody_comes_back_while_the_sweep_finishes_it(
    direct, pasar_a, s3, monkeypatch, step, when, other
):
    player = Player(direct, direct.sent(pasar_a, FILM))
    join_unnoticed()
    make_stale()
    called = interrupt(monkeypatch, step, when, lambda: player.act(other))
    player.act("sweep")
    assert called
    check_ends_well(s3, player)


@pytest.mark.parametrize(("step", "when"), [("parts", "before"), ("parts", "after"), *REMOVALS])
def test_the_last_part_comes_while_the_sweep_gives_the_upload_up(
    direct, pasar_a, s3, monkeypatch, step, when
):
    path = direct.begun(pasar_a, size=len(FILM))
    urls = direct.urls(path, 1)
    player = Player(direct, path)
    make_stale()

    def come_back() -> None:
        if direct.ask("GET", path).status == 200:
            direct.send(path, 1, data=FILM)
            player.act("complete")
            assert player.replies["complete"].status == 200

    called = interrupt(monkeypatch, step, when, come_back)
    player.act("sweep")
    assert called
    assert urls
    if step == "parts":
        assert Video.objects.exists()
    check_ends_well(s3, player)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_cancellation_before_the_bucket_has_begun_leaves_nothing_in_it(
    direct, pasar_a, s3, monkeypatch, when
):
    key = "ab" * 16
    player = Player(direct, f"/{key}")
    called = interrupt(monkeypatch, "begin", when, lambda: player.act("cancel"))
    assert direct.begin(pasar_a, key=key).status == 404
    assert called
    assert player.replies["cancel"].status == 204
    assert unfinished(s3) == []
    check_ends_well(s3, player)


def test_beginning_twice_at_once_begins_one_upload(direct, pasar_a, s3, monkeypatch):
    key = "cd" * 16
    again = []
    called = interrupt(
        monkeypatch, "begin", "after", lambda: again.append(direct.begin(pasar_a, key=key))
    )
    first = direct.begin(pasar_a, key=key)
    assert called
    assert (first.status, again[0].status, len(unfinished(s3))) == (201, 201, 1)
    assert DirectUpload.objects.get().multipart


def test_a_cancellation_takes_back_what_another_tab_joins_only_after_it(
    direct, pasar_a, s3, monkeypatch
):
    """The bucket ends joining when the cancellation has removed all that it saw."""
    path = direct.sent(pasar_a, FILM)
    real = Bucket.join
    monkeypatch.setattr(Bucket, "give_up", lambda *_: None)  # it came too late to stop the join

    def slow(*arguments):
        assert direct.ask("DELETE", path).status == 204
        real(*arguments)

    monkeypatch.setattr(Bucket, "join", slow)
    assert direct.complete(path).status == 404
    assert objects(s3) == []


PAIRS = [
    ("complete", "cancel"),
    ("complete", "complete"),
    ("complete", "sweep"),
    ("cancel", "sweep"),
]


@pytest.mark.postgres
@pytest.mark.parametrize("pair", PAIRS)
def test_two_of_them_at_the_same_moment(direct, pasar_a, s3, pair):
    for _round in range(3):
        player = Player(direct, direct.sent(pasar_a, FILM))
        make_stale()
        gate = threading.Barrier(2)

        def run(what: str, player=player, gate=gate) -> None:
            gate.wait(30)
            player.act(what)
            connection.close()

        both = [threading.Thread(target=run, args=(what,)) for what in pair]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join(60)
        assert set(player.replies) == set(pair) - {"sweep"}
        check_ends_well(s3, player)
        Video.objects.all().delete()
        Media.objects.all().delete()
        for key in objects(s3):
            s3.delete_object(Bucket=s3.bucket, Key=key)
