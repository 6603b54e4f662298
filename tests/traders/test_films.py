"""A film off a trader's phone: sent over a line that breaks, cut, and kept no longer than needed."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from cms.core import clock
from cms.core.models import User
from cms.traders.actions import do_delete
from cms.traders.models import Clip, Product
from cms.traders.spots import leftovers, making
from cms.traders.spots.actions import do_begin_from_film, do_delete_clip, do_mark, do_retry
from cms.traders.spots.receiving import ClipPurpose
from cms.videos.models import Video
from tests.originals import keep_originals_in
from tests.videos.asgi_client import Reply, Uploads, b64
from tests.videos.films import make_film

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
State = Clip.State
FILM = bytes(range(256)) * 400


@pytest.fixture(autouse=True)
def folders(settings: Any, tmp_path: Path) -> Path:
    settings.UPLOADS_FOLDER = tmp_path / "uploads"
    settings.SCRATCH_FOLDER = tmp_path / "scratch"
    settings.PUBLISHED = {"kind": "local", "folder": tmp_path / "published"}
    keep_originals_in(settings, tmp_path / "originals")
    return tmp_path


@pytest.fixture
def clip(sambal: Product, trader_a: User) -> Clip:
    return do_begin_from_film(sambal, trader_a, clock.now())


@pytest.fixture
def phone_of() -> Callable[[User], Uploads]:
    """Return the uploads of somebody signed in."""

    def sign_in(user: User) -> Uploads:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return Uploads(f"sessionid={client.cookies['sessionid'].value}")

    return sign_in


@pytest.fixture
def phone(phone_of: Callable[[User], Uploads], trader_a: User) -> Uploads:
    return phone_of(trader_a)


def _ask(phone: Uploads, clip: Clip, length: int) -> Reply:
    pairs = {"filename": "VID_0001.mp4", "purpose": "clip", "target": str(clip.key)}
    metadata = ",".join(f"{name} {b64(value)}" for name, value in pairs.items())
    return phone.ask("POST", upload_length=length, upload_metadata=metadata)


def _send(phone: Uploads, clip: Clip, data: bytes) -> Reply:
    """Send `data` in pieces, over a line that breaks after each."""
    path = _ask(phone, clip, len(data)).headers["location"]
    at, step = 0, len(data) // 3 + 1
    while at + step < len(data):
        assert phone.patch(path, at, [data[at : at + step]], cut=True).status is None
        at = int(phone.ask("HEAD", path).headers["upload-offset"])
    return phone.patch(path, at, [data[at:]])


def _originals(folders: Path) -> list[str]:
    folder = folders / "originals"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_a_film_over_a_line_that_breaks_becomes_the_part_that_was_marked(
    phone: Uploads, clip: Clip, folders: Path
) -> None:
    film = make_film(folders / "film.mp4", seconds=20, size="320x240").read_bytes()
    assert _send(phone, clip, film).status == 204
    clip.refresh_from_db()
    assert (clip.state, clip.film_name) == (State.SENDING, "VID_0001.mp4")
    assert making.do_make_due(clock.now) == 0  # nobody has said which part
    assert do_mark(clip, Decimal("2.5"), 15)
    assert making.do_make_due(clock.now) == 1
    clip.refresh_from_db()
    assert (clip.state, clip.film) == (State.MADE, "")
    assert clip.segment is not None
    assert clip.segment.is_spot
    # Of the film only the part is kept.
    video = clip.segment.video
    assert _originals(folders) == [video.media.original.name]
    assert video.cooperative == clip.segment.product.stall.cooperative
    assert video.media.uploaded_by is None
    assert not (folders / "uploads").exists() or not list(folders.glob("uploads/*/data"))


def test_the_part_may_be_marked_before_the_film_has_arrived(phone: Uploads, clip: Clip) -> None:
    do_mark(clip, Decimal(0), 30)
    clip.refresh_from_db()
    assert clip.state == State.SENDING
    _send(phone, clip, FILM)
    clip.refresh_from_db()
    assert (clip.state, clip.seconds) == (State.WAITING, 30)


@pytest.mark.parametrize("person", ["trader_b", "coordinator_b", "coordinator_a", "stranger"])
def test_nobody_else_may_send_to_a_clip(
    phone_of: Callable[[User], Uploads],
    clip: Clip,
    stall_b: object,
    request: pytest.FixtureRequest,
    person: str,
) -> None:
    answer = _ask(phone_of(request.getfixturevalue(person)), clip, 1000)
    # Who may send nothing at all is told so before anything is looked up.
    assert answer.status == (404 if person == "trader_b" else 403)


def test_a_visitor_is_asked_to_sign_in(clip: Clip) -> None:
    assert _ask(Uploads(), clip, 1000).status == 401


def test_a_trader_uploads_no_video_of_the_co_operative(
    phone: Uploads, clip: Clip, pasar_a: object
) -> None:
    assert phone.create(1000, pasar_a).status == 403
    assert phone.ask("POST", upload_length=9, upload_metadata=f"purpose {b64('x')}").status == 404


def test_two_gigabytes_are_taken_and_no_byte_more(phone: Uploads, clip: Clip) -> None:
    assert _ask(phone, clip, ClipPurpose.largest + 1).status == 413
    assert _ask(phone, clip, 0).status == 400
    assert _ask(phone, clip, ClipPurpose.largest).status in (201, 507)  # as the disk has room


def test_a_trader_has_three_unfinished_uploads_at_most(phone: Uploads, clip: Clip) -> None:
    assert [_ask(phone, clip, 1000).status for _ in range(4)] == [201, 201, 201, 429]


def test_a_second_film_for_a_clip_is_refused_and_not_kept(
    phone: Uploads, clip: Clip, folders: Path
) -> None:
    _send(phone, clip, FILM)
    kept = _originals(folders)
    assert _send(phone, clip, FILM + b"x").status == 403
    assert _originals(folders) == kept


def test_a_film_that_is_cancelled_when_it_has_arrived_goes_again(
    phone: Uploads, clip: Clip, folders: Path
) -> None:
    path = _ask(phone, clip, len(FILM)).headers["location"]
    phone.patch(path, 0, [FILM])
    clip.refresh_from_db()
    assert clip.film
    assert "siar-video" not in phone.ask("DELETE", path).headers
    clip.refresh_from_db()
    assert (clip.film, clip.upload) == ("", "")
    assert _originals(folders) == []


def test_what_arrives_for_a_clip_that_was_deleted_is_not_kept(
    phone: Uploads, clip: Clip, trader_a: User, folders: Path
) -> None:
    path = _ask(phone, clip, len(FILM)).headers["location"]
    phone.patch(path, 0, [FILM[:1000]], cut=True)
    do_delete_clip(clip, clock.now(), user=trader_a)
    assert phone.patch(path, 1000, [FILM[1000:]]).status == 403
    assert not _originals(folders)
    assert not Video.objects.exists()


def test_a_file_that_is_no_film_fails_with_its_reason_and_another_may_be_sent(
    phone: Uploads, clip: Clip, trader_a: User, folders: Path
) -> None:
    _send(phone, clip, b"#EXTM3U\nhttp://127.0.0.1/film.ts\n" * 50)
    do_mark(clip, Decimal(0), 15)
    making.do_make_due(clock.now)
    clip.refresh_from_db()
    assert (clip.state, clip.error_code, clip.film) == (State.FAILED, "reference", "")
    assert not _originals(folders)
    assert do_retry(clip, trader_a, clock.now())
    assert _ask(phone, clip, 1000).status == 201


def test_a_part_outside_of_the_film_is_marked_anew_without_sending_again(
    phone: Uploads, clip: Clip, trader_a: User, folders: Path
) -> None:
    _send(phone, clip, make_film(folders / "film.mp4", seconds=5).read_bytes())
    do_mark(clip, Decimal(4), 15)
    making.do_make_due(clock.now)
    clip.refresh_from_db()
    assert (clip.state, clip.error_code) == (State.FAILED, "outside")
    do_retry(clip, trader_a, clock.now())
    clip.refresh_from_db()
    assert (clip.state, clip.begin) == (State.SENDING, None)
    assert clip.film
    do_mark(clip, Decimal(0), 15)
    assert making.do_make_due(clock.now) == 1
    assert Video.objects.count() == 1


def test_films_that_nobody_goes_on_with_are_removed(
    phone: Uploads, clip: Clip, sambal: Product, folders: Path
) -> None:
    _send(phone, clip, FILM)
    assert leftovers.do_sweep(clock.now()) == 0
    assert leftovers.do_sweep(clock.now() + timedelta(days=15)) == 1
    assert not _originals(folders)


def test_a_film_that_the_store_does_not_give_up_yet_is_tried_again(
    phone: Uploads, clip: Clip, folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _send(phone, clip, FILM)
    later = clock.now() + timedelta(days=15)
    with monkeypatch.context() as away:
        away.setattr(leftovers, "originals", lambda: (_ for _ in ()).throw(OSError("away")))
        with pytest.raises(OSError, match="away"):
            leftovers.do_sweep(later)
    assert leftovers.do_sweep(later) == 1
    assert not _originals(folders)


def test_a_product_that_goes_takes_its_film_along(
    phone: Uploads, clip: Clip, sambal: Product, folders: Path
) -> None:
    _send(phone, clip, FILM)
    do_delete(sambal, clock.now())
    leftovers.do_sweep(clock.now())
    assert not Clip.objects.exists()
    assert not _originals(folders)
