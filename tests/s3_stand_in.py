"""A server that speaks S3, counts what it is asked for, and fails as a test tells it."""

import base64
import hashlib
import re
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from io import BytesIO
from typing import Any, Literal

import boto3
from botocore.loaders import JSONFileLoader
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.datastructures import Headers
from werkzeug.serving import WSGIRequestHandler, make_server

Fault = Literal["", "away", "slow down", "half", "half sent", "damaged"]
"""What happens to a request: nothing, no answer, 503, half of the body comes back, the answer is
lost, or a byte of what was sent is another one."""

Choose = Callable[[str, str], Fault]
"""Is given method and path with query."""

_LISTED = re.compile(rb"<Upload>.*?</Upload>", re.DOTALL)
_UPLOAD = re.compile(rb"<UploadId>(.*?)</UploadId>")
_INITIATED = re.compile(rb"(?<=<Initiated>)[^<]*")

_REFUSAL = "<Error><Code>{}</Code><Message>contoh</Message></Error>"


_read_model = JSONFileLoader.load_file


@cache
def _model_at(path: str) -> Any:
    return _read_model(JSONFileLoader(), path)


# botocore reads its description of S3 from files again for each session.
# That is most of the CPU that a new client costs.
JSONFileLoader.load_file = lambda _loader, path: _model_at(path)


def client_of(endpoint: str, service: str = "s3") -> Any:
    """Return a client of the stand-in at `endpoint`."""
    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="contoh",
        aws_secret_access_key="contoh",
    )


class StandIn:
    """The server; `fault` chooses what goes wrong, `asked` and `sent` tell what was right."""

    def __init__(self) -> None:
        self.fault: Choose = lambda _method, _path: ""
        self.asked: list[tuple[str, str, str]] = []
        """Method, path with query, Range."""
        self.sent = 0
        """Bytes of bodies that were sent."""
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)
        """The server's clock."""
        self._begun: dict[bytes, datetime] = {}
        self.endpoint = ""
        self._writing = threading.Lock()
        self._app = DomainDispatcherApplication(create_backend_app)

    def requests(self, method: str) -> int:
        return sum(asked[0] == method for asked in self.asked)

    def forget(self) -> None:
        self.asked.clear()
        self.sent = 0

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        path = f"{environ['PATH_INFO']}?{environ['QUERY_STRING']}"
        self.asked.append((method, path, environ.get("HTTP_RANGE", "")))
        fault = self.fault(method, path)
        given = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        if fault == "damaged":
            given = given[:-1] + bytes([given[-1] ^ 1])
        environ["wsgi.input"] = BytesIO(given)
        if fault == "away":
            hang_up(environ)
        if fault == "slow down":
            return refused(start, "503 Slow Down", "SlowDown")
        if not is_whole(given, environ):  # which moto believes
            return refused(start, "400 Bad Request", "BadDigest")
        body = self._answer(environ, start)
        if fault == "half sent":
            hang_up(environ)
        self.sent += len(body)
        return cut(body, environ) if fault == "half" else [body]

    def _answer(self, environ: dict[str, Any], start: Callable[..., Any]) -> bytes:
        """What moto answers, except that to moto each upload in parts is of the year 2010."""
        told: list[Any] = []
        # Between its look at a condition and its write moto lets others write.
        with self._writing if environ["REQUEST_METHOD"] == "PUT" else nullcontext():
            body = b"".join(self._app(environ, lambda *given: told.extend(given[:2])))
        status, headers = told[0], Headers(told[1])
        headers.remove("Date")  # moto's; the handler gives ours
        if environ["REQUEST_METHOD"] == "POST" and environ["QUERY_STRING"] == "uploads":
            self._begun.update((name, self.now()) for name in _UPLOAD.findall(body))
        elif _LISTED.search(body):
            body = _LISTED.sub(self._dated, body)
            headers["Content-Length"] = str(len(body))
        start(status, headers.to_wsgi_list())
        return body

    def _dated(self, listed: re.Match[bytes]) -> bytes:
        (name,) = _UPLOAD.findall(listed[0])
        begun = self._begun[name].strftime("%Y-%m-%dT%H:%M:%S.000Z").encode()
        return _INITIATED.sub(begun, listed[0])

    def handler(self) -> type[WSGIRequestHandler]:
        """Return what answers for the server, by its clock."""
        stand_in = self

        class Handler(WSGIRequestHandler):
            def date_time_string(self, _timestamp: float | None = None) -> str:
                return format_datetime(stand_in.now(), usegmt=True)

        return Handler


def is_whole(given: bytes, environ: dict[str, Any]) -> bool:
    """Whether the body is what its sender says that it is."""
    checksum = base64.b64encode(hashlib.md5(given).digest()).decode()
    return environ.get("HTTP_CONTENT_MD5", checksum) == checksum


def refused(start: Callable[..., Any], status: str, code: str) -> list[bytes]:
    body = _REFUSAL.format(code).encode()
    start(status, [("Content-Length", str(len(body)))])
    return [body]


def cut(body: bytes, environ: dict[str, Any]) -> Iterator[bytes]:
    yield body[: len(body) // 2]
    hang_up(environ)


def hang_up(environ: dict[str, Any]) -> None:
    """End the connection as a server does that dies: werkzeug alone would keep it open."""
    environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    raise ConnectionError("the server has gone")


@contextmanager
def serving() -> Iterator[StandIn]:
    stand_in = StandIn()
    server = make_server(
        "127.0.0.1", 0, stand_in, threaded=True, request_handler=stand_in.handler()
    )
    stand_in.endpoint = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield stand_in
    finally:
        server.shutdown()
        thread.join()
