"""The rows of traders: stalls, products, featured segments, and how a trader comes in."""

from cms.traders.models.clips import Clip
from cms.traders.models.former import FormerConsent
from cms.traders.models.people import Consent, Invitation
from cms.traders.models.products import HIGHEST_PRICE, Certificate, Product, ProductPhoto
from cms.traders.models.reviews import DECIDERS, CoordinatorTask, Review
from cms.traders.models.segments import FeaturedSegment
from cms.traders.models.stalls import Commodity, Stall

__all__ = [
    "DECIDERS",
    "HIGHEST_PRICE",
    "Certificate",
    "Clip",
    "Commodity",
    "Consent",
    "CoordinatorTask",
    "FeaturedSegment",
    "FormerConsent",
    "Invitation",
    "Product",
    "ProductPhoto",
    "Review",
    "Stall",
]
