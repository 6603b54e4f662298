"""Becomes another program after giving up what that program must not have.

Run as a file of its own (`python -I -S confine.py PARENT LIMITS PROGRAM …`), so that
limits are set in a process with one thread: Popen's preexec_fn can deadlock in
a worker with threads. PARENT is the process id of who starts it; LIMITS is a JSON object of RLIMIT names to numbers.
"""

import contextlib
import ctypes
import json
import os
import resource
import signal
import sys

_PR_SET_PDEATHSIG = 1
"""linux/prctl.h."""


def leave_the_network() -> None:
    """Enter an empty network namespace where the system allows it.

    Root may do it alone; others through a user namespace, which some systems
    forbid: then the protocol whitelist of ffmpeg stands alone.
    """
    user, group = os.getuid(), os.getgid()
    try:
        os.unshare(os.CLONE_NEWNET)
        return
    except (OSError, AttributeError):
        pass  # not root, or not Linux
    with contextlib.suppress(OSError, AttributeError):
        os.unshare(os.CLONE_NEWUSER | os.CLONE_NEWNET)
        for name, text in (
            ("setgroups", "deny"),
            ("uid_map", f"{user} {user} 1"),
            ("gid_map", f"{group} {group} 1"),
        ):
            with open(f"/proc/self/{name}", "w", encoding="ascii") as file:  # noqa: PTH123
                file.write(text)


def set_limits(limits: dict[str, int]) -> None:
    """Set each RLIMIT, soft and hard, but never above the hard limit that is there."""
    for name, value in limits.items():
        kind = getattr(resource, name)
        _, hard = resource.getrlimit(kind)
        ceiling = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (ceiling, ceiling))


def die_with_the_parent(parent: int) -> None:
    """Be killed when the thread that started us ends, so that kill -9 leaves no encoder behind.

    `parent` is its process, which may well be number 1: a worker alone in a container.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if hasattr(libc, "prctl"):
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit("the parent has gone")  # it died before we asked


if __name__ == "__main__":
    leave_the_network()
    set_limits(json.loads(sys.argv[2]))
    die_with_the_parent(int(sys.argv[1]))  # last: changing namespaces undoes it
    os.execv(sys.argv[3], sys.argv[3:])  # noqa: S606 - a list of our own making
