"""Co-operatives and regions."""

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Length, Substr
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router
from ninja.pagination import paginate

from cms.api.paging import Paging
from cms.api.schemas import CooperativeOut, RegionOut
from cms.api.scope import Text, filtered
from cms.cooperatives.models import Cooperative, Region

router = Router(tags=["Co-operatives"])


def _cooperatives() -> QuerySet[Cooperative]:
    """Every co-operative with the slug of the one above: its path without the last step."""
    path = OuterRef("path")
    above = Cooperative.objects.filter(path=Substr(path, 1, Length(path) - Cooperative.steplen))
    return (
        Cooperative.objects.order_by("path")
        .select_related("region")
        .annotate(parent=Subquery(above.values("slug")[:1]))
    )


@router.get("/cooperatives", response=list[CooperativeOut])
@paginate(Paging)
def list_cooperatives(
    request: HttpRequest, level: Text = "", region: Text = "", under: Text = ""
) -> QuerySet[Cooperative]:
    """The tree, each above those below it. `under` keeps one co-operative's subtree."""
    found = filtered(
        _cooperatives(),
        {"level": level, "region__slug": region},
    )
    if under:
        top = Cooperative.objects.filter(slug=under).first()
        found = found.filter(path__startswith=top.path) if top else found.none()
    return found


@router.get("/cooperatives/{slug}", response=CooperativeOut)
def get_cooperative(request: HttpRequest, slug: Text) -> Cooperative:
    """One co-operative."""
    return get_object_or_404(_cooperatives(), slug=slug)


@router.get("/regions", response=list[RegionOut])
@paginate(Paging)
def list_regions(request: HttpRequest) -> QuerySet[Region]:
    """The regions, by name."""
    return Region.objects.order_by("name")
