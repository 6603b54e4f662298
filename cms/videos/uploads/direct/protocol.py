"""Uploads straight to the bucket of originals: this app only says where each part goes.

POST   /uploads/direct                {"id", "name", "cooperative", "size"} → 201 state
GET    /uploads/direct/<id>           state: {"id", "part_size", "have": [numbers], "whole", "video"}
POST   /uploads/direct/<id>/parts     {"numbers"} → {"urls": {number: address for one PUT}}
POST   /uploads/direct/<id>/complete  {"video"}
DELETE /uploads/direct/<id>           204, or 409 {"video"} where it had become one that was worked on

`id` are 32 hexadecimal digits of the browser's choice: a POST whose answer was lost is sent again.
Where parts are missing or nothing is to be sent any more, 409 with the state; 202 with the state
where all is there and the video is made later by itself. Who may do what is as with tus, asked again for
each address and at the end, and so is the guard against other sites.
"""

import logging
import re
from secrets import token_hex
from typing import Any

import msgspec
from django.conf import settings
from django.utils.translation import gettext as _

from cms.core import clock
from cms.core.models import User
from cms.core.refusals import Refused
from cms.videos.actions import do_take_back, printable
from cms.videos.models import DirectUpload, Media
from cms.videos.uploads import limits, people
from cms.videos.uploads.answers import Answer
from cms.videos.uploads.direct import arrivals
from cms.videos.uploads.direct.faults import BucketRefuses, BucketUnavailable, MultipartGone
from cms.videos.uploads.direct.parts import part_length
from cms.videos.uploads.headers import Request

PATH = "/uploads/direct"
MOST_SIGNED = 64
"""Addresses that one request may ask for."""
_KEY = re.compile(r"[0-9a-f]{32}")
logger = logging.getLogger(__name__)


class _Wish(msgspec.Struct):
    name: str
    cooperative: str
    size: int
    id: str = ""
    sample: str = ""


class _Numbers(msgspec.Struct):
    numbers: list[int]


def is_asked(request: Request) -> bool:
    """Return whether `request` is one of ours."""
    return request.path == PATH or request.path.startswith(f"{PATH}/")


def is_offered() -> bool:
    """Return whether browsers are to send to the bucket by themselves."""
    return settings.DIRECT_UPLOADS and arrivals.have_bucket()


def answer(request: Request, body: bytes, user: User) -> Answer:
    """Return the answer to a request of a person who may upload; raise Answer where refused."""
    if not is_offered():
        raise Answer(404, "The originals of this install stand in no bucket.")
    try:
        return _answer(request, body, user)
    except (MultipartGone, arrivals.UploadGone):
        raise limits.gone() from None
    except arrivals.StillJoining:
        sentence = _("Berkas sedang digabungkan di penyimpanan. Tunggu sebentar.")
        raise Answer(503, sentence, {"retry-after": "5"}) from None
    except BucketUnavailable as wrong:
        raise _of_bucket(wrong) from wrong
    except Refused as refused:
        raise Answer(403, str(refused)) from None
    except msgspec.DecodeError as wrong:
        raise Answer(400, str(wrong)) from None


def _of_bucket(wrong: BucketUnavailable) -> Answer:
    """Return what the person hears of a bucket that does not do as asked."""
    logger.warning("uploads: the bucket of originals: %s", wrong)
    # Proxies say 502 too, of what passes: the header tells them apart.
    final = isinstance(wrong, BucketRefuses)
    headers = {"siar-final": "1"} if final else {"retry-after": "5"}
    return Answer(wrong.status, str(wrong.sentence), headers)


def _answer(request: Request, body: bytes, user: User) -> Answer:
    asked = request.path.removeprefix(PATH).strip("/").split("/")
    if request.method == "POST" and request.headers.get("content-type") != "application/json":
        raise Answer(415, "Content-Type must be application/json")
    match (request.method, *asked):
        case ("POST", ""):
            return _begin(msgspec.json.decode(body, type=_Wish), user)
        case ("GET", key):
            return _state(_find(key, user))
        case ("POST", key, "parts"):
            numbers = msgspec.json.decode(body, type=_Numbers).numbers
            return _sign(_find(key, user, made=409), numbers, user)
        case ("POST", key, "complete"):
            return _complete(_find(key, user), user)
        case ("DELETE", key):
            return _cancel(key, user)
    raise Answer(405, headers={"allow": "GET, POST, DELETE"})


