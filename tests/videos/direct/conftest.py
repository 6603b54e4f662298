"""A bucket of originals, and somebody who sends to it."""

import secrets

import pytest
from moto.s3.exceptions import NoSuchUpload
from moto.s3.models import S3Backend

from tests.s3_stand_in import client_of
from tests.videos.direct.bucket_client import Direct


@pytest.fixture
def s3(settings, s3_endpoint, monkeypatch):
    """An empty bucket that holds the originals; a client of it."""
    _say_no_such_upload(monkeypatch)
    name = f"asli-{secrets.token_hex(4)}"
    options = {
        "bucket_name": name,
        "endpoint_url": s3_endpoint,
        "region_name": "us-east-1",
        "access_key": "contoh",
        "secret_key": "rahasia-contoh",
        "signature_version": "s3v4",
        "location": "rekaman",
        "file_overwrite": False,
    }
    settings.STORAGES = {
        **settings.STORAGES,
        "originals": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options},
    }
    client = client_of(s3_endpoint)
    client.create_bucket(Bucket=name)
    client.bucket = name
    return client


@pytest.fixture
def direct(s3, editor_a, cookie_of) -> Direct:
    return Direct(cookie_of(editor_a))


def _say_no_such_upload(monkeypatch) -> None:
    """Let the stand-in answer as S3 does where an upload that is gone is to be joined (it fails)."""
    real = S3Backend.complete_multipart_upload

    def complete(backend, bucket_name, multipart_id, *rest, **more):
        if multipart_id not in backend.get_bucket(bucket_name).multiparts:
            raise NoSuchUpload(upload_id=multipart_id)
        return real(backend, bucket_name, multipart_id, *rest, **more)

    monkeypatch.setattr(S3Backend, "complete_multipart_upload", complete)
