"""Setting up says what is wrong in one sentence and does nothing twice."""

import os
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_an_old_python_alone_gives_one_sentence(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    found = subprocess.run(
        ["/bin/sh", "setup/find-python"],
        cwd=ROOT,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 1
    assert found.stderr.startswith("Siar needs Python 3.12 or later")


def test_a_taken_port_gives_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        start = subprocess.run(
            [sys.executable, "-m", "setup.start"],
            cwd=ROOT,
            env=os.environ | {"PORT": port, "SIAR_VAR": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert start.returncode == 1
    assert start.stderr.strip().splitlines() == [
        f"Port {port} on 127.0.0.1 is taken: choose another one with `make run PORT=…`."
    ]


def test_a_wrong_port_gives_one_sentence(tmp_path: Path) -> None:
    start = subprocess.run(
        [sys.executable, "-m", "setup.start"],
        cwd=ROOT,
        env=os.environ | {"PORT": "http", "SIAR_VAR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert start.returncode == 1
    assert "PORT=http is not a port" in start.stderr


def test_the_secret_of_an_install_is_its_own_and_stays(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-c",
        "from setup import install; print(install.load()['secret_key'])",
    ]

    def secret(folder: Path) -> str:
        environment = os.environ | {"SIAR_VAR": str(folder)}
        return subprocess.check_output(command, cwd=ROOT, env=environment, text=True)

    first, again, other = secret(tmp_path / "a"), secret(tmp_path / "a"), secret(tmp_path / "b")
    assert first == again
    assert first != other
    assert (tmp_path / "a" / "install.json").stat().st_mode & 0o077 == 0
