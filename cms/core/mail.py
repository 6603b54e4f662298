"""Mail leaves when what it tells of is so: after the commit, and never for what was undone.

A mail server that is slow, or away, then holds up nobody else's transaction either.
"""

from collections.abc import Sequence
from typing import Any

from django.core.mail import EmailMessage, mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction


class AfterCommit(BaseEmailBackend):
    """Hands messages to the mailer `through` (of MAILERS) once the open transaction is committed.

    Outside of a transaction that is at once. A fault of that mailer is logged.
    """

    def __init__(self, *, through: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._through = through

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Return how many messages will be sent."""
        messages = list(email_messages)
        transaction.on_commit(lambda: mailers[self._through].send_messages(messages), robust=True)
        return len(messages)
