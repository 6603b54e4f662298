"""A plan as tasks for any number of workers. Pure."""

from collections.abc import Iterable

from media_pipeline.model.plan import Chunk, EncodePlan, Rung
from media_pipeline.model.work import FINISH, OPENING, OPENING_NEXT, OPENING_REST, SOUND, Task

_FIRST_ASKED = 430_000
"""Bits a second of the rungs that the opening makes first: with the sound, what players ask for
that know no rate yet (hls.js and shaka-player begin with a guess of 500 kbit/s)."""

_LOW_LINES = 360
"""The opening makes rungs up to here next: with the first ones, a sixth of the ladder's CPU."""

_PRESETS = {"slow": 3.2, "medium": 2.3, "faster": 1.9, "6": 4.2, "8": 2.5}
"""CPU of x264, or of SVT-AV1 at a numbered preset, for a pixel, next to `veryfast`."""

_DECODING = 0.35
"""CPU of decoding a pixel of the original and scaling it, next to encoding one by `veryfast`."""

_SOUND = 7e5
"""CPU of a second of sound, measured and encoded, as pixels by `veryfast` (6e7 a CPU second)."""

_BEGINNING = 3e7
"""Work of starting an encoder and filling what it looks ahead by, in the same unit."""

_FINISH, _FINISH_ANYWAY = 3.7e5, 6e7
"""Work of a second of the title for storyboard and report, and of any title for its covers, in
the same unit; more than its CPU, since one core does it while the others wait."""

_LONGEST_PIECE = 100
"""Segments of sound in one piece: it is in memory, of each sound, while it is put in the store."""


def next_piece(at: int, count: int) -> int:
    """Return how many segments of sound are put in the store next: `at` of `count` are there.

    Half as many as are there: the first soon, and few of them, since each is a part that
    readers of a growing title take up. Six hours are 66 pieces.
    """
    return min(at // 2 + 1, _LONGEST_PIECE, count - at)


def tasks_of(plan: EncodePlan, workers: int = 1) -> tuple[Task, ...]:
    """Return the tasks that make the title, in the order in which one worker does them.

    Their weights are shares of the title's work and add up to 1. Of the last task, which
    one worker does, it counts that the other `workers` wait.
    """
    found = tuple(_tasks(plan, workers))
    whole = sum(task.weight for task in found)
    return tuple(_weighing(task, task.weight / whole) for task in found)


def _weighing(task: Task, weight: float) -> Task:
    return Task(task.name, task.kind, task.rank, weight, task.chunk, task.rungs, task.needs)


def _tasks(plan: EncodePlan, workers: int) -> Iterable[Task]:
    opening = plan.chunks[0]
    made = [Task(SOUND, "sound", 0, _SOUND * plan.seconds * len(plan.sounds))]
    made += [
        _picture(name, min(number, 1), plan, opening, rungs)
        for number, (name, rungs) in enumerate(_opening(plan.rungs))
    ]
    for chunk in plan.chunks[1:]:
        made.append(_picture(f"picture-{chunk.index:04d}", 2, plan, chunk, plan.rungs))
    if plan.av1_rungs:
        made += [
            _picture(f"av1-{chunk.index:04d}", 3, plan, chunk, plan.av1_rungs)
            for chunk in plan.chunks
        ]
    yield from made
    needs = tuple(task.name for task in made)
    weight = (_FINISH_ANYWAY + _FINISH * plan.seconds) * workers
    yield Task(FINISH, "finish", 3, weight, needs=needs)


def _opening(rungs: tuple[Rung, ...]) -> Iterable[tuple[str, tuple[Rung, ...]]]:
    """Yield the tasks that make the first chunk, those first for which viewers wait."""
    first = tuple(rung for rung in rungs if rung.maxrate <= _FIRST_ASKED) or rungs[:1]
    after = [rung for rung in rungs if rung not in first]
    low = tuple(rung for rung in after if min(rung.width, rung.height) <= _LOW_LINES)
    rest = tuple(rung for rung in after if rung not in low)
    for name, part in ((OPENING, first), (OPENING_NEXT, low), (OPENING_REST, rest)):
        if part:
            yield name, part


def _picture(name: str, rank: int, plan: EncodePlan, chunk: Chunk, rungs: tuple[Rung, ...]) -> Task:
    frames = chunk.end - chunk.first
    weight = _BEGINNING + frames * (_decoding(plan) + sum(_encoding(rung) for rung in rungs))
    names = tuple(rung.name for rung in rungs)
    return Task(name, "picture", rank, weight, chunk.index, names)


def _decoding(plan: EncodePlan) -> float:
    return plan.video.width * plan.video.height * _DECODING


def _encoding(rung: Rung) -> float:
    return rung.width * rung.height * _PRESETS.get(rung.preset, 1.0) / rung.step
