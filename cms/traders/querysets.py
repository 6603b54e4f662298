"""Who may see which stall, product and segment: the one boundary of this room."""

from typing import Self

from django.db.models import QuerySet


class StallScoped(QuerySet):
    """Rows that hang on a stall; `stall_path` is the way to it, "" for the stall itself."""

    stall_path = ""

    def _path(self, field: str) -> str:
        return f"{self.stall_path}__{field}" if self.stall_path else field


class StallQuerySet(StallScoped):
    """Stalls."""

    def public(self) -> Self:
        """Stalls that everybody may see."""
        return self.filter(active=True)


class ProductQuerySet(StallScoped):
    """Products."""

    stall_path = "stall"

    def public(self) -> Self:
        """Products on sale, of stalls that everybody may see."""
        return self.filter(active=True, stall__active=True)


class SegmentQuerySet(StallScoped):
    """Featured segments."""

    stall_path = "product__stall"

    def showing(self) -> Self:
        """Approved segments of products on sale: the ones that become cards."""
        return self.filter(
            state=self.model.State.APPROVED,
            product__active=True,
            product__stall__active=True,
        )
