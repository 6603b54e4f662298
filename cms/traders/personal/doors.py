"""Where rooms above say what they hold of a trader, and forget it in the same transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cms.core.models import User


@dataclass(frozen=True)
class Leaving:
    """Who leaves at `now`: primary keys of their stalls and products, the keys of their
    segments, and those of the videos that were about nothing else (as rundowns write them).
    """

    now: datetime
    stalls: tuple[int, ...]
    products: tuple[int, ...]
    segments: tuple[UUID, ...]
    videos: tuple[str, ...]


Teller = Callable[[User], list[dict[str, Any]]]
Eraser = Callable[[Leaving], None]

tellers: dict[str, Teller] = {}
erasers: dict[str, Eraser] = {}


def register_personal(
    name: str, *, tell: Teller | None = None, erase: Eraser | None = None
) -> None:
    """Let `tell(user)` add rows under `name` to a trader's copy, and `erase` forget them.

    Call it in `AppConfig.ready`. `erase` runs before the rows of this room go.
    """
    if tell is not None:
        tellers[name] = tell
    if erase is not None:
        erasers[name] = erase
