"""Who may see which stall, product and segment: the one boundary of this room."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

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
        return self.filter(active=True, waiting_since=None)


class OfStallQuerySet(StallScoped[Any]):
    """Rows of one stall."""

    scope_path = "stall__cooperative"
    trader_path = "stall__trader"


class ConsentQuerySet(OfStallQuerySet):
    """The log of what traders agreed to."""

    def standing(self, stall: models.Model, kind: str) -> Self:
        """Return those of a kind that were not withdrawn."""
        return self.filter(stall=stall, kind=kind, withdrawn_at=None)

    def hides_number(self, stall: models.Model) -> bool:
        """Return whether the one to name and number was withdrawn, and no other given."""
        withdrawn = self.filter(stall=stall, kind="contact").exclude(withdrawn_at=None)
        return withdrawn.exists() and not self.standing(stall, "contact").exists()


class OfProductQuerySet(StallScoped[Any]):
    """Rows of one product."""

    scope_path = "product__stall__cooperative"
    trader_path = "product__stall__trader"


class ProductQuerySet(OfStallQuerySet):
    """Products."""

    def public(self) -> Self:
        """Products on sale, of stalls that everybody may see."""
        return self.filter(
            active=True, waiting_since=None, stall__active=True, stall__waiting_since=None
        )

    def for_cards(self) -> Self:
        """With all that their cards show, pictures as they are drawn included."""
        rows = self.select_related("stall__cooperative", "image")
        return rows.prefetch_related("image__renditions")


class SegmentQuerySet(OfProductQuerySet):
    """Featured segments."""

    def showing(self) -> Self:
        """Approved segments of products on sale: the ones that become cards.

        Not those that lost their cards with a certificate.
        """
        on_sale = self.filter(state="approved", product__active=True, product__stall__active=True)
        return on_sale.filter(~Exists(_without_successor()))

    def on_cards(self) -> Self:
        """Those of `showing`, and spots in their own films before they are approved."""
        waits = Q(
            kind="spot",
            state__in=["draft", "submitted"],
            product__active=True,
            product__stall__active=True,
        )
        return self.filter(Q(pk__in=self.showing()) | waits)

    def may_air_on(self, day: date) -> Self:
        """Approved segments, on sale, that `day` (of the market's zone) is among the days of.

        Not those with a certificate that has ended and was not renewed, nor those of a
        trader who took back the consent to be shown.
        """
        return (
            self.showing()
            .filter(Q(starts_on=None) | Q(starts_on__lte=day))
            .filter(Q(ends_on=None) | Q(ends_on__gte=day))
            .filter(~Exists(_ended_certificates(day)), ~Exists(_withdrawn_consents()))
        )

    def shown_in(self, video: Video) -> Self:
        """The segments that show in `video`, by time, with all that a card tells.

        A spot shows in its own film before it is approved, for who looks at that
        beforehand: until then the film is on no page.
        """
        if video.live:
            return self.shown_in_any([video.pk])
        return self.filter(Q(kind="spot") | Q(pk__in=self.showing()), video=video.pk).with_card()

    def shown_in_any(self, videos: Iterable[int]) -> Self:
        """The segments that show in one of `videos` (their ids)."""
        return self.showing().filter(video__in=set(videos)).with_card()

    def with_card(self) -> Self:
        """By time, with all that a card tells."""
        rows = self.order_by("begin")
        return rows.select_related("product__stall__cooperative", "product__image", "card_image")


def _ended_certificates(day: date) -> models.QuerySet[Any]:
    """What ended of the outer row's product, no checked one of its kind being valid on `day`."""
    rows = apps.get_model("traders", "Certificate")._default_manager
    valid = rows.filter(
        product=OuterRef("product"),
        kind=OuterRef("kind"),
        expires_on__gte=day,
        checked_at__isnull=False,
    )
    return rows.filter(~Exists(valid), product=OuterRef("product"), expires_on__lt=day)


def _without_successor() -> models.QuerySet[Any]:
    """What was seen to end of the outer row's product, no checked one of its kind being left."""
    rows = apps.get_model("traders", "Certificate")._default_manager
    left = rows.filter(
        product=OuterRef("product"),
        kind=OuterRef("kind"),
        ended_at=None,
        checked_at__isnull=False,
    )
    return rows.filter(~Exists(left), product=OuterRef("product"), ended_at__isnull=False)


def _withdrawn_consents() -> models.QuerySet[Any]:
    """Consents to be shown that the trader of the outer row took back and gave no other for."""
    rows = apps.get_model("traders", "Consent")._default_manager.filter(kind="picture")
    stands = rows.filter(stall=OuterRef("stall"), withdrawn_at=None)
    withdrawn = rows.filter(withdrawn_at__isnull=False, stall=OuterRef("product__stall"))
    return withdrawn.filter(~Exists(stands))
