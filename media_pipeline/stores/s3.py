"""The published store in a bucket of S3, or of anything that speaks its language."""

import base64
import hashlib
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    IncompleteReadError,
    ReadTimeoutError,
    ResponseStreamingError,
)

from media_pipeline.errors import StoreUnavailable
from media_pipeline.model.mime import cache_control, content_type
from media_pipeline.stores.seam import checked

_ABSENT = {"404", "NoSuchKey", "NotFound"}

_CHANGED = {"PreconditionFailed", "412", "ConditionalRequestConflict", "409", *_ABSENT}
"""Answers to a write with a condition: it is not met, or another such write is under way."""
_UNCONDITIONAL = {"NotImplemented", "501"}

_PART = 8 << 20
# Two at a time: an encode has other uses for its threads.
_TRANSFER = TransferConfig(multipart_threshold=_PART, multipart_chunksize=_PART, max_concurrency=2)

_ATTEMPTS = 5
"""Of each request, a second or more apart: SlowDown, 500, a line that is cut, no answer."""
_SEEN = 5.0
"""Seconds for which a bucket that was there is believed to be there."""
_ABANDONED = timedelta(hours=1)
"""By the server's clock, how old an upload of a key is that nobody will end."""
_BODIES = 3
"""Attempts at a body that ends early: the client's own end with the headers of an answer."""


