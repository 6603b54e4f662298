"""What else an upload may become than a video: rooms above say so, with rules of their own."""

from datetime import datetime
from typing import Protocol

from cms.cooperatives.models import Cooperative
from cms.core.models import User


class Purpose(Protocol):
    """A kind of upload, each of which is for a `target` that its room knows."""

    largest: int
    """Bytes of one file."""
    most_open: int
    """Unfinished uploads of one person."""

    def may_send(self, user: User) -> bool:
        """Return whether `user` has anything to send for it."""

    def place_of(self, user: User, target: str) -> Cooperative | None:
        """Return whose `target` is, None where `user` may not send to it, or no more."""

    def do_arrive(
        self, original: str, user: User, now: datetime, *, target: str, name: str, upload: str
    ) -> int:
        """Take the `original` in its storage; return the id of what it became.

        Repeating it with the same `upload` is harmless. Raises Refused where it can never
        become anything; the original is then removed by the caller.
        """

    def do_take_back(self, became: int, upload: str, now: datetime) -> bool:
        """Undo `do_arrive`, as the person has cancelled; return False if it was put to use since."""


_purposes: dict[str, Purpose] = {}


def register(name: str, purpose: Purpose) -> None:
    """Let uploads say that they are for `purpose`."""
    _purposes[name] = purpose


def find(name: str) -> Purpose | None:
    """Return what is registered as `name`."""
    return _purposes.get(name)


def may_send_any(user: User) -> bool:
    """Return whether `user` may send something for one of them."""
    return any(purpose.may_send(user) for purpose in _purposes.values())
