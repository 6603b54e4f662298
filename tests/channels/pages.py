"""Pages of a channel's planner, and what they say."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.urls import reverse

NOW = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)  # Tuesday, 12.30 WIB


def after(seconds: float) -> datetime:
    """Return the moment so long after NOW."""
    return NOW + timedelta(seconds=seconds)


def page(name: str, channel: Any, *extra: object) -> str:
    """Return the address of a page of `channel`."""
    return reverse(f"wagtailsnippets_channels_channel:{name}", args=[channel.pk, *extra])


def text(answer: Any) -> str:
    """Return what an answer holds, each stretch of blanks as one."""
    return " ".join(answer.content.decode().replace("\u00a0", " ").split())
