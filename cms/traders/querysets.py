"""Who may see which stall, product and segment: the one boundary of this room."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from cms.cooperatives import access
from cms.cooperatives.scoping import ScopedQuerySet
from cms.videos.models import Video


class StallScoped[M: models.Model](ScopedQuerySet[M]):
    """Rows that hang on a stall: the co-operative's people see all, a trader their own."""

    trader_path = "trader"

    def visible_to(self, user: access.Person, *roles: access.Role) -> Self:
        """Return rows of co-operatives where `user` has one of `roles`.

        Without `roles`: what their work or their own stall lets them see.
        """
        if roles or not user.is_authenticated or not user.is_active:
            return super().visible_to(user, *roles)
        return self.filter(
            Q(**{f"{self.scope_path}__in": access.cooperatives_for(user, *self.scope_roles)})
            | Q(**{self.trader_path: user})
        )


class StallQuerySet(StallScoped[Any]):
    """Stalls."""

    def public(self) -> Self:
        """Stalls that everybody may see."""
        return self.filter(active=True)


class ProductQuerySet(StallScoped[Any]):
    """Products."""

    scope_path = "stall__cooperative"
    trader_path = "stall__trader"

    def public(self) -> Self:
        """Products on sale, of stalls that everybody may see."""
        return self.filter(active=True, stall__active=True)


class SegmentQuerySet(StallScoped[Any]):
    """Featured segments."""

    scope_path = "product__stall__cooperative"
    trader_path = "product__stall__trader"

    def showing(self) -> Self:
        """Approved segments of products on sale: the ones that become cards."""
        return self.filter(state="approved", product__active=True, product__stall__active=True)

    def shown_in(self, video: Video) -> Self:
        """The segments that show in `video`, by time, with all that a card tells."""
        shown = self.showing().filter(video=video).order_by("begin")
        return shown.select_related("product__stall__cooperative", "product__image")
