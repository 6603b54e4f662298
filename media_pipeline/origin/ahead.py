"""Reading ahead: at its start an origin reads thousands of files, and has two processors."""

import contextlib
import gc
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

READERS = 2
"""Threads that read; what they do besides waiting and copying takes turns in the interpreter."""

BEGUN = 16
"""What is read before it is asked for; a rundown of two days has 250 kB."""


def ahead[Item, Found](
    work: Callable[[Item], Found], items: Sequence[Item]
) -> Iterator[tuple[Item, Callable[[], Found]]]:
    """Each of `items` with what returns, or raises, what `work` made of it; in order."""
    begun: deque[tuple[Item, Callable[[], Found]]] = deque()
    with ThreadPoolExecutor(READERS, thread_name_prefix="siar-reader") as readers:
        for item in items:
            begun.append((item, readers.submit(work, item).result))
            if len(begun) > BEGUN:
                yield begun.popleft()
        yield from begun


def in_turn[Item, Found](
    work: Callable[[Item], Found], items: Sequence[Item]
) -> Iterator[tuple[Item, Callable[[], Found]]]:
    """The same, each when it is asked for: while viewers are answered, nothing hurries."""
    return ((item, partial(work, item)) for item in items)


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """Look for no garbage meanwhile: what is made at a start stays, and was gone through often."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
