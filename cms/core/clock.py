"""The one place of the CMS that reads the clock. Everything below a view or a task takes `now`."""

from datetime import UTC, datetime

from django.db import connection
from django.utils import timezone

_ASKED = {
    "postgresql": "SELECT (clock_timestamp() AT TIME ZONE 'UTC')::text",
    "sqlite": "SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')",
}


def now() -> datetime:
    """Return this instant as an aware datetime in UTC."""
    return timezone.now()


def shared() -> datetime:
    """Return this instant by the clock of the database, which is one for all machines.

    For moments that one machine writes down and another compares: their clocks differ.
    Raises DatabaseError.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ASKED[connection.vendor])
        [text] = cursor.fetchone()
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
