"""Posts that edit one record are handled one after the other.

Wagtail saves a form half a second after each change, and the save of a draft writes the
whole row. A save that reads the row before a publication and writes it afterwards takes the
record off the site again, although its editor was told that it is published. Here a post
holds the row before its view reads it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse


@contextmanager
def held(request: HttpRequest, record: QuerySet[Model]) -> Iterator[None]:
    """Open a transaction in which `request` alone writes the one row of `record`.

    Other publications (by schedule, from a list) write the same row, so they wait as well.
    On SQLite all writers wait for one another.
    """
    request.siar_holds_record = True  # type: ignore[attr-defined]
    with transaction.atomic():
        record.select_for_update(no_key=True).first()
        yield


def edit_alone(request: HttpRequest, record: QuerySet[Model]) -> HttpResponse | None:
    """Answer a post that edits the one row of `record`; return None for any other request.

    Call this from Wagtail's hook before an edit. The view has read the row by then, so it is
    run once more with the row held.
    """
    view = request.resolver_match
    if request.method != "POST" or view is None or hasattr(request, "siar_holds_record"):
        return None
    with held(request, record):
        answer = view.func(request, *view.args, **view.kwargs)
        # What a page shows is read while it is rendered.
        return answer.render() if hasattr(answer, "render") else answer
