"""What a process that we start may and may not do."""

import ctypes
import errno
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from media_pipeline import tools
from media_pipeline.errors import Cancelled, Stop, ToolStopped
from media_pipeline.tools import complaint, confine

ROOMY = tools.Limits(memory=4 << 30, cpu_seconds=60, wall_seconds=60, file_bytes=1 << 20)


PYTHON = [Path(sys.prefix), Path(sys.base_prefix)]
"""What the programs of these tests read, as they are Python."""


def run(scratch: Path, code: str, limits: tools.Limits = ROOMY, **given) -> tools.Finished:
    """Run Python `code` as ffmpeg is run."""
    argv = [sys.executable, "-c", code]
    return tools.run(argv, limits=limits, scratch=scratch, name="job", reads=PYTHON, **given)


def stopped(scratch: Path, code: str, limits: tools.Limits = ROOMY, **given) -> Stop:
    """Run Python `code`, which is stopped; return by what."""
    with pytest.raises(ToolStopped) as failure:
        run(scratch, code, limits, **given)
    assert failure.value.retryable
    return failure.value.how


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
    assert stopped(tmp_path, "while True: pass", short) == "cpu"


def test_a_tool_that_the_machine_has_no_room_to_start_met_no_limit_of_ours(tmp_path, monkeypatch):
    def full(*_given, **_named):
        raise OSError(errno.ENOMEM, "Cannot allocate memory")

    monkeypatch.setattr(subprocess, "Popen", full)
    with pytest.raises(ToolStopped) as failure:
        run(tmp_path, "print(1)")
    assert (failure.value.how, failure.value.from_outside) == ("memory", True)


def test_output_files_are_limited(tmp_path):
    default = "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_DFL)"  # Python ignores it
    assert stopped(tmp_path, f"{default}; open('big', 'wb').write(bytes(2 << 20))") == "output"
    assert (tmp_path / "big").stat().st_size <= 1 << 20


def test_the_wall_clock_ends_what_hangs(tmp_path):
    hasty = tools.Limits(memory=4 << 30, cpu_seconds=60, wall_seconds=0.3, file_bytes=1 << 20)
    # It would end by itself, without an error, after ten minutes.
    assert stopped(tmp_path, "import time; time.sleep(600)", hasty) == "wall"
    assert (tmp_path / "job.err").read_text() == ""


def test_a_wish_to_stop_is_asked_for_several_times_a_second(tmp_path):
    """Counted, since a busy machine has no clock: twenty questions take five seconds at most."""
    asked: list[float] = []

    def cancelled() -> bool:
        asked.append(time.monotonic())
        return len(asked) == 20

    with pytest.raises(Cancelled):
        run(tmp_path, "import time; time.sleep(600)", cancelled=cancelled)
    assert len(asked) == 20
    assert statistics.median(b - a for a, b in pairwise(asked)) < 2


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
        "    scratch=pathlib.Path(sys.argv[1]), name='job',\n"
        "    reads=[pathlib.Path(sys.prefix), pathlib.Path(sys.base_prefix)])\n"
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
    def broken(stdout: Path) -> None:
        if stdout.read_text().endswith("\n"):
            raise ZeroDivisionError

    code = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
    with pytest.raises(ZeroDivisionError):
        run(tmp_path, code, on_poll=broken)
    assert gone(int((tmp_path / "job.out").read_text()))


