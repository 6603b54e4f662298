"""What goes wrong between us and the bucket of originals, by name.

BucketFault
├── BucketUnavailable      not reached, busy or broken: asking again helps
│   └── BucketRefuses      it says no: asking again helps once an operator has mended it
│       ├── BucketFull     its quota or its disks are used up
│       ├── ClockWrong     our clock and the bucket's differ by more than it bears
│       └── JoinRefused    it does not make one object of these parts
├── MultipartGone          it knows nothing of this upload: joined, given up, or never begun
└── PartsChanged           a part was sent anew between being listed and being joined

An object that is not there is FileNotFoundError, as on a disk. Pure.
"""

import errno

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class BucketFault(Exception):
    """The bucket did not do as asked; the text is for the operator."""


class BucketUnavailable(BucketFault):
    """The bucket is not reached, busy or broken."""

    status = 503
    sentence: Promise = _("Penyimpanan tidak terjangkau. Unggahan berlanjut sendiri.")


class BucketRefuses(BucketUnavailable):
    """The bucket says no: keys, rights, its name, or something that it does not offer."""

    status = 502
    sentence = _("Penyimpanan menolak permintaan situs ini. Hubungi pengelola situs.")


class BucketFull(BucketRefuses):
    """The bucket's quota or its disks are used up."""

    status = 507
    sentence = _("Ruang penyimpanan penuh. Hubungi pengelola situs.")


class ClockWrong(BucketRefuses):
    """Our clock and the bucket's differ by more than it bears (15 min on S3)."""

    sentence = _("Jam situs ini tidak cocok dengan jam penyimpanan. Hubungi pengelola situs.")


class JoinRefused(BucketRefuses):
    """The bucket does not make one object of these parts."""

    sentence = _("Penyimpanan tidak dapat menggabungkan berkas ini. Hubungi pengelola situs.")


class MultipartGone(BucketFault):
    """The bucket knows nothing of this upload: it was joined, given up, or never begun."""


class PartsChanged(BucketFault):
    """A part was sent anew between being listed and being joined."""


_ABSENT = {"NoSuchKey", "NoSuchCORSConfiguration", "404", "NotFound"}
_PASSING = {
    "BadDigest",
    "IncompleteBody",
    "OperationAborted",
    "RequestLimitExceeded",
    "RequestTimeout",
    "SlowDown",
    "Throttling",
    "ThrottlingException",
}
"""Codes that come with statuses of the 400s and pass by themselves."""
_NAMED: dict[str, type[BucketFault]] = {
    "NoSuchUpload": MultipartGone,
    "InvalidPart": PartsChanged,
    "InvalidPartOrder": PartsChanged,
    "EntityTooSmall": JoinRefused,
    "EntityTooLarge": JoinRefused,
    "RequestTimeTooSkewed": ClockWrong,
    "QuotaExceeded": BucketFull,
    "InsufficientStorage": BucketFull,
    "XMinioStorageFull": BucketFull,
}
"""https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html, and what other makers say."""


def fault_of(code: str, status: int, said: str) -> Exception:
    """Return what an answer with the error `code` of S3 and the HTTP `status` is called."""
    if code in _ABSENT:
        return FileNotFoundError(errno.ENOENT, said)
    if code in _NAMED:
        return _NAMED[code](said)
    if status == 507:
        return BucketFull(said)
    if code in _PASSING or status in (408, 429) or (status >= 500 and status != 501):
        return BucketUnavailable(said)
    return BucketRefuses(said)
