"""The page subtree of a co-operative. The room of articles makes its root; this room keeps it.

A section page stands below the section page of the parent co-operative, so what a
role may do with pages holds for the subtree by Wagtail's own rules.
"""

from collections.abc import Callable

from wagtail.models import Page

from cms.cooperatives.models import Cooperative

SectionFactory = Callable[[Cooperative, Page | None], Page]

_factories: list[SectionFactory] = []


def register_section_factory(factory: SectionFactory) -> SectionFactory:
    """Register the function that finds or makes a co-operative's section page.

    It is called with the co-operative and the section page of its parent (None for a
    root), and returns the same page each time. One room registers, in its AppConfig's
    `ready`.
    """
    _factories[:] = [factory]
    return factory


def section_page(cooperative: Cooperative, parent: Page | None) -> Page | None:
    """Return the section page, made if need be, below `parent`; None without a factory."""
    if not _factories:
        return None
    page = _factories[0](cooperative, parent)
    if parent is not None and not page.is_child_of(parent):
        page.move(parent, pos="last-child")
        page.refresh_from_db()
    return page
