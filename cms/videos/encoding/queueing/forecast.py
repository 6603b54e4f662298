"""When titles that wait will be ready: by what is before them, and by how fast workers were of late."""

from collections.abc import Mapping

from django.conf import settings

from cms.videos.models import Encode, EncodeTask
from cms.videos.models.encode import State
from cms.videos.models.task import Kind, Step

RECENT = 5
"""Titles whose tasks are looked at: as many as even out, few enough to follow the machines."""
LONGEST = 6 * 3600.0
"""Seconds that no task takes."""
SOUND_ALONE = 1 / 25
"""Work of new sound alone, as a part of the work of the whole title (measured)."""


def ready_in(order: Mapping[int, int]) -> dict[int, float]:
    """Return the seconds until each title that waits is ready, by the encode's id.

    `order` is what `waiting.places` says. Empty while no title was ever made here: then
    there is nothing to judge by.
    """
    measured = pace()
    if measured is None:
        return {}
    seconds_of_work, usual = measured
    titles = {title.pk: title for title in Encode.objects.open()}
    left = {pk: _left(title, seconds_of_work, usual) for pk, title in titles.items()}
    return _one_after_another(order, left)


def work_left(title: Encode) -> float | None:
    """Return for how many seconds a title of known length keeps the workers busy.

    None while no title was ever made here.
    """
    measured = pace()
    if measured is None or not title.seconds:
        return None
    return _work_of(title, title.seconds, measured[0])


def pace() -> tuple[float, float] | None:
    """Return how long a second of title keeps all workers busy, and how long titles are, in s.

    By the tasks of the titles that were ready last, pictures and all: what they waited for
    others does not count. None where there are none.
    """
    ready = Encode.objects.filter(state=State.READY, seconds__gt=0, pictures="")
    lengths = dict(ready.order_by("-finished").values_list("pk", "seconds")[:RECENT])
    tasks = EncodeTask.objects.filter(encode__in=list(lengths), state=Step.DONE)
    rows = tasks.exclude(kind=Kind.SOUND).values_list("encode", "started", "finished")
    took: dict[int, list[float]] = {}
    for encode, begin, end in rows:
        took.setdefault(encode, []).append((end - begin).total_seconds() if begin and end else -1)
    # One that took that long, or less than nothing, was timed by a clock that was set.
    credible = {encode for encode, times in took.items() if all(0 <= t < LONGEST for t in times)}
    if not credible:
        return None
    length = sum(lengths[encode] for encode in credible)
    busy = sum(sum(took[encode]) for encode in credible)
    hands = settings.ENCODE_WORKERS * settings.ENCODES_AT_ONCE
    return busy / hands / length, length / len(credible)


def _left(title: Encode, seconds_of_work: float, usual: float) -> float:
    """Return for how many seconds a title keeps the workers busy."""
    if title.state in (State.ENCODING, State.FINISHING) and title.eta_seconds is not None:
        return title.eta_seconds
    return _work_of(title, title.seconds or usual, seconds_of_work)


def _work_of(title: Encode, seconds: float, seconds_of_work: float) -> float:
    """Return for how many seconds a title that is `seconds` long still keeps the workers busy."""
    whole = seconds * seconds_of_work * (SOUND_ALONE if title.pictures else 1)
    return whole * (1 - title.progress)


def _one_after_another(order: Mapping[int, int], left: Mapping[int, float]) -> dict[int, float]:
    """Return when each of `order` ends if what is at work comes first and then one by one."""
    at = sum(seconds for title, seconds in left.items() if title not in order)
    found = {}
    for title in sorted(order, key=order.__getitem__):
        at += left.get(title, 0)
        found[title] = at
    return found
