"""The films that the worker makes while people look."""

from cms.demo import tasks
from cms.demo.content.reels import REELS


def test_the_worker_makes_one_film_after_another_until_none_is_missing(monkeypatch):
    missing, made, waiting = [*REELS][:3], [], ["the first"]
    monkeypatch.setattr(tasks, "missing_films", lambda: [f for f in missing if f not in made])
    monkeypatch.setattr(tasks, "do_make_film", lambda film, _now: made.append(film))
    monkeypatch.setattr(type(tasks.make_next_film), "enqueue", lambda _task: waiting.append("next"))
    while waiting:
        waiting.pop()
        tasks.make_next_film.func()
    assert made == missing
