"""Lines of the week as tests put them on channels."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from cms.channels.actions import Edit
from cms.channels.models import Channel, Playlist, WeeklySlot
from cms.channels.template.actions import do_add_line
from cms.videos.models import Video


def do_add_slot(
    channel: Channel,
    video: Video,
    weekdays: Collection[int],
    clock: time,
    now: datetime,
    **more: Any,
) -> Edit:
    """Put `video` on `channel` each week."""
    line = WeeklySlot(channel=channel, video=video, weekdays=sorted(weekdays), clock=clock, **more)
    return do_add_line(line, now)


@dataclass(frozen=True)
class NewBlock:
    """A block to be added: how it takes its videos, from which list, and for how many seconds."""

    content: WeeklySlot.Content
    playlist: Playlist | None
    seconds: int


def do_add_block(
    channel: Channel,
    block: NewBlock,
    weekdays: Collection[int],
    clock: time,
    now: datetime,
    **more: Any,
) -> Edit:
    """Put `block` on `channel` each week."""
    said = {"content": block.content, "playlist": block.playlist, "seconds": block.seconds}
    days = sorted(weekdays)
    line = WeeklySlot(channel=channel, weekdays=days, clock=clock, **said, **more)
    return do_add_line(line, now)
