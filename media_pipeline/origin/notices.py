"""What is told over the picture of channels, from the store to memory."""

from collections.abc import Mapping

import msgspec
import structlog

from media_pipeline.model.keys import notice_file
from media_pipeline.model.notice import Notice, decode_notice
from media_pipeline.origin.channel import Channel
from media_pipeline.stores import Store

log = structlog.get_logger("siar.origin")


class Notices:
    """The notices of all channels, each read when its mark changed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._held: dict[str, tuple[str, Notice | None]] = {}

    def tell(self, known: Mapping[str, Channel], marks: Mapping[str, str]) -> None:
        """Have the channels in `known` told what `marks` are of; raises StoreUnavailable."""
        changed = {name: mark for name, mark in marks.items() if self._mark(name) != mark}
        gone = self._held.keys() - marks.keys()
        fresh = {name: (mark, self._read(name)) for name, mark in changed.items()}
        self._held = {n: held for n, held in self._held.items() if n not in gone} | fresh
        for name, channel in known.items():
            channel.notice = self._held.get(name, ("", None))[1]
            if fresh or gone:
                # Who inherits may tell what its parent tells.
                channel.tell_anew()

    def _mark(self, name: str) -> str:
        return self._held.get(name, ("", None))[0]

    def _read(self, name: str) -> Notice | None:
        data = self._store.read(notice_file(name))
        try:
            return decode_notice(data) if data else None
        except (msgspec.DecodeError, ValueError, RecursionError) as wrong:
            log.error("notice_refused", channel=name, why=str(wrong))
            return None
