"""The threads of a worker process that encode, beside Huey's, which run short tasks.

| lane    | threads                  | takes                                             |
| ------- | ------------------------ | ------------------------------------------------- |
| picture | SIAR_ENCODES_AT_ONCE     | pictures and the last task: they fill the cores   |
| quick   | 1                        | looking at new files, and openings: what a title  |
|         |                          | needs to be playable never waits behind a film    |
| sound   | 1                        | sound: one core, a sixtieth of the title's length |
| watch   | 1                        | takes back what lost workers hold, clears up      |

Who is idle asks the rows five times a second, so no message has to arrive: the work of a
new upload begins a tenth of a second after its row is there, on whichever machine. Lanes
of one process tell each other when they end something.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from django.db import Error, connection

from cms.videos.encoding import endings, leases, worker
from cms.videos.encoding.queue import LAST
from cms.videos.models.task import Kind

POLL = 0.2
"""Seconds between two questions of an idle lane."""
WATCH = 1.0
"""Seconds between two looks for lost workers and for what is to be cleared."""
GRACE = 6.0
"""Seconds that a process which is asked to end waits for its lanes."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Lane:
    """What some threads take: kinds of tasks, up to a rank."""

    name: str
    kinds: frozenset[str]
    most_rank: int = LAST


PICTURE = Lane("picture", frozenset({Kind.PICTURE, Kind.FINISH}))
QUICK = Lane("quick", frozenset({Kind.PREPARE, Kind.PICTURE}), most_rank=0)
SOUND = Lane("sound", frozenset({Kind.SOUND}))


class Lanes:
    """All lanes of this process. `start` and `stop` may be called more than once."""

    def __init__(self, clock: worker.Clock, encodes_at_once: int) -> None:
        self._clock = clock
        self._leaving = threading.Event()
        self._news = threading.Condition()
        lanes = [*[PICTURE] * encodes_at_once, QUICK, SOUND]
        self._threads = [self._thread(lane.name, self._work, lane) for lane in lanes]
        self._threads.append(self._thread("watch", self._keep_watch, leases.Watch()))
        self._starting = threading.Lock()
        self._started = False

    def start(self) -> None:
        """Begin to work."""
        with self._starting:
            if not self._started:
                self._started = True
                for thread in self._threads:
                    thread.start()

    def stop(self) -> None:
        """Give back what is at work, and end."""
        self._leaving.set()
        with self._news:
            self._news.notify_all()
        for thread in self._threads:
            if thread.ident:
                thread.join(GRACE)

    def _thread(self, name: str, work: Callable[..., None], *given: object) -> threading.Thread:
        return threading.Thread(target=work, name=f"encode-{name}", args=given, daemon=True)

    def _work(self, lane: Lane) -> None:
        while not self._leaving.is_set():
            if self._safely(lambda: self._turn(lane)):
                with self._news:
                    self._news.notify_all()
            else:
                with self._news:
                    self._news.wait(POLL)
        connection.close()

    def _turn(self, lane: Lane) -> bool:
        return worker.run_next(self._clock, lane.kinds, lane.most_rank, self._leaving)

    def _keep_watch(self, watch: leases.Watch) -> None:
        while not self._leaving.wait(WATCH):
            self._safely(lambda: self._look(watch))
        connection.close()

    def _look(self, watch: leases.Watch) -> bool:
        now = self._clock()
        if taken := leases.do_take_back(watch, now):
            endings.do_condemn(now)
        endings.do_clear_all()
        return bool(taken)

    def _safely(self, act: Callable[[], bool]) -> bool:
        try:
            return act()
        # A database that is away comes back; the thread must outlive it.
        except Error:
            logger.exception("the database fails")
            connection.close()
            self._leaving.wait(WATCH)
            return False
