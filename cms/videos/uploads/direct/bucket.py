"""The bucket of originals, as far as browsers send their files to it by themselves.

Presigned addresses are made for one part of one upload each; no key of ours
leaves the server.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError
from django.conf import settings
from storages.backends.s3 import S3Storage

from cms.videos.uploads.direct.faults import (
    BucketRefuses,
    BucketUnavailable,
    MultipartGone,
    fault_of,
)
from cms.videos.uploads.direct.parts import Part

VALID = 3600
"""Seconds that an address can be used; the browser asks for another one when it is too late."""


class Bucket:
    """Uploads in parts into the bucket of `storage`."""

    def __init__(self, storage: S3Storage) -> None:
        self._storage = storage
        self._client = _client(storage, storage.endpoint_url)

    @cached_property
    def _signer(self) -> Any:
        """A client by the name that browsers know; workers, which never sign, spare its 12 MB."""
        if not settings.UPLOADS_ENDPOINT:
            return self._client
        return _client(self._storage, settings.UPLOADS_ENDPOINT)

    @property
    def address(self) -> str:
        """The address below which all objects stand, for browsers: scheme, host, path."""
        signed = self._signer.generate_presigned_url("put_object", Params=self._at("x"))
        return signed.partition("?")[0].removesuffix(self._object("x"))

    def begin(self, name: str) -> str:
        """Begin an upload of the original `name`; return the bucket's id of it."""
        given = self._storage.get_object_parameters(name)
        # Never what the browser says that it is: nobody is to open it from the bucket as a page.
        given |= {"ContentType": "application/octet-stream"}
        if self._storage.default_acl:
            given.setdefault("ACL", self._storage.default_acl)
        with _named():
            made = self._client.create_multipart_upload(**self._at(name), **given)
        return made["UploadId"]

    def sign(self, name: str, multipart: str, number: int, length: int) -> str:
        """Return the address that takes part `number`, of exactly `length` bytes, by PUT."""
        with _named():
            return self._signer.generate_presigned_url(
                "upload_part",
                # The length is signed too: the bucket refuses a larger body.
                Params={
                    **self._at(name),
                    "UploadId": multipart,
                    "PartNumber": number,
                    "ContentLength": length,
                },
                ExpiresIn=VALID,
            )

    def send(self, name: str, multipart: str, number: int, body: bytes) -> None:
        """Send a part by ourselves, as browsers do by an address."""
        with _named():
            self._client.upload_part(
                **self._at(name), UploadId=multipart, PartNumber=number, Body=body
            )

    def parts(self, name: str, multipart: str) -> dict[int, Part]:
        """Return the parts that the bucket has; raise MultipartGone."""
        pages = self._client.get_paginator("list_parts")
        with _named():
            return {
                part["PartNumber"]: Part(part["ETag"], part["Size"])
                for page in pages.paginate(**self._at(name), UploadId=multipart)
                for part in page.get("Parts", ())
            }

    def join(self, name: str, multipart: str, parts: Mapping[int, Part]) -> None:
        """Make one object of `parts`; raise MultipartGone, PartsChanged or JoinRefused."""
        joined = [
            {"PartNumber": number, "ETag": part.etag} for number, part in sorted(parts.items())
        ]
        with _named():
            self._client.complete_multipart_upload(
                **self._at(name), UploadId=multipart, MultipartUpload={"Parts": joined}
            )

    def give_up(self, name: str, multipart: str) -> None:
        """Remove all parts; nothing happens if there are none."""
        try:
            with _named():
                self._client.abort_multipart_upload(**self._at(name), UploadId=multipart)
        except MultipartGone:
            pass

    def size(self, name: str) -> int | None:
        """Return the bytes of the original `name`, None if there is none."""
        try:
            with _named():
                return self._client.head_object(**self._at(name))["ContentLength"]
        except FileNotFoundError:
            return None

    def found(self, name: str) -> tuple[int, str] | None:
        """Return bytes and ETag of the original `name`, None if there is none."""
        try:
            with _named():
                head = self._client.head_object(**self._at(name))
        except FileNotFoundError:
            return None
        return head["ContentLength"], head["ETag"]

    def is_there(self, name: str) -> bool:
        """Return whether there is an original `name`, by the list of them."""
        with _named():
            found = self._client.list_objects_v2(
                Bucket=self._storage.bucket_name, Prefix=self._object(name), MaxKeys=1
            )
        return bool(found.get("Contents"))

    def delete(self, name: str) -> None:
        """Remove the original `name`; nothing happens if there is none."""
        with _named():
            self._client.delete_object(**self._at(name))

    def read(self, name: str, first: int, end: int, block: int, etag: str) -> Iterator[bytes]:
        """Yield the bytes [first, end) of an original that has `etag`, `block` at a time.

        Raises FileNotFoundError if there is none.
        """
        wanted = {"Range": f"bytes={first}-{end - 1}", "IfMatch": etag}
        with _named():
            found = self._client.get_object(**self._at(name), **wanted)
            yield from found["Body"].iter_chunks(block)

    def unfinished(self, before: datetime) -> Iterator[tuple[str, str]]:
        """Yield name and id of each upload that was begun `before` and not ended."""
        pages = self._client.get_paginator("list_multipart_uploads")
        folder = self._object("")
        with _named():
            for page in pages.paginate(Bucket=self._storage.bucket_name, Prefix=folder):
                for found in page.get("Uploads", ()):
                    if found["Initiated"] < before:
                        yield found["Key"].removeprefix(folder), found["UploadId"]

    def cors(self) -> list[dict[str, Any]]:
        """Return the rules by which browsers of other pages may use the bucket."""
        try:
            with _named():
                found = self._client.get_bucket_cors(Bucket=self._storage.bucket_name)
        except FileNotFoundError:
            return []
        return list(found["CORSRules"])

    def _at(self, name: str) -> dict[str, str]:
        return {"Bucket": self._storage.bucket_name, "Key": self._object(name)}

    def _object(self, name: str) -> str:
        folder = self._storage.location.strip("/")
        return f"{folder}/{name}" if folder else name


@lru_cache(maxsize=2)
def bucket_of(storage: S3Storage) -> Bucket:
    """Return the bucket of `storage`, once: a client takes a tenth of a second to make."""
    return Bucket(storage)


def _client(storage: S3Storage, endpoint: str | None) -> Any:
    """Return a client with the keys of `storage`. Unlike its own it can be used by all threads."""
    if storage.session_profile:
        session = boto3.session.Session(profile_name=storage.session_profile)
    else:
        session = boto3.session.Session(
            storage.access_key, storage.secret_key, storage.security_token
        )
    config = Config(
        signature_version="s3v4",
        retries={"mode": "standard", "max_attempts": 3},
        connect_timeout=5,
        read_timeout=30,
        s3={"addressing_style": storage.addressing_style or ("path" if endpoint else "auto")},
        # By default boto3 would sign a checksum that the browser does not send.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    return session.client(
        "s3", endpoint_url=endpoint, region_name=storage.region_name, config=config
    )


@contextmanager
def _named() -> Iterator[None]:
    """Let what the client of S3 raises come out by our names (`uploads.faults`)."""
    try:
        yield
    except ClientError as refusal:
        code = str(refusal.response.get("Error", {}).get("Code", ""))
        status = int(refusal.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
        raise fault_of(code, status, str(refusal)) from refusal
    except NoCredentialsError as lacking:
        raise BucketRefuses(str(lacking)) from lacking
    except BotoCoreError as wrong:
        raise BucketUnavailable(str(wrong)) from wrong
