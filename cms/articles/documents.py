"""Who may read a document of the library: everyone once a page that is public leads to it."""

from django.contrib.contenttypes.models import ContentType
from wagtail.documents.models import AbstractDocument
from wagtail.models import Page, ReferenceIndex

from cms.cooperatives.access import Person
from cms.cooperatives.visibility import visible_rows


def may_read(user: Person, document: AbstractDocument) -> bool:
    """Return whether `user` may read `document`: its co-operative's staff may before it is public."""
    return _is_public(document) or (
        user.is_authenticated and visible_rows(user, type(document)).filter(pk=document.pk).exists()
    )


def _is_public(document: AbstractDocument) -> bool:
    # The index has what stands in a page's own row: what is published of one that is live.
    references = ReferenceIndex.get_references_to(document).filter(
        base_content_type=ContentType.objects.get_for_model(Page)
    )
    pages = [int(key) for key in references.values_list("object_id", flat=True)]
    return Page.objects.live().public().filter(pk__in=pages).exists()
