"""What a process that we start may and may not do."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from media_pipeline import tools
from media_pipeline.errors import Cancelled, StepFailed
from media_pipeline.tools import confine

ROOMY = tools.Limits(memory=4 << 30, cpu_seconds=60, wall_seconds=60, file_bytes=1 << 20)


def run(scratch: Path, code: str, limits: tools.Limits = ROOMY, **given) -> tools.Finished:
    """Run Python `code` as ffmpeg is run."""
    argv = [sys.executable, "-c", code]
    return tools.run(argv, limits=limits, scratch=scratch, name="job", **given)


def gone(pid: int) -> bool:
    """Whether no process has this number, or only one that waits to be reaped by its parent."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_output_and_complaint_are_kept(tmp_path):
    ended = run(tmp_path, "import sys; print('out'); sys.exit('complaint')")
    assert (ended.code, ended.complaint) == (1, "complaint")
    assert ended.stdout.read_text() == "out\n"


def test_it_works_in_its_own_folder_with_next_to_no_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("SIAR_SECRET", "x")
    ended = run(tmp_path, "import os; print(os.getcwd(), sorted(os.environ))")
    shown = ended.stdout.read_text()
    assert shown.startswith(str(tmp_path))
    assert "SIAR_SECRET" not in shown


@pytest.mark.skipif(sys.platform != "linux", reason="network namespaces are Linux's")
def test_it_cannot_reach_the_network(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        code = f"import socket; socket.create_connection(('127.0.0.1', {port}), 5)"
        if _namespaces_are_forbidden(tmp_path):
            pytest.skip("this system allows no network namespace")
        assert "Error" in run(tmp_path, code).complaint


def _namespaces_are_forbidden(folder: Path) -> bool:
    ended = run(folder, "import os; print(os.readlink('/proc/self/ns/net'))")
    return ended.stdout.read_text().strip() == str(Path("/proc/self/ns/net").readlink())


def test_memory_is_limited(tmp_path):
    small = tools.Limits(memory=1 << 28, cpu_seconds=60, wall_seconds=60, file_bytes=1 << 20)
    assert "MemoryError" in run(tmp_path, "bytearray(1 << 29)", small).complaint


def test_processor_time_is_limited(tmp_path):
    short = tools.Limits(memory=4 << 30, cpu_seconds=1, wall_seconds=60, file_bytes=1 << 20)
    assert run(tmp_path, "while True: pass", short).code < 0


def test_output_files_are_limited(tmp_path):
    ended = run(tmp_path, "open('big', 'wb').write(bytes(2 << 20))")
    assert ended.code != 0
    assert (tmp_path / "big").stat().st_size <= 1 << 20


def test_the_wall_clock_ends_what_hangs(tmp_path):
    hasty = tools.Limits(memory=4 << 30, cpu_seconds=60, wall_seconds=0.3, file_bytes=1 << 20)
    started = time.monotonic()
    with pytest.raises(StepFailed) as failure:
        run(tmp_path, "import time; time.sleep(60)", hasty)
    assert failure.value.retryable
    assert time.monotonic() - started < 5


def test_cancelling_kills_the_whole_group(tmp_path):
    """A child of the child must not live on."""
    code = (
        "import os, subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "open('pids.part', 'w').write(f'{os.getpid()} {child.pid}')\n"
        "os.rename('pids.part', 'pids'); time.sleep(60)"
    )
    with pytest.raises(Cancelled):
        run(tmp_path, code, cancelled=(tmp_path / "pids").exists)
    pids = [int(pid) for pid in (tmp_path / "pids").read_text().split()]
    wait_until(lambda: all(map(gone, pids)))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_it_dies_with_the_process_that_started_it(tmp_path):
    """kill -9 of a worker leaves no encoder behind."""
    child = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
    code = (
        "import pathlib, sys\n"
        "from media_pipeline import tools\n"
        f"limits = tools.Limits({ROOMY.memory}, 60, 60, 1 << 20)\n"
        f"tools.run([sys.executable, '-c', {child!r}], limits=limits,\n"
        "    scratch=pathlib.Path(sys.argv[1]), name='job')\n"
    )
    root = Path(__file__).parents[3]
    parent = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=root)
    told = tmp_path / "job.out"
    wait_until(lambda: told.is_file() and told.read_text().endswith("\n"))
    parent.kill()
    parent.wait()
    wait_until(lambda: gone(int(told.read_text())))


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_an_exception_of_the_watcher_kills_it_too(tmp_path):
    def broken(_stdout: Path) -> None:
        raise ZeroDivisionError

    started = time.monotonic()
    with pytest.raises(ZeroDivisionError):
        run(tmp_path, "import time; time.sleep(60)", on_poll=broken)
    assert time.monotonic() - started < 5


@pytest.mark.skipif(shutil.which("unshare") is None, reason="needs util-linux's unshare")
def test_it_runs_for_a_worker_that_is_process_1_of_its_container(tmp_path):
    code = (
        "import os, pathlib, sys\n"
        "from media_pipeline import tools\n"
        "assert os.getpid() == 1\n"
        f"limits = tools.Limits({ROOMY.memory}, 60, 60, 1 << 20)\n"
        "ended = tools.run([sys.executable, '-c', 'print(1)'], limits=limits,\n"
        "    scratch=pathlib.Path(sys.argv[1]), name='job')\n"
        "print(ended.code, ended.complaint)\n"
    )
    inside = ["unshare", "--map-root-user", "--pid", "--fork"]
    if subprocess.run([*inside, "true"], check=False, capture_output=True).returncode:
        pytest.skip("this system allows no process namespace")
    ended = subprocess.run(
        [*inside, sys.executable, "-c", code, str(tmp_path)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert (ended.stdout, ended.stderr) == ("0 \n", "")


def test_it_does_not_begin_when_who_started_it_has_gone(tmp_path):
    begun = tmp_path / "begun"
    argv = [sys.executable, confine.__file__, "1", "{}", "/usr/bin/touch", str(begun)]
    ended = subprocess.run(argv, check=False, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (1, "the parent has gone\n")
    assert not begun.exists()