class S3Store:
    """Keys are objects of `bucket` below `prefix`.

    Without keys the usual places are asked (environment, profile, instance role).
    """

    def __init__(
        self,
        bucket: str,
        *,
        prefix: str = "",
        endpoint: str | None = None,
        region: str | None = None,
        access_key: str | None = None,
        secret_key: str | None = None,
    ) -> None:
        self.bucket = bucket
        self.prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._seen = -math.inf
        self._client: Any = boto3.session.Session().client(
            "s3",
            endpoint_url=endpoint,
            region_name=region or "us-east-1",
            aws_access_key_id=access_key,
            aws_secret_access_key=secret_key,
            config=_config(own_endpoint=endpoint is not None),
        )

    def read(self, key: str) -> bytes | None:
        """Return the bytes of `key`, all of them, or None when it does not exist."""
        with self._reachable():
            for left in reversed(range(_BODIES)):
                try:
                    found = self._client.get_object(Bucket=self.bucket, Key=self._object(key))
                    return found["Body"].read()
                except (IncompleteReadError, ResponseStreamingError, ReadTimeoutError):
                    if not left:
                        raise
                except ClientError as refusal:
                    if not _says_absent(refusal):
                        raise
                    break
        return None

    def version(self, key: str) -> str | None:
        """Return the ETag of `key`, or None if absent."""
        with self._reachable():
            try:
                return self._client.head_object(Bucket=self.bucket, Key=self._object(key))["ETag"]
            except ClientError as refusal:
                if not _says_absent(refusal):
                    raise
                self._check_bucket()
                return None

    def _check_bucket(self) -> None:
        """Raise ClientError if the bucket is gone: an answer to HEAD has no room to say so."""
        now = time.monotonic()
        if now - self._seen > _SEEN:
            self._client.head_bucket(Bucket=self.bucket)
            self._seen = now

    def versions(self, prefix: str) -> Iterator[tuple[str, str]]:
        """Yield each key under `prefix` with its ETag: one request a thousand keys."""
        folder = f"{checked(prefix.rstrip('/'))}/" if prefix.strip("/") else ""
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=self.prefix + folder
        )
        with self._reachable():
            for page in pages:
                for found in page.get("Contents", ()):
                    yield found["Key"].removeprefix(self.prefix), found["ETag"]

    def write(self, key: str, data: bytes) -> None:
        """Put `data` at `key` in one step; the bucket refuses it if other bytes arrive."""
        with self._reachable():
            self._put(key, data)

    def write_if_unchanged(self, key: str, data: bytes, version: str | None) -> bool:
        """Put `data` at `key` if its ETag still is `version` (None: if it is absent).

        A server that says that it knows no conditions (501) is asked before instead: of two
        that write within the same moment the later one wins there. One that takes the
        condition without a word and ignores it writes always.
        """
        condition = {"IfNoneMatch": "*"} if version is None else {"IfMatch": version}
        with self._reachable():
            try:
                self._put(key, data, **condition)
            except ClientError as refusal:
                if _code(refusal) in _CHANGED:
                    return False
                if _code(refusal) not in _UNCONDITIONAL:
                    raise
                if self.version(key) != version:
                    return False
                self._put(key, data)
        return True

    def _put(self, key: str, data: bytes, **condition: str) -> None:
        checksum = base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode()
        self._client.put_object(
            Bucket=self.bucket,
            Key=self._object(key),
            Body=data,
            ContentMD5=checksum,
            **condition,
            **_headers(key),
        )

    def put_file(self, key: str, path: Path) -> None:
        """Put the file at `path` at `key`, in parts if it is large; seen when complete.

        One that fails leaves no part in the bucket. Parts of those that were killed more than
        an hour before go as well; younger ones may be another worker's, who is at it still.
        """
        with self._reachable():
            self._client.upload_file(
                str(path), self.bucket, self._object(key), _headers(key), Config=_TRANSFER
            )
            if path.stat().st_size >= _PART:
                self._give_up_killed(self._object(key))

    def copy(self, key: str, to: str) -> bool:
        """Copy as in `Store.copy`; the server does it."""
        source = {"Bucket": self.bucket, "Key": self._object(key)}
        with self._reachable():
            try:
                self._client.copy_object(
                    Bucket=self.bucket, Key=self._object(to), CopySource=source
                )
            except ClientError as refusal:
                if not _says_absent(refusal):
                    raise
                self._check_bucket()
                return False
        return True

    def keys(self, prefix: str) -> Iterator[str]:
        """Yield the keys under the folder `prefix` ("" for all), in order."""
        for key, _ in self.versions(prefix):
            yield key

    def delete(self, key: str) -> None:
        """Remove `key`; nothing happens if it is absent."""
        with self._reachable():
            self._client.delete_object(Bucket=self.bucket, Key=self._object(key))

    def delete_folder(self, prefix: str) -> None:
        """Remove every key under the folder `prefix`, and what was sent of others."""
        folder = checked(prefix.rstrip("/"))
        names = [{"Key": self._object(key)} for key in self.keys(folder)]
        with self._reachable():
            for start in range(0, len(names), 1000):
                batch = {"Objects": names[start : start + 1000], "Quiet": True}
                answer = self._client.delete_objects(Bucket=self.bucket, Delete=batch)
                # An answer of 200 tells of each that was not removed.
                for refused in answer.get("Errors", ()):
                    raise ClientError({"Error": refused}, "DeleteObjects")
            for _, left in self._unfinished(f"{self._object(folder)}/"):
                self._give_up(left)

    def _give_up_killed(self, name: str) -> None:
        """Remove the parts of uploads of `name` itself that nobody will end."""
        for now, left in self._unfinished(name):
            if left["Key"] == name and left["Initiated"] < now - _ABANDONED:
                self._give_up(left)

    def _unfinished(self, prefix: str) -> Iterator[tuple[datetime, dict[str, Any]]]:
        """Yield the uploads whose parts are paid for and not seen, each with the server's time."""
        # Keys of an install may lack the right to list them: then a rule of the bucket has to do.
        with suppress(ClientError):
            pages = self._client.get_paginator("list_multipart_uploads")
            for page in pages.paginate(Bucket=self.bucket, Prefix=prefix):
                for left in page.get("Uploads", ()):
                    yield _clock(page), left

    def _give_up(self, left: dict[str, Any]) -> None:
        # Another worker may have been faster.
        with suppress(ClientError):
            self._client.abort_multipart_upload(
                Bucket=self.bucket, Key=left["Key"], UploadId=left["UploadId"]
            )

    def _object(self, key: str) -> str:
        return self.prefix + checked(key)

    @contextmanager
    def _reachable(self) -> Iterator[None]:
        # boto3 raises its own S3UploadFailedError, a Boto3Error, from upload_file.
        try:
            yield
        except (BotoCoreError, ClientError, boto3.exceptions.Boto3Error) as wrong:
            raise StoreUnavailable(
                f"The published store in the bucket {self.bucket} cannot be used: {wrong}"
            ) from wrong


def _config(*, own_endpoint: bool) -> Config:
    return Config(
        signature_version="s3v4",
        # standard, not adaptive: that holds back all threads of a process, viewers' too.
        retries={"mode": "standard", "max_attempts": _ATTEMPTS},
        connect_timeout=5,
        read_timeout=30,
        # Servers of one's own have no wildcard name for each bucket.
        s3={"addressing_style": "path" if own_endpoint else "auto"},
        # Checksums by default since boto3 1.36: other makers' servers refuse them.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )


def _headers(key: str) -> dict[str, str]:
    return {"ContentType": content_type(key), "CacheControl": cache_control(key)}


def _clock(answer: dict[str, Any]) -> datetime:
    """Return the server's time; of one that tells none, a time by which nothing is old."""
    with suppress(KeyError, ValueError):
        return parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])
    return datetime.fromtimestamp(0, UTC)


def _says_absent(refusal: ClientError) -> bool:
    return _code(refusal) in _ABSENT


def _code(refusal: ClientError) -> str:
    return refusal.response.get("Error", {}).get("Code", "")
