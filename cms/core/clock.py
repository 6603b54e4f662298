"""The one place of the CMS that reads the clock. Everything below a view or a task takes `now`."""

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    """Return this instant as an aware datetime in UTC."""
    return timezone.now()
