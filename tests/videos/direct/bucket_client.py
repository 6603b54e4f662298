"""Speaks to the app of direct uploads as the upload screen does, and looks into the bucket."""

import json
from datetime import timedelta

import httpx

from cms.core import clock
from cms.videos.models import DirectUpload
from cms.videos.uploads.direct import arrivals, leftovers
from tests.videos.asgi_client import Uploads

MIB = 2**20
FILM = bytes(range(256)) * (12 * MIB // 256) + b"akhir"
"""Three parts: 5 MiB, 5 MiB and a rest."""
SIZE = len(FILM)


class Direct:
    """Speaks to the app as the upload screen does."""

    def __init__(self, cookie: str) -> None:
        self._uploads = Uploads(cookie)

    def ask(self, method, path="", values=None, **headers):
        body = [json.dumps(values).encode()] if values is not None else [b""]
        kind = {"content_type": "application/json"} if method == "POST" else {}
        path = f"/uploads/direct{path}"
        reply = self._uploads.ask(method, path, body, **{"tus_resumable": None, **kind, **headers})
        reply.values = json.loads(reply.text) if reply.text.startswith("{") else {}
        return reply

    def begin(self, cooperative, size=SIZE, name="Pagi_di pasar.MP4", key="", **headers):
        wish = {"id": key, "name": name, "cooperative": str(cooperative.pk), "size": size}
        return self.ask("POST", "", wish, **headers)

    def begun(self, cooperative, **more) -> str:
        reply = self.begin(cooperative, **more)
        assert reply.status == 201, reply.text
        return f"/{reply.values['id']}"

    def sent(self, cooperative, data=b"film", **more) -> str:
        """Begin and send all of a film of one part."""
        path = self.begun(cooperative, size=len(data), **more)
        self.send(path, 1, data=data)
        return path

    def complete(self, path):
        return self.ask("POST", f"{path}/complete", {})

    def urls(self, path, *numbers) -> dict[str, str]:
        reply = self.ask("POST", f"{path}/parts", {"numbers": list(numbers)})
        assert reply.status == 200, reply.text
        return reply.values["urls"]

    def send(self, path, *numbers, data=FILM) -> None:
        for number, url in self.urls(path, *numbers).items():
            first = (int(number) - 1) * 5 * MIB
            assert httpx.put(url, content=data[first : first + 5 * MIB]).status_code == 200


def unfinished(s3) -> list[str]:
    """Keys of uploads that were begun in the bucket and not ended."""
    found = s3.list_multipart_uploads(Bucket=s3.bucket).get("Uploads", [])
    return [upload["Key"] for upload in found]


def objects(s3) -> list[str]:
    return [found["Key"] for found in s3.list_objects_v2(Bucket=s3.bucket).get("Contents", [])]


def settle() -> None:
    """Let the sweep do all that it would do within the next day."""
    for hours in (0, 2, 24):
        leftovers.do_sweep(clock.now() + timedelta(hours=hours))


def join_unnoticed() -> None:
    """Let the bucket join the parts, as for a request whose answer got lost on its way to us."""
    upload, bucket = DirectUpload.objects.get(), arrivals.bucket()
    found = bucket.parts(upload.name, upload.multipart)
    bucket.join(upload.name, upload.multipart, found)


def make_stale(days: float = 4) -> None:
    DirectUpload.objects.update(touched=clock.now() - timedelta(days=days))
