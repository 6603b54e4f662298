from django.apps import AppConfig


class TradersConfig(AppConfig):
    name = "cms.traders"
    verbose_name = "Pedagang"

    def ready(self) -> None:
        """Say where cards come from, and who works with this room's rows."""
        from cms.cooperatives.access import STAFF_ROLES
        from cms.cooperatives.roles import grant
        from cms.traders.cards import cards_of
        from cms.traders.models import FeaturedSegment, Product, Stall
        from cms.traders.spots.receiving import PURPOSE, ClipPurpose
        from cms.traders.uses import uses_of
        from cms.videos.presentations import register_cards
        from cms.videos.uploads import purposes
        from cms.videos.uses import register_uses

        register_cards(cards_of)
        register_uses(uses_of)
        purposes.register(PURPOSE, ClipPurpose())
        for model in (Stall, Product, FeaturedSegment):
            for role in STAFF_ROLES:
                grant(model, role, ["view", "add", "change", "delete"])
