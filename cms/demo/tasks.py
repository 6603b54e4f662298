"""The rest of the films, made by the worker while people look."""

from django.tasks import task

from cms.core import clock
from cms.demo.actions import do_make_film, missing_films


@task(backend="jobs")
def make_next_film() -> None:
    """Make one film that is missing, and see to it that the next one gets its turn."""
    missing = missing_films()
    if missing:
        do_make_film(missing[0], clock.now())
    if missing[1:]:
        make_next_film.enqueue()
