"""Uploads straight to the bucket of originals: this app only says where each part goes.

POST   /uploads/direct                {"name", "cooperative", "size"} → 201 {"id", "part_size"}
GET    /uploads/direct/<id>           {"size", "part_size", "have": [numbers], "video"}
POST   /uploads/direct/<id>/parts     {"numbers"} → {"urls": {number: address for one PUT}}
POST   /uploads/direct/<id>/complete  {"video"}, or 409 {"have"} where parts are missing
DELETE /uploads/direct/<id>           204

Who may do what is as with tus, and so is the guard against other sites.
"""

from secrets import token_hex

import msgspec
from django.conf import settings
from django.utils.translation import gettext as _

from cms.core import clock
from cms.core.models import User
from cms.core.refusals import Refused
from cms.videos.actions import original_key, printable
from cms.videos.models import DirectUpload, Media
from cms.videos.uploads import arrivals, limits, people
from cms.videos.uploads.answers import Answer
from cms.videos.uploads.headers import Request
from cms.videos.uploads.parts import part_length, part_size

PATH = "/uploads/direct"
MOST_SIGNED = 64
"""Addresses that one request may ask for."""


class _Wish(msgspec.Struct):
    name: str
    cooperative: str
    size: int


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
    from cms.videos.uploads.bucket import BucketUnavailable, MultipartGone

    try:
        return _answer(request, body, user)
    except MultipartGone:
        raise limits.gone() from None
    except BucketUnavailable as wrong:
        sentence = _("Penyimpanan tidak terjangkau. Unggahan berlanjut sendiri.")
        raise Answer(503, sentence, {"retry-after": "5"}) from wrong
    except msgspec.DecodeError as wrong:
        raise Answer(400, str(wrong)) from None


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
            return _sign(_find(key, user), msgspec.json.decode(body, type=_Numbers))
        case ("POST", key, "complete"):
            return _complete(_find(key, user))
        case ("DELETE", key):
            arrivals.do_give_up(_find(key, user))
            return Answer(204)
    raise Answer(405, headers={"allow": "GET, POST, DELETE"})


def _begin(wish: _Wish, user: User) -> Answer:
    cooperative = people.may_upload_to(user, wish.cooperative)
    if cooperative is None:
        raise limits.no_such_cooperative()
    limits.check_length(wish.size)
    mine = DirectUpload.objects.filter(user=user, stored_at=None)
    limits.check_open(mine.count(), limits.MOST_OPEN)
    key = token_hex(16)
    file_name = printable(wish.name)[:255] or "video"
    name = original_key(key, file_name)
    upload = DirectUpload.objects.create(
        id=key,
        user=user,
        cooperative=cooperative,
        file_name=file_name,
        size=wish.size,
        part_size=part_size(wish.size),
        name=name,
        # A row that is not written leaves an upload that the sweep finds in the bucket.
        multipart=arrivals.bucket().begin(name),
        touched=clock.now(),
    )
    return Answer(201, values={"id": key, "part_size": upload.part_size})


def _find(key: str, user: User) -> DirectUpload:
    """Return the person's upload; somebody else's is not there."""
    upload = DirectUpload.objects.filter(pk=key, user=user).first()
    if upload is None:
        raise limits.gone()
    return upload


def _state(upload: DirectUpload) -> Answer:
    values = {"size": upload.size, "part_size": upload.part_size, "have": [], "video": None}
    media = Media.objects.filter(upload=upload.pk).first()
    if media is not None:
        return Answer(200, values=values | {"video": media.video_id})
    if upload.stored_at is None:
        values["have"] = arrivals.parts_of(upload)
    upload.touch(clock.now())
    return Answer(200, headers={"cache-control": "no-store"}, values=values)


def _sign(upload: DirectUpload, wanted: _Numbers) -> Answer:
    if not 0 < len(wanted.numbers) <= MOST_SIGNED:
        raise Answer(400, f"Ask for 1 to {MOST_SIGNED} parts at once.")
    if upload.stored_at is not None:
        raise Answer(409, values={"have": []})
    try:
        lengths = {n: part_length(upload.size, upload.part_size, n) for n in wanted.numbers}
    except ValueError as wrong:
        raise Answer(400, str(wrong)) from None
    where = arrivals.bucket()
    urls = {
        str(number): where.sign(upload.name, upload.multipart, number, length)
        for number, length in lengths.items()
    }
    upload.touch(clock.now())
    return Answer(200, headers={"cache-control": "no-store"}, values={"urls": urls})


def _complete(upload: DirectUpload) -> Answer:
    try:
        video = arrivals.do_complete(upload, clock.now())
    except arrivals.PartsMissing as missing:
        raise Answer(409, values={"have": missing.have}) from None
    except Refused as refused:
        raise Answer(403, str(refused)) from None
    return Answer(200, values={"video": video})
