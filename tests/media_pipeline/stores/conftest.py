"""Both stores, each empty: the same tests run on either."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer

from media_pipeline.stores import Store, open_store


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3_settings(s3_endpoint: str) -> dict[str, str]:
    import boto3

    settings = {
        "kind": "s3",
        "bucket": f"contoh-{secrets.token_hex(4)}",
        "prefix": "siaran",
        "endpoint": s3_endpoint,
        "region": "us-east-1",
        "access_key": "contoh",
        "secret_key": "contoh",
    }
    boto3.client(
        "s3",
        endpoint_url=s3_endpoint,
        region_name="us-east-1",
        aws_access_key_id="contoh",
        aws_secret_access_key="contoh",
    ).create_bucket(Bucket=settings["bucket"])
    return settings


@pytest.fixture(params=["local", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "local":
        return open_store({"kind": "local", "folder": tmp_path / "published"})
    return open_store(request.getfixturevalue("s3_settings"))