@pytest.mark.skipif(shutil.which("unshare") is None, reason="needs util-linux's unshare")
def test_it_runs_for_a_worker_that_is_process_1_of_its_container(tmp_path):
    code = (
        "import os, pathlib, sys\n"
        "from media_pipeline import tools\n"
        "assert os.getpid() == 1\n"
        f"limits = tools.Limits({ROOMY.memory}, 60, 60, 1 << 20)\n"
        "ended = tools.run([sys.executable, '-c', 'print(1)'], limits=limits,\n"
        "    scratch=pathlib.Path(sys.argv[1]), name='job',\n"
        "    reads=[pathlib.Path(sys.prefix), pathlib.Path(sys.base_prefix)])\n"
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
    options = ["nice=10", f"write={tmp_path}"]
    argv = [sys.executable, confine.__file__, "1", *options, "--", "/usr/bin/touch", str(begun)]
    ended = subprocess.run(argv, check=False, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (1, "the parent has gone\n")
    assert not begun.exists()


def test_memory_that_is_really_held_is_watched(tmp_path):
    """Address space says little of what an encoder holds: it is watched beside it."""
    small = tools.Limits(4 << 30, 60, 60, 1 << 20, resident=100 << 20)
    code = "import time; held = bytearray(b'x') * (200 << 20); time.sleep(600)"
    assert stopped(tmp_path, code, small) == "memory"


def test_a_complaint_that_never_ends_takes_no_room(tmp_path):
    code = (
        "import sys\n"
        "for _ in range(40): sys.stderr.write('x' * (1 << 20) + '\\n')\n"
        "sys.exit('the last line')"
    )
    ended = run(tmp_path, code)
    assert ended.last_words == "the last line"
    assert ended.stderr.stat().st_size <= 3 << 20


def test_what_filters_have_measured_outlives_the_noise_of_a_damaged_file(tmp_path):
    """Each of these is read as a result, wherever it stands among the complaints."""
    measured = [
        "[silencedetect@t0 @ 0x55d0] silence_start: 3.5",
        "[Parsed_blackdetect_2 @ 0x55d0] black_start:0 black_end:2 black_duration:2",
        "[Parsed_freezedetect_3 @ 0x55d0] lavfi.freezedetect.freeze_start: 12",
        "[Parsed_metadata_9 @ 0x55d0] lavfi.signalstats.YAVG=16.5",
        "[ebur128@t0 @ 0x55d0] Summary:",
        "    I:         -21.8 LUFS",
        "    Peak:       -4.0 dBFS",
    ]
    code = (
        "import sys\n"
        "noise = '[h264 @ 0x55d0] error while decoding MB 33 12\\n' * 100_000\n"
        f"for line in {measured!r}: sys.stderr.write(noise + line + '\\n')\n"
        "sys.stderr.write(noise)"
    )
    ended = run(tmp_path, code)
    said = ended.stderr.read_text().splitlines()
    assert [line for line in said if "error while decoding" not in line] == measured
    assert ended.stderr.stat().st_size <= 3 << 20


def test_a_child_that_keeps_stderr_open_is_not_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr(complaint, "_PATIENCE", 0.1)
    code = (
        "import subprocess, sys\n"
        "child = 'import time; time.sleep(600)'\n"
        "subprocess.Popen([sys.executable, '-c', child], stdout=2)\n"
        "sys.exit('the last line')"
    )
    assert run(tmp_path, code).last_words == "the last line"


def landlock() -> int:
    """The version of Landlock that this kernel has; 0 without."""
    return max(0, ctypes.CDLL(None).syscall(444, None, 0, 1)) if sys.platform == "linux" else 0


@pytest.mark.skipif(landlock() < 1, reason="this kernel has no Landlock")
def test_it_reads_only_what_the_command_names(tmp_path):
    scratch, secret = tmp_path / "scratch", tmp_path / "secret"
    scratch.mkdir()
    secret.write_text("x")
    code = "import sys; print(open(sys.argv[1].removeprefix('file:')).read())"
    for named, code_wanted in ((str(secret), 0), (f"file:{secret}", 0), ("../secret", 1)):
        argv = [sys.executable, "-c", code, named]
        ended = tools.run(argv, limits=ROOMY, scratch=scratch, name="job", reads=PYTHON)
        assert ended.code == code_wanted, named
    for path in ("/etc/passwd", "/proc/self/environ", "/etc"):
        assert "PermissionError" in run(scratch, f"open({path!r})").complaint


@pytest.mark.skipif(landlock() < 1, reason="this kernel has no Landlock")
@pytest.mark.parametrize(
    "deed",
    [
        "open('../new', 'w')",
        "open('../kept', 'a')",
        "os.truncate('../kept', 0)",
        "os.unlink('../kept')",
        "os.mkdir('../folder')",
        "os.rename('mine', '../kept')",
        "os.symlink('/etc', 'etc')",
        "os.mkfifo('pipe')",
    ],
)
def test_it_writes_only_files_in_its_own_folder(tmp_path, deed):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    (tmp_path / "kept").write_text("kept")
    ended = run(scratch, f"import os; open('mine', 'w').write('x'); {deed}")
    assert "Error" in ended.last_words
    assert (scratch / "mine").read_text() == "x"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["kept", "scratch"]
    assert (tmp_path / "kept").read_text() == "kept"


@pytest.mark.skipif(landlock() < 6, reason="from Linux 6.12 on")
def test_it_signals_nobody(tmp_path):
    assert "PermissionError" in run(tmp_path, "import os; os.kill(os.getppid(), 0)").complaint


@pytest.mark.skipif(landlock() < 4, reason="from Linux 6.7 on")
def test_without_network_namespaces_it_still_makes_no_connection(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        code = (
            "import ctypes, socket, sys\n"
            f"sys.path.insert(0, {str(Path(confine.__file__).parent)!r})\n"
            "import confine\n"
            "libc = ctypes.CDLL(None)\n"
            "confine.drop_powers(libc); confine.see_only(libc, [], [])\n"
            f"socket.create_connection(('127.0.0.1', {server.getsockname()[1]}), 5)"
        )
        ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "PermissionError" in ended.stderr


@pytest.mark.parametrize(
    ("limits", "nice"),
    [(ROOMY, 10), (msgspec.structs.replace(ROOMY, nice=tools.URGENT), tools.URGENT)],
)
def test_what_viewers_wait_for_gives_way_less_but_does(limits, nice, tmp_path):
    argv = [sys.executable, "-c", "import os; print(os.nice(0))"]
    ended = tools.run(argv, limits=limits, scratch=tmp_path, name="job", reads=PYTHON)
    assert int(ended.stdout.read_text()) == min(19, os.nice(0) + nice)


def test_it_starts_where_the_system_allows_no_core_at_all(tmp_path):
    code = (
        "import pathlib, resource, sys\n"
        "from media_pipeline import tools\n"
        "resource.setrlimit(resource.RLIMIT_CORE, (0, 0))\n"
        f"limits = tools.Limits({ROOMY.memory}, 60, 60, 1 << 20)\n"
        "ended = tools.run([sys.executable, '-c', 'print(1)'], limits=limits,\n"
        "    scratch=pathlib.Path(sys.argv[1]), name='job',\n"
        "    reads=[pathlib.Path(sys.prefix), pathlib.Path(sys.base_prefix)])\n"
        "print(ended.code, ended.complaint)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], check=False, capture_output=True, text=True
    )
    assert (ended.stdout, ended.stderr) == ("0 \n", "")


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_it_has_no_powers_no_open_files_and_gives_way(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.set_inheritable(True)
        code = (
            "import os, resource\n"
            "for path in ('status', 'oom_score_adj'): print(open(f'/proc/self/{path}').read())\n"
            f"print('ours', os.path.exists('/proc/self/fd/{server.fileno()}'))\n"
            "print('nice', os.nice(0), 'umask', oct(os.umask(0)))\n"
            "group = '/proc/self/autogroup'\n"
            "print(open(group).read() if os.path.exists(group) else 'no groups')\n"
            "print('core', resource.getrlimit(resource.RLIMIT_CORE))\n"
            "print('open', resource.getrlimit(resource.RLIMIT_NOFILE))\n"
        )
        argv = [sys.executable, "-c", code]
        reads = [*PYTHON, Path("/proc")]
        ended = tools.run(argv, limits=ROOMY, scratch=tmp_path, name="job", reads=reads)
        shown = ended.stdout.read_text()
    assert "NoNewPrivs:\t1" in shown
    powers = next(line for line in shown.splitlines() if line.startswith("CapEff"))
    assert int(powers.split()[1], 16) & ~0b110 == 0
    assert "\n800\n" in shown
    assert "ours False" in shown
    nice = f"nice {min(19, os.nice(0) + 10)}"
    assert f"{nice} umask" in shown
    # Who is not root may be refused it: ten times a second, all together.
    if os.geteuid() == 0 and "/autogroup-" in shown:
        assert nice in next(line for line in shown.splitlines() if line.startswith("/autogroup-"))
    assert "umask 0o77" in shown
    assert "core (1, 1)" in shown
    assert "open (256, 256)" in shown


def test_what_it_writes_is_for_nobody_else(tmp_path):
    run(tmp_path, "open('made', 'w')")
    assert (tmp_path / "made").stat().st_mode & 0o777 == 0o600
