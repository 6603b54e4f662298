"""The page subtree of a co-operative. The room of articles makes its root page.

A section page stands below that of the co-operative above, so what a role may do
with pages holds for the subtree by Wagtail's own rules.
"""

from collections.abc import Callable
from datetime import datetime

from wagtail.models import Page

from cms.cooperatives.models import Cooperative

SectionFactory = Callable[[Cooperative, datetime], Page]

_factories: list[SectionFactory] = []


def register_section_factory(factory: SectionFactory) -> SectionFactory:
    """Register the function that finds or makes the section page of a co-operative.

    It returns the same page each time, below the section of the co-operative above.
    One room registers one, in its AppConfig's `ready`; the last one counts.
    """
    _factories[:] = [factory]
    return factory


def section_page(cooperative: Cooperative, now: datetime) -> Page | None:
    """Return the section page, made if need be; None while no room has registered pages."""
    return _factories[0](cooperative, now) if _factories else None