def _begin(wish: _Wish, user: User) -> Answer:
    cooperative = people.may_upload_to(user, wish.cooperative)
    if cooperative is None:
        raise limits.no_such_cooperative()
    limits.check_length(wish.size)
    key = wish.id or token_hex(16)
    if not _KEY.fullmatch(key):
        raise Answer(400, "id must be 32 hexadecimal digits")
    if not DirectUpload.objects.filter(pk=key).exists():
        if Media.objects.filter(upload=key).exists():
            raise _of_made(key, user) or limits.gone()
        mine = DirectUpload.objects.filter(user=user, stored_at=None)
        limits.check_open(mine.count(), limits.MOST_OPEN)
    name = printable(wish.name)[:255] or "video"
    values = {"sample": printable(wish.sample)[:32]}
    upload = arrivals.do_begin(key, user, cooperative, name, wish.size, clock.now(), **values)
    return _state(upload, 201)


def _find(key: str, user: User, *, made: int = 200) -> DirectUpload:
    """Return the person's upload; somebody else's is not there.

    Raises the Answer, of status `made`, where it has become a video.
    """
    upload = DirectUpload.objects.filter(pk=key, user=user).first()
    if upload is not None:
        return upload
    # After the row: a video takes its place in one transaction.
    raise _of_made(key, user, made) or limits.gone()


def _of_made(key: str, user: User, status: int = 200) -> Answer | None:
    """Return the answer where the person's upload `key` has become a video, else None."""
    media = Media.objects.filter(upload=key, uploaded_by=user).first()
    if media is None:
        return None
    if media.video_id is None:
        return limits.deleted()
    values = {"id": key, "part_size": 0, "have": [], "whole": True, "video": media.video_id}
    return _fresh(status, values)


def _state(upload: DirectUpload, status: int = 200) -> Answer:
    arrived = arrivals.find_out(upload, clock.now())
    values = {
        "id": upload.pk,
        "part_size": upload.part_size,
        "have": arrived.parts,
        "whole": arrived.whole,
        "video": arrived.video,
    }
    return _fresh(status, values)


def _sign(upload: DirectUpload, numbers: list[int], user: User) -> Answer:
    if not 0 < len(numbers) <= MOST_SIGNED:
        raise Answer(400, f"Ask for 1 to {MOST_SIGNED} parts at once.")
    if upload.stored_at is not None or not upload.multipart:
        return _state(upload, 409)
    try:
        lengths = {n: part_length(upload.size, upload.part_size, n) for n in numbers}
    except ValueError as wrong:
        raise Answer(400, str(wrong)) from None
    _check_may_still(upload, user)
    if not upload.touch(clock.now()):
        return _state(_find(upload.pk, user, made=409), 409)
    where = arrivals.bucket()
    urls = {
        str(number): where.sign(upload.name, upload.multipart, number, length)
        for number, length in lengths.items()
    }
    return _fresh(200, {"urls": urls})


def _complete(upload: DirectUpload, user: User) -> Answer:
    _check_may_still(upload, user)
    # Before the bucket is asked: if it fails and the person leaves, the sweep goes on.
    upload.mark_asked(clock.now())
    try:
        return _fresh(200, {"video": arrivals.do_complete(upload, clock.now())})
    except arrivals.PartsMissing as missing:
        return _fresh(409, {"have": missing.have, "whole": False, "video": None})
    except arrivals.NoVideoYet:
        # The bytes are safe in the bucket: the person hears of it, the operator of the fault.
        logger.exception("upload %s is whole but is no video yet", upload.pk)
        return _fresh(202, {"have": [], "whole": True, "video": None})


def _check_may_still(upload: DirectUpload, user: User) -> None:
    """Refuse who has left; what has arrived stays as long as any upload, the right may come back.

    That a co-operative is there no more is for good: `do_complete` says so and gives it up.
    """
    if upload.cooperative_id is not None:
        people.check_may_still(user, upload.cooperative_id)


def _cancel(key: str, user: User) -> Answer:
    upload = DirectUpload.objects.filter(pk=key, user=user).first()
    if upload is not None and arrivals.do_give_up(upload, clock.now()) is None:
        return Answer(204)
    made = _of_made(key, user, 409) or limits.gone()
    if made.status == 409 and do_take_back(key, clock.now(), user=user):
        return Answer(204)
    raise made


def _fresh(status: int, values: dict[str, Any]) -> Answer:
    return Answer(status, headers={"cache-control": "no-store"}, values=values)
