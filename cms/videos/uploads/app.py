"""The ASGI app: which request does what. Status codes are those of tus 1.0 unless a note says why."""

import json
import logging
import shutil
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.utils import translation
from django.utils.translation import gettext as _

from cms.cooperatives.models import Cooperative
from cms.core import clock
from cms.core.models import User
from cms.core.refusals import Refused
from cms.core.threads import in_thread
from cms.videos.actions import printable
from cms.videos.uploads import finishing, people, purposes, turns
from cms.videos.uploads.answers import Answer
from cms.videos.uploads.body import BodyTooLarge, Gone, Stalled, receive_into, receive_small
from cms.videos.uploads.direct import protocol as direct
from cms.videos.uploads.folder import Info, Locked, Upload, all_uploads
from cms.videos.uploads.headers import (
    BODY_TYPE,
    EXTENSIONS,
    VERSION,
    BadHeader,
    Request,
    expires_text,
    metadata_of,
)
from cms.videos.uploads.limits import (
    MOST_OPEN,
    check_length,
    check_open,
    gone,
    no_such_cooperative,
)

TAKE_OVER = "siar-take-over"
"""Header of a HEAD after which the client goes on with the upload: an older request ends now."""
RESERVE = 2**30
"""Bytes that stay free on the disk whatever people upload."""
logger = logging.getLogger(__name__)
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


