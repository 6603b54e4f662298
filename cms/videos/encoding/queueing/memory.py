"""How much memory is free, for what is to run beside a task that must have its process alone."""

from pathlib import Path


def available(root: Path = Path("/")) -> int:
    """Return the bytes of memory that may still be taken; 0 where the system does not tell.

    The least of what the machine has (MemAvailable of proc(5)) and of what the group of
    this process is left (memory.max of cgroup v2, whose caches of files do not count).
    """
    left = [_machine(root), *(_group(folder) for folder in _groups(root))]
    return max(0, min(left))


def _machine(root: Path) -> int:
    for line in _text(root / "proc/meminfo").splitlines():
        name, _, rest = line.partition(":")
        if name == "MemAvailable":
            return int(rest.split()[0]) * 1024
    return 0


def _groups(root: Path) -> list[Path]:
    """Return the folders with a bound: the group of this process, and those that it is in."""
    path = _text(root / "proc/self/cgroup").strip().rpartition("::")[2].strip("/")
    own = root / "sys/fs/cgroup" / path
    inside = [own, *own.parents]
    inside = inside[: inside.index(root / "sys/fs/cgroup") + 1]
    return [folder for folder in inside if _text(folder / "memory.max").strip().isdigit()]


def _group(folder: Path) -> int:
    cached = [
        int(line.split()[1])
        for line in _text(folder / "memory.stat").splitlines()
        if line.startswith("inactive_file ")
    ]
    used = int(_text(folder / "memory.current") or 0)
    return int(_text(folder / "memory.max")) - used + sum(cached)


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
