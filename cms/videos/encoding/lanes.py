"""The threads of a worker process that encode, beside Huey's, which run short tasks.

| lane    | threads                  | takes                                             |
| ------- | ------------------------ | ------------------------------------------------- |
| picture | SIAR_ENCODES_AT_ONCE     | pictures and the last task, which fill the cores, |
|         |                          | and the better sound of a title that plays        |
| quick   | 1                        | looking at new files, and openings: what a title  |
|         |                          | needs to be playable never waits behind a film    |
| sound   | 1                        | the sound that a title needs to be playable: one  |
|         |                          | core, a sixtieth of the title's length            |
| watch   | 1                        | takes back what lost workers hold, and reports    |
|         |                          | how the lanes of this process are                 |
| clearer | 1                        | removes what ended titles have in the store: one  |
|         |                          | that is away keeps nobody else waiting            |

Who is idle asks the rows five times a second, so no message has to arrive: the work of a
new upload begins a tenth of a second after its row is there, on whichever machine. Lanes
of one process tell each other when they end something.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection

from cms.core import clock
from cms.videos.encoding import endings, leases, scratch, worker, workers
from cms.videos.encoding.endurance import Endurance
from cms.videos.encoding.queueing.waiting import LAST
from cms.videos.models.task import Kind

POLL = 0.2
"""Seconds between two questions of an idle lane."""
WATCH = 1.0
"""Seconds between two looks for lost workers and for what is to be cleared."""
GRACE = 6.0
"""Seconds that a process which is asked to end waits for its lanes."""
REPORT = 15.0
"""Seconds between two reports of a process whose lanes are as they were."""


@dataclass(frozen=True)
class Lane:
    """What some threads take: kinds of tasks, up to a rank."""

    name: str
    kinds: frozenset[str]
    most_rank: int = LAST


PICTURE = Lane("picture", frozenset({Kind.PICTURE, Kind.SOUND, Kind.FINISH}))
QUICK = Lane("quick", frozenset({Kind.PREPARE, Kind.PICTURE}), most_rank=0)
SOUND = Lane("sound", frozenset({Kind.SOUND}), most_rank=0)


class Lanes:
    """All lanes of this process. `start` and `stop` may be called more than once."""

    def __init__(self, clock: worker.Clock, encodes_at_once: int) -> None:
        self._clock = clock
        self._leaving = threading.Event()
        self._news = threading.Condition()
        self._threads: list[threading.Thread] = []
        self._endurances: list[Endurance] = []
        for lane in [*[PICTURE] * encodes_at_once, QUICK, SOUND]:
            self._add(lane.name, self._work, lane)
        self._add("watch", self._keep_watch, leases.Watch())
        self._add("clearer", self._keep_clear, WATCH)
        self._reported: tuple[float, list[str]] | None = None
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
        until = time.monotonic() + GRACE
        for thread in self._threads:
            if thread.ident:
                thread.join(max(0.0, until - time.monotonic()))

    def faults(self) -> list[str]:
        """Return what is wrong with lanes, a sentence each."""
        dead = [f"{thread.name} has ended" for thread in self._threads if not thread.is_alive()]
        return dead + [f"{each.name}: {each.fault}" for each in self._endurances if each.fault]

    def _add(self, name: str, work: Callable[..., None], given: object) -> None:
        endurance = Endurance(f"lane {name}")
        self._endurances.append(endurance)
        self._threads.append(
            threading.Thread(target=work, name=endurance.name, args=(endurance, given), daemon=True)
        )

    def _work(self, endurance: Endurance, lane: Lane) -> None:
        while not self._leaving.is_set():
            worked = endurance.attempt(lambda: self._turn(lane), self._leaving.wait)
            with self._news:
                if worked:
                    self._news.notify_all()
                else:
                    self._news.wait(POLL)
        connection.close()

    def _turn(self, lane: Lane) -> bool:
        return worker.run_next(self._clock, lane.kinds, lane.most_rank, self._leaving)

    def _keep_watch(self, endurance: Endurance, watch: leases.Watch) -> None:
        cleaning, reporting = Endurance("scratch at the start"), Endurance("reports of lanes")
        # What a killed process of this machine has left goes before anything is begun.
        cleaning.attempt(scratch.do_clean, self._leaving.wait)
        while not self._leaving.wait(WATCH):
            endurance.attempt(lambda: self._look(watch), self._leaving.wait)
            reporting.attempt(self._report, self._leaving.wait)
        reporting.attempt(workers.do_leave, self._leaving.wait)
        connection.close()

    def _look(self, watch: leases.Watch) -> None:
        now = self._clock()
        if leases.do_take_back(watch, now):
            endings.do_condemn(now)
            scratch.do_clean()

    def _keep_clear(self, endurance: Endurance, pause: float) -> None:
        after = [0]

        def clear() -> None:
            after[0] = endings.do_clear_all(after[0])

        while not self._leaving.wait(pause):
            endurance.attempt(clear, self._leaving.wait)
        connection.close()

    def _report(self) -> None:
        """Write down how the lanes are: when that has changed, and now and then."""
        faults, at = self.faults(), time.monotonic()
        if self._reported and self._reported[1] == faults and at - self._reported[0] < REPORT:
            return
        workers.do_report(faults, clock.shared())
        self._reported = at, faults
