"""What the upload app answers."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(eq=False)
class Answer(Exception):
    """A response; raised where a request is refused.

    `sentence` is for the person; `values` are for the script, as JSON instead of the sentence.
    """

    status: int
    sentence: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] | None = None
