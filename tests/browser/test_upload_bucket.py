"""The upload screen where originals stand in a bucket: the browser sends the parts by itself."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from moto.server import ThreadedMotoServer
from playwright.sync_api import expect

from setup import template_database
from tests.browser.conftest import LOGS, ROOT, Siar, _free_port, _wait_until
from tests.browser.line import Line
from tests.s3_stand_in import client_of

pytestmark = pytest.mark.browser
DESK = {"width": 1280, "height": 800}
FILM = os.urandom(2**20) * 30
PASSWORD = "kata sandi (contoh)"
PEOPLE = f"""
from cms.articles.actions import do_ensure_root
from cms.cooperatives.actions import do_sync_all
from cms.cooperatives.models import Cooperative
from cms.core import clock
from cms.core.models import User
User.objects.create_superuser("admin", password={PASSWORD!r}, language="id")
Cooperative.add_root(name="Inkoppas (contoh)", slug="inkoppas", level="inkoppas", city="Jakarta")
do_ensure_root(clock.now())
do_sync_all()
"""


@pytest.fixture(scope="module")
def s3() -> Iterator[object]:
    """A client of a server that speaks S3, with an empty bucket."""
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    # What moto keeps is of the process: a module before may have left something there.
    reset = urllib.request.Request(f"http://{host}:{port}/moto-api/reset", method="POST")
    urllib.request.urlopen(reset).close()
    client = client_of(f"http://{host}:{port}")
    client.create_bucket(Bucket="asli-contoh")
    yield client
    server.stop()


@pytest.fixture(scope="module")
def line(s3) -> Iterator[Line]:
    """What lies between the browser and the bucket."""
    made = Line(urlsplit(s3.meta.endpoint_url).port, uplink=800_000)
    yield made
    made.close()


@pytest.fixture(scope="module")
def siar(s3, line, tmp_path_factory) -> Iterator[Siar]:
    """A small install: web alone, one person, one co-operative."""
    port = _free_port()
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.browser.bucket_settings",
        "SIAR_SECRET_KEY": "only for browser tests",
        "SIAR_VAR": str(tmp_path_factory.mktemp("siar")),
        "SIAR_BASE_URL": f"http://localhost:{port}",
        "SIAR_ORIGINALS_BUCKET": "asli-contoh",
        "SIAR_S3_ENDPOINT": s3.meta.endpoint_url,
        "SIAR_UPLOADS_ENDPOINT": line.base,
        "PYTHONPATH": str(ROOT),
    }
    running = Siar(f"http://localhost:{port}", Path(environment["SIAR_VAR"]), environment)
    template_database.lay(running.var / "siar.sqlite3")
    LOGS.mkdir(parents=True, exist_ok=True)
    running.python(PEOPLE)
    running.logins = {"admin": ("admin", PASSWORD)}
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--no-ws", "--port"]
    log = (LOGS / "web-bucket.log").open("wb")
    web = subprocess.Popen(
        [*command, str(port), "cms.asgi:application"],
        cwd=ROOT,
        env=environment,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    try:
        _wait_until(lambda: running.get("/masuk/")[0] == 200, f"see {LOGS}/web-bucket.log")
        yield running
    finally:
        running.close_shell()
        os.killpg(web.pid, signal.SIGKILL)
        web.wait()


def unfinished(s3) -> list[str]:
    """Keys of uploads that were begun in the bucket and not ended."""
    return [u["Key"] for u in s3.list_multipart_uploads(Bucket="asli-contoh").get("Uploads", [])]


def wait_for_the_first_part(page, s3) -> None:
    """Wait until the bucket has it: what the browser has sent may stand in a buffer yet."""
    for _ in range(300):
        for upload in s3.list_multipart_uploads(Bucket="asli-contoh").get("Uploads", []):
            where = {"Bucket": "asli-contoh", "Key": upload["Key"], "UploadId": upload["UploadId"]}
            if any(part["PartNumber"] == 1 for part in s3.list_parts(**where).get("Parts", [])):
                return
        page.wait_for_timeout(100)
    raise AssertionError("the first part never came")


def row_of(page, name: str):
    """Return the row of one file on the upload screen."""
    return page.locator("[data-list] li", has_text=name)


def test_parts_go_to_the_bucket_go_on_after_a_cut_and_a_reload_and_can_be_cancelled(
    open_page, siar, s3, line, tmp_path, shot, complaints
):
    film = tmp_path / "Pagi di pasar.mp4"
    film.write_bytes(FILM)
    page = open_page("/admin/video/add/", login="admin")
    parts: list[int] = []

    def note(request) -> None:
        if request.method == "PUT":
            assert request.url.startswith(f"{line.base}/asli-contoh/")
            parts.append(int(parse_qs(urlsplit(request.url).query)["partNumber"][0]))

    page.on("request", note)
    picker = page.get_by_label("Pilih video")
    row = page.locator("[data-list] li", has_text="Pagi di pasar")
    picker.set_input_files(film)
    expect(row).to_contain_text(re.compile(r"1[2-9] MB dari 31 MB"), timeout=30_000)
    shot(page, "sending-360")
    wait_for_the_first_part(page, s3)
    line.cut()
    expect(row).to_contain_text("berlanjut sendiri saat sinyal kembali")
    shot(page, "cut-360")
    line.mend()
    expect(row).to_contain_text(re.compile(r"\d MB dari 31 MB"), timeout=30_000)
    page.get_by_role("button", name="Jeda: Pagi di pasar.mp4").click()
    expect(row).to_contain_text("Dijeda pada")
    page.reload()
    parts.clear()
    line.uplink = 0
    picker.set_input_files(film)
    expect(row.get_by_role("link", name="Lengkapi keterangan")).to_be_visible(timeout=60_000)
    assert 1 not in parts, parts
    shot(page, "sent-360")
    page.set_viewport_size(DESK)
    shot(page, "sent-1280")
    (stored,) = s3.list_objects_v2(Bucket="asli-contoh")["Contents"]
    body = s3.get_object(Bucket="asli-contoh", Key=stored["Key"])["Body"].read()
    assert body == FILM
    assert unfinished(s3) == []

    line.uplink = 800_000
    (tmp_path / "Batal.mp4").write_bytes(FILM)
    picker.set_input_files(tmp_path / "Batal.mp4")
    wrong = page.locator("[data-list] li", has_text="Batal.mp4")
    expect(wrong).to_contain_text(re.compile(r"\d,\d MB dari"))
    page.get_by_role("button", name="Batalkan: Batal.mp4").click()
    expect(wrong).to_have_count(0)
    assert unfinished(s3) == []
    assert not [said for said in complaints if "Content Security Policy" in said], complaints
