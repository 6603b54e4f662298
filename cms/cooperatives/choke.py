"""The check before a view of one row: 404 for who may not see it, as for a row that is not there."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


def behind_check(view: View, rows: Callable[[HttpRequest], QuerySet[Any]]) -> View:
    """Return `view`, asked for the `pk` of its address only if that is among `rows(request)`."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "pk" in kwargs:
            visible = rows(request)
            if not visible.filter(pk=key_of(visible.model, kwargs["pk"])).exists():
                raise Http404
        return view(request, *args, **kwargs)

    return checked


def key_of(model: type[Any], text: Any) -> Any:
    """Return a key from an address as the model keeps it; what can be none is 404."""
    try:
        return model._meta.pk.to_python(unquote(str(text)))
    except ValidationError as wrong:
        raise Http404 from wrong
