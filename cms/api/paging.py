"""Lists: at most a hundred at a time, with the addresses of what comes before and after."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Field, Schema
from ninja.pagination import PaginationBase


class Paging(PaginationBase):
    """`?limit=&offset=`; the order of every list is stable.

    `complete` adds to the rows of a page what each is told with, for all at once.
    """

    class Input(Schema):
        limit: int = Field(20, ge=1, le=100, description="How many at most")
        offset: int = Field(0, ge=0, le=1_000_000, description="How many to skip")

    class Output(Schema):
        items: list[Any]
        count: int = Field(description="How many there are in all")
        next: str | None = Field(description="Address of the next page")
        previous: str | None = Field(description="Address of the page before")

    def __init__(self, *, complete: Callable[[Any], Any] | None = None, **params: Any) -> None:
        super().__init__(**params)
        self._complete = complete

    def paginate_queryset(
        self,
        queryset: QuerySet,
        pagination: Input,
        request: HttpRequest,
        **_params: Any,
    ) -> dict[str, Any]:
        limit, offset = pagination.limit, pagination.offset
        count = self._items_count(queryset)
        rows = queryset[offset : offset + limit]
        return {
            "items": self._complete(rows) if self._complete else rows,
            "count": count,
            "next": _page(request, limit, offset + limit) if offset + limit < count else None,
            "previous": _page(request, limit, max(0, offset - limit)) if offset else None,
        }


def _page(request: HttpRequest, limit: int, offset: int) -> str:
    others = {k: v for k, v in request.GET.items() if k not in ("limit", "offset")}
    query = urlencode(others | {"limit": limit, "offset": offset})
    return request.build_absolute_uri(f"{request.path}?{query}")
