"""The published store in a bucket of S3, or of anything that speaks its language."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from media_pipeline.errors import StoreUnavailable
from media_pipeline.model.mime import cache_control, content_type
from media_pipeline.stores.seam import checked

_ABSENT = {"404", "NoSuchKey", "NotFound"}

# Parts of 8 MiB, two at a time: an encode has other uses for its threads.
_TRANSFER = TransferConfig(multipart_threshold=8 << 20, max_concurrency=2)


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
        self._client: Any = boto3.session.Session().client(
            "s3",
            endpoint_url=endpoint,
            region_name=region or "us-east-1",
            aws_access_key_id=access_key,
            aws_secret_access_key=secret_key,
            config=_config(own_endpoint=endpoint is not None),
        )

    def read(self, key: str) -> bytes | None:
        """Return the bytes of `key`, or None when it does not exist."""
        with self._reachable():
            try:
                found = self._client.get_object(Bucket=self.bucket, Key=self._object(key))
                return found["Body"].read()
            except ClientError as refusal:
                if not _says_absent(refusal):
                    raise
                return None

    def version(self, key: str) -> str | None:
        """Return the ETag of `key`, or None if absent."""
        with self._reachable():
            try:
                return self._client.head_object(Bucket=self.bucket, Key=self._object(key))["ETag"]
            except ClientError as refusal:
                if not _says_absent(refusal):
                    raise
                return None

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
        """Put `data` at `key` in one step."""
        with self._reachable():
            self._client.put_object(
                Bucket=self.bucket, Key=self._object(key), Body=data, **_headers(key)
            )

    def put_file(self, key: str, path: Path) -> None:
        """Put the file at `path` at `key`, in parts if it is large; seen when complete."""
        with self._reachable():
            self._client.upload_file(
                str(path), self.bucket, self._object(key), _headers(key), Config=_TRANSFER
            )

    def keys(self, prefix: str) -> Iterator[str]:
        """Yield the keys under the folder `prefix` ("" for all), in order."""
        for key, _ in self.versions(prefix):
            yield key

    def delete(self, key: str) -> None:
        """Remove `key`; nothing happens if it is absent."""
        with self._reachable():
            self._client.delete_object(Bucket=self.bucket, Key=self._object(key))

    def delete_folder(self, prefix: str) -> None:
        """Remove every key under the folder `prefix`."""
        names = [{"Key": self._object(key)} for key in self.keys(checked(prefix.rstrip("/")))]
        with self._reachable():
            for start in range(0, len(names), 1000):
                batch = {"Objects": names[start : start + 1000], "Quiet": True}
                self._client.delete_objects(Bucket=self.bucket, Delete=batch)

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
        retries={"mode": "standard", "max_attempts": 5},
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


def _says_absent(refusal: ClientError) -> bool:
    return refusal.response.get("Error", {}).get("Code") in _ABSENT
