"""The worker: Huey's consumer, which a worker's memory is spared for."""

import ctypes
from typing import Any

from huey.contrib.djhuey.management.commands.run_huey import Command as HueyCommand

_ARENA_MAX = -8
"""M_ARENA_MAX of mallopt(3)."""


class Command(HueyCommand):
    """Runs the checks of Siar alone: others would import all views and their forms."""

    requires_system_checks = ["siar"]

    def handle(self, *arguments: Any, **options: Any) -> None:
        keep_arenas_few()
        super().handle(*arguments, **options)


def keep_arenas_few() -> None:
    """Let threads share two arenas: each of its own would hold on to what it once needed."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:  # glibc
        mallopt(_ARENA_MAX, 2)
