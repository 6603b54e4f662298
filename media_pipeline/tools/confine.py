"""Becomes another program after giving up what that program must not have.

Run as a file of its own (`python -I -S confine.py PARENT OPTION … -- PROGRAM …`), so that
limits are set in a process with one thread: Popen's preexec_fn can deadlock in
a worker with threads. PARENT is the process id of who starts it. An OPTION is `nice=10`,
`limit=RLIMIT_AS:4294967296`, `read=PATH` or `write=PATH`; all but the first may be repeated.

It imports little, since each tool that is started waits for it. `_signal` is the part of `signal`
that CPython writes in C: `signal` itself imports `enum`, which takes 6 of 20 ms of processor time.

What a system does not offer is left out, one by one: docs/security.md says what applies where.
"""

import _signal  # type: ignore[import-not-found]
import ctypes
import errno
import os
import resource
import struct
import sys

_PR_SET_PDEATHSIG, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS = 1, 24, 38
"""linux/prctl.h."""

_CAPABILITIES = range(64)
_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH = 1, 2
"""linux/capability.h: a worker run by root reads originals that are another user's."""

_PROCESSES = 256
"""Threads of one user in a namespace of ours: six encoders with eight threads need about 60."""


_CPU_GRACE = 5
"""Seconds between SIGXCPU, which tells why it has to end, and SIGKILL."""

_CAUGHT = (_signal.SIGTERM, _signal.SIGINT, _signal.SIGHUP, _signal.SIGQUIT, _signal.SIGXCPU)


def hold_back_what_is_caught() -> None:
    """Keep from the program signals that ffmpeg would catch, for who watches it to see (stops.py).

    It would close its files and look done, or call an input that it was opening invalid.
    A mask outlives exec, where handlers do not.
    """
    if sys.platform == "linux":  # elsewhere nobody could see them
        _signal.pthread_sigmask(_signal.SIG_BLOCK, _CAUGHT)


def leave_the_network() -> bool:
    """Enter an empty network namespace where the system allows it; say if users are ours as well.

    Root may do it alone; others through a user namespace, which some systems
    forbid: then Landlock and the protocol whitelist of ffmpeg stand alone.
    """
    user, group = os.getuid(), os.getgid()
    try:
        os.unshare(os.CLONE_NEWNET)
        return False
    except (OSError, AttributeError):
        pass  # not root, or not Linux
    try:
        os.unshare(os.CLONE_NEWUSER | os.CLONE_NEWNET)
        for name, text in (
            ("setgroups", "deny"),
            ("uid_map", f"{user} {user} 1"),
            ("gid_map", f"{group} {group} 1"),
        ):
            _write_of_self(name, text)
    except (OSError, AttributeError):
        return False
    return True


def _write_of_self(name: str, text: str) -> None:
    with open(f"/proc/self/{name}", "w", encoding="ascii") as file:  # noqa: PTH123
        file.write(text)


def set_limits(limits: dict[str, int]) -> None:
    """Set each RLIMIT, soft and hard, but never above the hard limit that is there."""
    for name, value in limits.items():
        kind = getattr(resource, name)
        _, hard = resource.getrlimit(kind)
        # With both the same, the kernel kills without saying why.
        grace = _CPU_GRACE if name == "RLIMIT_CPU" else 0
        highest = value + grace
        if hard != resource.RLIM_INFINITY:
            highest = min(highest, hard)
            value = min(value, max(1, hard - grace), highest)
        resource.setrlimit(kind, (value, highest))


def give_way(nice: int) -> None:
    """Let web, origin and database go first, and be the first to go when memory ends."""
    os.umask(0o077)
    in_all = os.nice(nice)
    # Where sessions have an equal share each (sched_autogroup), niceness alone counts within one only.
    # Whoever is not root may say this ten times a second, all together: then it stays as it is.
    for name, text in (("autogroup", str(in_all)), ("oom_score_adj", "800")):
        try:
            _write_of_self(name, text)
        except OSError:
            continue
    # Python ignores them, and what is ignored stays so in the program.
    for number in (_signal.SIGPIPE, _signal.SIGXFSZ):
        _signal.signal(number, _signal.SIG_DFL)


