"""A sentence over the picture of a channel: what `channels/<slug>/notice.json` holds.

It is no part of the rundown: a rundown that changes is looked at by all who inherit from
it, and a notice changes nothing of what plays.
"""

from typing import Annotated

import msgspec

from media_pipeline.model.reading import decoded

LONGEST = 120
"""Characters: two lines on a narrow phone."""


class Notice(msgspec.Struct, frozen=True):
    """`text` is shown from `start` to `end` (ticks since 1970); `id` names it for players."""

    id: int
    text: Annotated[str, msgspec.Meta(max_length=LONGEST)]
    start: int
    end: int

    @property
    def line(self) -> str:
        """The text as one line: readers of playlists know many ends of a line, XML no controls."""
        return printable(self.text)


def printable(text: str) -> str:
    """Return `text` with a blank for each character that is not one to be read."""
    return "".join(c if c.isprintable() else " " for c in text)


def decode_notice(data: bytes) -> Notice:
    """Return the notice in `data`; raise msgspec.DecodeError if it is none."""
    return decoded(data, Notice)


def encode_notice(notice: Notice) -> bytes:
    """Return `notice` as the bytes of its file."""
    return msgspec.json.encode(notice)
