"""Several at one database at the same moment, each in a thread with a connection of its own."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection

PATIENCE = 120
"""Seconds after which a thread that has not come or not ended is a failure."""


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """Call all `jobs` together; return what they gave, in their order.

    Raises what any of them raised, the first of them.
    """
    ready, given = threading.Barrier(len(jobs), timeout=PATIENCE), dict[int, Any]()
    wrong: list[BaseException] = []

    def run(number: int, job: Callable[[], Any]) -> None:
        try:
            ready.wait()
            given[number] = job()
        except BaseException as error:  # noqa: BLE001 - whoever asked is told of it
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each, daemon=True) for each in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    if wrong:
        raise wrong[0]
    assert not any(thread.is_alive() for thread in threads), "a thread has not ended"
    return [given[number] for number in range(len(jobs))]
