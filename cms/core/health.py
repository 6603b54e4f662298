"""Whether web, queue and store work: for people, monitors and load balancers."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from huey.contrib.djhuey import HUEY

from cms.core import clock
from cms.core.published import store
from media_pipeline.errors import StoreUnavailable

SILENCE = timedelta(minutes=3)
"""A worker beats each minute; after three it counts as gone."""
AWAY = "the database does not answer"
_HEARTBEAT = b"siar.heartbeat"
_PROBE = "health/probe"

Check = Callable[[datetime], None]
_parts: dict[str, Check] = {}

logger = logging.getLogger(__name__)


class Unwell(Exception):
    """One part does not work; the sentence says which and how it was noticed."""


def register_part(name: str, check: Check) -> None:
    """Let `check(now)` of a room above say, by raising Unwell, that its part does not work.

    `now` is by the clock of the database: what is compared was written by other machines.
    """
    _parts[name] = check


def do_beat(now: datetime) -> None:
    """Let the queue know that a worker lives at `now`, by the clock of the database."""
    HUEY.storage.put_data(_HEARTBEAT, now.isoformat().encode())


def check_database() -> None:
    """Raise DatabaseError unless the database answers a query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def check_queue(now: datetime) -> None:
    """Raise Unwell unless a worker has beaten within SILENCE before `now`, by the same clock."""
    try:
        beat = HUEY.storage.peek_data(_HEARTBEAT)
    # Which error a broken queue raises depends on its storage: SQLite, PostgreSQL, Redis.
    except Exception as error:
        raise Unwell("the queue does not answer") from error
    if not isinstance(beat, bytes | memoryview):
        raise Unwell("no worker has reported yet")
    if now - datetime.fromisoformat(bytes(beat).decode()) > SILENCE:
        raise Unwell("no worker has reported for three minutes")


def check_store() -> None:
    """Raise Unwell unless the published store can be read."""
    try:
        store().version(_PROBE)
    except (StoreUnavailable, OSError) as error:
        raise Unwell("the published store cannot be read") from error


@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when everything works, else 503; the body says what each part does."""
    parts = {
        "web": _word(check_database),
        "queue": _word(lambda: check_queue(clock.shared())),
        "store": _word(check_store),
        **{name: _word(partial(_check_part, check)) for name, check in _parts.items()},
    }
    well = all(word == "ok" for word in parts.values())
    return JsonResponse(parts, status=200 if well else 503)


def _check_part(check: Check) -> None:
    check(clock.shared())


def _word(check: Callable[[], None]) -> str:
    """Return "ok", or what is wrong: any part may need the database."""
    try:
        check()
    except DatabaseError as trouble:
        logger.warning("unwell: %s", AWAY, exc_info=trouble)
        return AWAY
    except Unwell as trouble:
        logger.warning("unwell: %s", trouble, exc_info=trouble.__cause__)
        return str(trouble)
    return "ok"
