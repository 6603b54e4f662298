"""The origin as a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta

import m3u8
import pytest

from media_pipeline.cli import main
from media_pipeline.origin.serve import PortTaken, serve
from media_pipeline.playout import append
from media_pipeline.stores import open_store

pytestmark = pytest.mark.real_clock
PROGRAM = "import sys; from media_pipeline.origin.serve import serve; serve(sys.argv[1], int(sys.argv[2]))"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def fetch(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
        return answer.read().decode()


def wait_for(port: int, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            fetch(port, "/healthz")
            return
        except OSError:
            assert process.poll() is None
            time.sleep(0.05)
    raise AssertionError("the origin did not start")


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_folder_is_played_by_one_process_that_stops_cleanly(studio, ending) -> None:
    studio.publish("a", *[4] * 100)
    rundown = append(
        studio.rundown(),
        *studio.items("a"),
        start=round((datetime.now(UTC) - timedelta(seconds=90)).timestamp() * 90_000),
    )
    studio.air(rundown)
    studio.store.write(f"publications/{'a' * 32}/v144/00001.m4s", b"segment")
    port = free_port()
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, studio.store.folder, str(port)])
    try:
        wait_for(port, process)
        read = m3u8.loads(fetch(port, "/live/contoh/v144.m3u8"))
        assert len(read.segments) == 15
        assert fetch(port, f"/media/publications/{'a' * 32}/v144/00001.m4s") == "segment"
        process.send_signal(ending)
        assert process.wait(10) == 0
    finally:
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()


def test_a_taken_port_gives_one_sentence(tmp_path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=f"^Port {port} of 127.0.0.1 cannot be used"):
            serve(tmp_path, port)


def test_a_folder_that_is_none_gives_one_sentence(tmp_path) -> None:
    with pytest.raises(NotADirectoryError, match="is not a folder"):
        serve(tmp_path / "tidak-ada", 1)


def test_a_taken_port_of_ipv6_gives_one_sentence(tmp_path) -> None:
    with socket.socket(socket.AF_INET6) as other:
        try:
            other.bind(("::1", 0))
        except OSError:
            pytest.skip("this machine has no IPv6")
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=f"^Port {port} of ::1 cannot be used"):
            serve(tmp_path, port, "::1")


def test_a_bucket_is_played_and_its_files_come_from_elsewhere(studio, s3_settings) -> None:
    studio.store = open_store(s3_settings)
    studio.publish("s", 4)
    studio.publish("a", 4, 4)
    port = free_port()
    where = f"s3://{s3_settings['bucket']}/{s3_settings['prefix']}"
    command = [sys.executable, "-m", "media_pipeline", "origin", "--store", where]
    command += ["--port", str(port), "--media-url", "https://media.contoh/"]
    environment = os.environ | {
        "SIAR_S3_ENDPOINT": s3_settings["endpoint"],
        "AWS_ACCESS_KEY_ID": "contoh",
        "AWS_SECRET_ACCESS_KEY": "contoh",
    }
    process = subprocess.Popen(command, env=environment)
    try:
        wait_for(port, process)
        read = m3u8.loads(fetch(port, f"/vod/{'a' * 32}/v144.m3u8"))
        assert read.segments[0].uri.startswith("https://media.contoh/publications/")
        with pytest.raises(urllib.error.HTTPError, match="404"):
            fetch(port, f"/media/publications/{'a' * 32}/publication.json")
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("store", ["s3://bucket", "s3:///prefix"])
def test_a_bucket_without_an_address_for_its_files_gives_one_sentence(store, capsys) -> None:
    assert main(["origin", "--store", store, "--port", "1"]) == 2
    assert capsys.readouterr().err.endswith(".\n")


def test_an_origin_alone_knows_no_database() -> None:
    code = "import sys; import media_pipeline.origin.serve; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert "uvicorn" in loaded
    assert not loaded & {"django", "wagtail", "cms", "sqlite3", "psycopg", "redis", "huey"}