def create_app() -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """Return the ASGI app that answers `/uploads/`."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            request = Request.of(scope)
            answer = await _answer(request, receive)
            if answer is not None:
                _note(request, answer)
                await _send(send, answer, head=scope["method"] == "HEAD")

    return app


def _note(request: Request, answer: Answer) -> None:
    """Log a refusal for the operator. Clients often send a stale offset after a reconnect."""
    if answer.status >= 400 and answer.status not in (404, 409, 423):
        said = (request.method, request.path, answer.status, answer.sentence)
        logger.warning("uploads: %s %r answered %s: %s", *said)


async def _answer(request: Request, receive: Receive) -> Answer | None:
    """Return the response, None when the other side has gone."""
    try:
        return await _route(request, receive)
    except Answer as refused:
        return refused
    except BadHeader as bad:
        return Answer(400, str(bad))
    except Locked:
        return Answer(423, _("Unggahan ini sedang diselesaikan. Tunggu sebentar."))
    except turns.TakenOver:
        sentence = _("Unggahan ini diteruskan di tempat lain. Tekan Ulangi untuk mengambil alih.")
        return Answer(423, sentence, {"siar-final": "1"})
    except FileNotFoundError:
        return gone()
    except DatabaseError:
        logger.exception("uploads: the database fails")
        return Answer(
            503, _("Layanan sedang sibuk. Unggahan berlanjut sendiri."), {"retry-after": "5"}
        )
    except (BodyTooLarge, Stalled):
        return Answer(413, "The body is too large, or stalled.")
    except Gone:
        return None


async def _route(request: Request, receive: Receive) -> Answer:
    """Return the response; raise what `_answer` knows how to say."""
    if request.method == "OPTIONS":
        return _options()
    straight = direct.is_asked(request)
    if request.headers.get("tus-resumable") != VERSION and not straight:
        raise Answer(412, "Tus-Resumable must be 1.0.0", {"tus-version": VERSION})
    user = await in_thread(people.person, request)
    with translation.override(user.language):
        if straight:
            body = await receive_small(receive)
            return await in_thread(direct.answer, request, body, user)
        match request.method:
            case "PATCH":
                return await _patch(request, receive, user)
            case "HEAD":
                return await _head(request, user)
            case "DELETE":
                return await _terminate(request, user)
        return await in_thread(_whole, request, user)


def _options() -> Answer:
    headers = {
        "tus-version": VERSION,
        "tus-extension": EXTENSIONS,
        "tus-max-size": str(settings.LARGEST_UPLOAD),
    }
    return Answer(204, headers=headers)


def _whole(request: Request, user: User) -> Answer:
    """Answer what concerns no upload that is there already."""
    if request.method == "POST" and request.path.rstrip("/").endswith("/uploads"):
        return _create(request, user)
    return Answer(405, headers={"allow": "OPTIONS, POST, HEAD, PATCH, DELETE"})


def _create(request: Request, user: User) -> Answer:
    if "upload-defer-length" in request.headers:
        raise BadHeader("upload-defer-length is not offered")
    length = request.number("upload-length")
    raw = request.headers.get("upload-metadata", "")
    metadata = metadata_of(raw)
    purpose, target = metadata.get("purpose", ""), metadata.get("target", "")
    cooperative = _place_of(user, metadata)
    _check_size(length, user, purposes.find(purpose))
    name = printable(metadata.get("filename", ""))[:255] or "video"
    info = Info(length, user.pk, cooperative.pk, name, raw, purpose=purpose, target=target)
    upload = Upload.create(finishing.root(), token_hex(16), info, clock.now())
    headers = {
        "location": f"/uploads/{upload.id}",
        "upload-expires": expires_text(upload.expires),
    }
    return Answer(201, headers=headers)


def _place_of(user: User, metadata: dict[str, str]) -> Cooperative:
    """Return the co-operative that it is for; refuse where the person may send nothing to it."""
    if name := metadata.get("purpose", ""):
        purpose = purposes.find(name)
        place = purpose.place_of(user, metadata.get("target", "")) if purpose else None
        if place is None:
            raise gone()
        return place
    cooperative = people.may_upload_to(user, metadata.get("cooperative", ""))
    if cooperative is None:
        raise no_such_cooperative()
    return cooperative


def _check_size(length: int, user: User, purpose: purposes.Purpose | None) -> None:
    """Refuse what is empty, too large, or has no room."""
    check_length(length, purpose.largest if purpose else None)
    root = finishing.root()
    root.mkdir(parents=True, exist_ok=True)
    unfinished = [(info, left) for info, left in _bytes_left(root) if left]
    most = purpose.most_open if purpose else MOST_OPEN
    check_open(sum(info.user == user.pk for info, _left in unfinished), most)
    promised = sum(left for _info, left in unfinished)
    if shutil.disk_usage(root).free < RESERVE + promised + length:
        raise Answer(507, _no_room())


def _bytes_left(root: Path) -> Iterator[tuple[Info, int]]:
    """Yield each upload and how many bytes it still lacks; skip what goes away meanwhile."""
    for upload in all_uploads(root):
        try:
            info = upload.info
            if not upload.is_cancelled:
                yield info, info.length - upload.offset
        except FileNotFoundError:
            continue


def _find(request: Request, user: User) -> Upload:
    """Return the person's upload; somebody else's is not there."""
    upload = Upload.find(finishing.root(), request.path.rstrip("/").rpartition("/")[2])
    if upload is None or upload.info.user != user.pk or upload.is_cancelled:
        raise gone()
    return upload


async def _head(request: Request, user: User) -> Answer:
    upload = await in_thread(_find, request, user)
    if TAKE_OVER in request.headers and not upload.complete:
        async with turns.newest(upload):
            pass  # the older request has written all that it had: the offset is exact
    return await in_thread(_look, upload)


def _look(upload: Upload) -> Answer:
    if upload.complete:
        with suppress(Locked), upload.locked():  # whoever holds it finishes it
            _finish(upload)
    if upload.is_expired(clock.now()):
        upload.remove()
        raise Answer(410, _("Unggahan ini sudah kedaluwarsa. Kirim ulang berkasnya."))
    return Answer(200, headers={"cache-control": "no-store", **_state(upload)})


async def _terminate(request: Request, user: User) -> Answer:
    """Cancel it. A request that is at the upload ends; a draft that came of it goes again."""
    upload = await in_thread(_find, request, user)
    upload.cancel()
    remains = None
    # From here on whoever holds the upload removes it, or the sweep does.
    with suppress(Locked, turns.TakenOver, FileNotFoundError):
        async with turns.newest(upload):
            remains = await in_thread(finishing.do_cancel, upload, clock.now())
    return Answer(204, headers={"siar-video": str(remains)} if remains else {})


async def _patch(request: Request, receive: Receive, user: User) -> Answer:
    if request.headers.get("content-type") != BODY_TYPE:
        raise Answer(415, f"Content-Type must be {BODY_TYPE}")
    offset = request.number("upload-offset")
    upload = await in_thread(_find, request, user)
    async with turns.newest(upload) as turn:
        if upload.is_cancelled:
            raise gone()
        length = upload.info.length
        await in_thread(_check_may_go_on, upload, user)
        if offset != upload.offset:
            raise Answer(409, headers={"upload-offset": str(upload.offset)})
        if (
            "content-length" in request.headers
            and request.number("content-length") > length - offset
        ):
            raise Answer(413, _too_large())
        if not upload.complete:
            await _receive(upload, receive, turn, offset, length)
        if upload.complete:
            await in_thread(_finish, upload)
        return Answer(204, headers=_state(upload))


def _check_may_go_on(upload: Upload, user: User) -> None:
    info = upload.info
    if info.video:
        return
    try:
        people.check_may_still_send(user, info.cooperative, info.purpose, info.target)
    except Refused as refused:
        raise Answer(403, str(refused)) from None


async def _receive(
    upload: Upload, receive: Receive, turn: turns.Turn, offset: int, length: int
) -> None:
    try:
        await receive_into(upload.data, receive, offset, length, turn.check)
    except BodyTooLarge:
        raise Answer(413, _too_large()) from None
    except Stalled:
        raise Answer(408, _("Sambungan terhenti. Unggahan berlanjut sendiri.")) from None
    except OSError:
        logger.exception("upload %s cannot be written", upload.id)
        raise Answer(507, _no_room()) from None
    finally:
        upload.received(clock.now())


def _finish(upload: Upload) -> None:
    """Make the video if that is possible now; if not, the sweep or the next HEAD does."""
    try:
        finishing.do_finish(upload, clock.now())
    except Refused as refused:
        raise Answer(403, str(refused)) from None
    # The bytes are safe on the disk: the person hears of success, the operator of the fault.
    except Exception:
        logger.exception("upload %s is complete but is no video yet", upload.id)


def _state(upload: Upload) -> dict[str, str]:
    info = upload.info
    headers = {
        "upload-offset": str(upload.offset),
        "upload-length": str(info.length),
        "upload-expires": expires_text(upload.expires),
    }
    if info.metadata:
        headers["upload-metadata"] = info.metadata
    if info.video:
        headers["siar-video"] = str(info.video)
    return headers


def _too_large() -> str:
    return _("Kiriman lebih besar daripada yang diumumkan. Kirim ulang berkasnya.")


def _no_room() -> str:
    return _("Ruang penyimpanan penuh. Hubungi pengelola situs.")


def _body(answer: Answer) -> tuple[str, bytes]:
    if answer.values is None:
        return "text/plain; charset=utf-8", f"{answer.sentence}\n".encode()
    return "application/json", json.dumps(answer.values).encode()


async def _send(send: Send, answer: Answer, *, head: bool) -> None:
    kind, body = _body(answer)
    body = b"" if head or answer.status == 204 else body
    headers = {"tus-resumable": VERSION, "x-content-type-options": "nosniff", **answer.headers}
    if answer.status != 204:
        headers |= {"content-length": str(len(body)), "content-type": kind}
    if answer.status in (408, 409, 413, 423):
        headers["connection"] = "close"  # the rest of the body is not read
    pairs = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": pairs})
    await send({"type": "http.response.body", "body": body})