def drop_powers(libc: ctypes.CDLL) -> None:
    """Have no capability after exec, and gain none by a set-uid program.

    Root keeps two, by which it reads and writes files of other users; Landlock limits those.
    """
    if not hasattr(libc, "prctl"):
        return
    for capability in _CAPABILITIES:
        if capability not in (_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH):
            libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def die_with_the_parent(libc: ctypes.CDLL, parent: int) -> None:
    """Be killed when the thread that started us ends, so that kill -9 leaves no encoder behind.

    `parent` is its process, which may well be number 1: a worker alone in a container.
    """
    if hasattr(libc, "prctl"):
        libc.prctl(_PR_SET_PDEATHSIG, _signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit("the parent has gone")  # it died before we asked


_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
"""System calls of Landlock, the same on every processor (linux/landlock.h, Linux 5.13)."""

_RULE_PATH_BENEATH = 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REMOVE_FILE, _MAKE_REG, _TRUNCATE = 1 << 5, 1 << 8, 1 << 14
_FS_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
"""All rights over files that a version knows: what is not given by a rule is refused."""
_TCP_BIND_CONNECT, _TCP_SINCE = 0b11, 4
_SOCKETS_SIGNALS, _SCOPED_SINCE = 0b11, 6
_OF_A_FILE = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE

_SYSTEM = (
    *("/usr", "/bin", "/lib", "/lib32", "/lib64", "/opt", "/nix", "/etc/ld.so.cache"),
    *("/dev/urandom", "/dev/random", "/sys/devices/system/cpu", "/proc/cpuinfo", "/proc/meminfo"),
)
"""What a program needs to start: libraries, and what the machine is."""


def see_only(libc: ctypes.CDLL, read: list[str], write: list[str]) -> bool:
    """Read only the system's programs and `read`, write only in `write` (Landlock).

    From Linux 6.7 on no TCP, from 6.12 on no signal to and no abstract socket of others either.
    Returns False where the kernel has no Landlock or it is turned off.
    """
    version = libc.syscall(_CREATE_RULESET, None, 0, 1)
    if version < 1:
        return False
    rights = max(value for since, value in _FS_RIGHTS.items() if since <= version)
    net = _TCP_BIND_CONNECT if version >= _TCP_SINCE else 0
    scoped = _SOCKETS_SIGNALS if version >= _SCOPED_SINCE else 0
    attributes = struct.pack("=QQQ", rights, net, scoped)
    size = 24 if scoped else 16 if net else 8
    ruleset = libc.syscall(_CREATE_RULESET, attributes, size, 0)
    if ruleset < 0:
        return False
    reading = _EXECUTE | _READ_FILE | _READ_DIR
    writing = _READ_FILE | _READ_DIR | _WRITE_FILE | _MAKE_REG | _REMOVE_FILE | _TRUNCATE
    for path in (*_SYSTEM, *read):
        _allow(libc, ruleset, path, reading & rights)
    for path in (*write, "/dev/null"):
        _allow(libc, ruleset, path, writing & rights)
    return bool(libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0)


def _allow(libc: ctypes.CDLL, ruleset: int, path: str, rights: int) -> None:
    """Give `rights` below `path`, if it is there."""
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError as absent:
        if absent.errno in (errno.ENOENT, errno.ENOTDIR, errno.EACCES):
            return
        raise
    allowed = rights if os.path.isdir(path) else rights & _OF_A_FILE  # noqa: PTH112
    rule = struct.pack("=Qi", allowed, place)
    if libc.syscall(_ADD_RULE, ruleset, _RULE_PATH_BENEATH, rule, 0) != 0:
        sys.exit(f"no rule for {path!r}")
    os.close(place)


def confine(
    parent: int, nice: int, limits: dict[str, int], read: list[str], write: list[str]
) -> None:
    """Give up everything that is not named, in the order that allows it."""
    libc = ctypes.CDLL(None, use_errno=True)
    hold_back_what_is_caught()
    give_way(nice)
    if leave_the_network():
        # Counted for each user: only in a namespace of our own is it ours alone.
        limits = {**limits, "RLIMIT_NPROC": _PROCESSES}
    drop_powers(libc)  # Landlock asks for no_new_privs
    see_only(libc, read, write)
    set_limits(limits)
    die_with_the_parent(libc, parent)  # last: changing namespaces undoes it


def main(parent: str, *words: str) -> None:
    """Confine this process by the options before "--", and become the program after it."""
    options: dict[str, list[str]] = {"nice": [], "limit": [], "read": [], "write": []}
    end = words.index("--")
    for word in words[:end]:
        name, _, value = word.partition("=")
        options[name].append(value)
    limits = {name: int(value) for name, value in (each.split(":") for each in options["limit"])}
    confine(int(parent), int(options["nice"][0]), limits, options["read"], options["write"])
    program = words[end + 1 :]
    os.execv(program[0], program)  # noqa: S606 - a list of our own making


if __name__ == "__main__":
    main(*sys.argv[1:])
