"""All tasks of one job in threads of this process, each as soon as what it needs is done."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from media_pipeline.model.work import Job, Task

_LOOK = 0.25
"""Seconds between two looks at whether to stop and how far the tasks are."""

Run = Callable[[Task, Callable[[float], None], Callable[[], bool]], None]
"""Does a task; is given whom to tell its fraction, and what says that it is to stop."""


class TaskPool:
    """`workers` threads, and one more for the sound, which costs little and must not wait."""

    def __init__(self, job: Job, done: Iterable[str], workers: int, run: Run) -> None:
        self._run, self._workers = run, workers
        self._done = set(done)
        self._pending = sorted(
            (task for task in job.tasks if task.name not in self._done), key=lambda t: t.rank
        )
        self._running: dict[Future[None], Task] = {}
        self._leaving = threading.Event()
        self.fractions: dict[str, float] = dict.fromkeys(self._done, 1.0)
        """How much of each task is done that was begun, 0 to 1."""

    def work(self, look: Callable[[], None]) -> None:
        """Do all tasks. `look` is called in this thread, often; what it raises ends the work.

        So does the first task that fails. All threads have ended when this returns or raises.
        """
        with ThreadPoolExecutor(self._workers + 1, thread_name_prefix="task") as pool:
            try:
                while self._pending or self._running:
                    self._start(pool)
                    ended, _ = wait(self._running, _LOOK, FIRST_COMPLETED)
                    for future in ended:
                        self._end(future)
                    look()
            finally:
                self._leaving.set()

    @property
    def finishing(self) -> bool:
        """Whether only the last task is left."""
        return all(task.kind == "finish" for task in (*self._pending, *self._running.values()))

    def _start(self, pool: ThreadPoolExecutor) -> None:
        for task in tuple(self._pending):
            busy = sum(other.kind != "sound" for other in self._running.values())
            if self._done.issuperset(task.needs) and (task.kind == "sound" or busy < self._workers):
                self._pending.remove(task)
                self._running[pool.submit(self._do, task)] = task

    def _do(self, task: Task) -> None:
        def tell(fraction: float) -> None:
            self.fractions[task.name] = fraction

        self._run(task, tell, self._leaving.is_set)

    def _end(self, future: Future[None]) -> None:
        task = self._running.pop(future)
        future.result()
        self._done.add(task.name)
        self.fractions[task.name] = 1.0
