"""A plan as tasks for any number of workers. Pure."""

from collections.abc import Iterable

from media_pipeline.model.plan import Chunk, EncodePlan, Rung
from media_pipeline.model.work import (
    COPIED_PICTURES,
    FINISH,
    LATE_SOUND,
    OPENING,
    OPENING_NEXT,
    OPENING_REST,
    SOUND,
    Task,
)

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

_BEGINNING = 1e7
"""Work of starting an encoder, in the same unit."""

_WATCHING, _COVERS, _WRITING = 5.4e5, 5.5e7, 5.5e7
"""Work of the last task in the same unit: a second of the title watched, any title's covers, and
its playlists; twice their CPU, since one core does it and the others of two wait."""

_COPY = 6e5
"""Work of one segment that is copied in the store, in the same unit: 10 ms."""

_AHEAD, _TAKING_IN = 48, 0.3
"""Frames that an encoder has taken in before it gives one out (x264 looks ahead by 40, and puts
eight in another order), and the part of a frame's work that is done by then."""

_LONGEST_PIECE = 100
"""Segments of sound in one piece: it is in memory, of each sound, while it is put in the store."""


def next_piece(at: int, count: int) -> int:
    """Return how many segments of sound are put in the store next: `at` of `count` are there.

    Half as many as are there: the first soon, and few of them, since each is a part that
    readers of a growing title take up. Six hours are 66 pieces.
    """
    return min(at // 2 + 1, _LONGEST_PIECE, count - at)


def picture_done(frames: int, count: int) -> float:
    """Return how much of the work at a chunk of `count` frames is done, 0 to 1.

    `frames` have come out of its encoders, which have taken in more than that.
    """
    if frames <= 0:
        return 0.0
    taken = min(count, frames + _AHEAD)
    return min(1.0, (_TAKING_IN * taken + (1 - _TAKING_IN) * frames) / count)


def finish_done(plan: EncodePlan, watched: float, *, covers: bool = False) -> float:
    """Return how much of the last task is done, 0 to 1.

    `watched` are the seconds that were gone through for storyboard and report; `covers` is
    whether those are made as well.
    """
    done = _WATCHING * min(watched, plan.seconds) + (_COVERS if covers else 0)
    return done / _finishing(plan)


def _finishing(plan: EncodePlan) -> float:
    return _WATCHING * plan.seconds + _COVERS + _WRITING


def tasks_of(plan: EncodePlan, workers: int = 1, *, copied: bool = False) -> tuple[Task, ...]:
    """Return the tasks that make the title, in the order in which one worker does them.

    Their weights are shares of the title's work and add up to 1. Of the last task, which
    one worker does, it counts that the other `workers` wait. With `copied`
    one task copies the pictures of an earlier publication; none is encoded.
    """
    found = tuple(_tasks(plan, workers, copied=copied))
    whole = sum(task.weight for task in found)
    return tuple(_weighing(task, task.weight / whole) for task in found)


def _weighing(task: Task, weight: float) -> Task:
    return Task(task.name, task.kind, task.rank, weight, task.chunk, task.rungs, task.needs)


def _tasks(plan: EncodePlan, workers: int, *, copied: bool) -> Iterable[Task]:
    made = [Task(SOUND, "sound", 0, _SOUND * plan.seconds * len(plan.sounds))]
    made += [_copying(plan)] if copied else _pictures(plan)
    # After all that players wait for: a task of the sound runs beside the others.
    before = tuple(task.name for task in made)
    late = tuple(audio.name for audio in plan.late_sounds)
    if late:
        work = _SOUND * plan.seconds * len(late)
        made.append(Task(LATE_SOUND, "sound", 3, work, rungs=late, needs=before))
    if plan.av1_rungs and not copied:
        made += [
            _picture(f"av1-{chunk.index:04d}", 3, plan, chunk, plan.av1_rungs)
            for chunk in plan.chunks
        ]
    yield from made
    needs = tuple(task.name for task in made)
    yield Task(FINISH, "finish", 3, _finishing(plan) * workers, needs=needs)


def _copying(plan: EncodePlan) -> Task:
    names = tuple(rung.name for rung in (*plan.rungs, *plan.av1_rungs))
    return Task(COPIED_PICTURES, "picture", 0, _COPY * len(names) * len(plan.segments), rungs=names)


def _pictures(plan: EncodePlan) -> Iterable[Task]:
    opening = plan.chunks[0]
    for number, (name, rungs) in enumerate(_opening(plan.rungs)):
        yield _picture(name, min(number, 1), plan, opening, rungs)
    for chunk in plan.chunks[1:]:
        yield _picture(f"picture-{chunk.index:04d}", 2, plan, chunk, plan.rungs)


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
