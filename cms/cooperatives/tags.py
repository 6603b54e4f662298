"""Tags, as far as they stand on images and documents that the person may see.

Wagtail's own views offer the tags of all co-operatives to everybody.
"""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest, JsonResponse
from taggit.models import Tag, TaggedItem
from wagtail.admin.auth import require_admin_access
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from cms.cooperatives.access import Person
from cms.cooperatives.visibility import visible_rows

OFFERED = 10


@require_admin_access
def autocomplete(request: HttpRequest, **_names: Any) -> JsonResponse:
    """Answer in place of Wagtail's own view at the same address."""
    term = request.GET.get("term", "").replace("\x00", "")
    names = visible_tags(request.user, term) if term else []
    return JsonResponse(names, safe=False)


def visible_tags(user: Person, term: str) -> list[str]:
    """Return up to OFFERED tags that begin with `term`, in order."""
    keys: set[int] = set()
    for model in (get_image_model(), get_document_model()):
        items = TaggedItem.objects.filter(
            content_type=ContentType.objects.get_for_model(model),
            object_id__in=visible_rows(user, model).values("pk"),
            tag__name__istartswith=term,
        )
        keys.update(items.values_list("tag_id", flat=True))
    tags = Tag.objects.filter(pk__in=keys).order_by("name")
    return list(tags.values_list("name", flat=True)[:OFFERED])


def no_popular_tags(_model: Any, count: int = OFFERED) -> list[Any]:
    """Offer no tags beside lists: Wagtail would count those of all co-operatives."""
    return []
