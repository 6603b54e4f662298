"""Which channels an export has: all that viewers are shown, those of a wilayah, or one."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from cms.channels.models import Channel
from cms.cooperatives.models import Region

KEPT = timedelta(days=7)
"""How far back a channel can be watched again (`origin.addresses` keeps as much)."""

BACK = timedelta(days=1)
"""How far back the guide of all channels goes: of thousands, a week is hundreds of megabytes."""


@dataclass(frozen=True)
class Selection:
    """Some channels, the start of their addresses ("/tv", "/tv/jawa-timur"), and their past."""

    channels: list[Channel]
    path: str
    back: timedelta

    @property
    def m3u(self) -> str:
        """Path of the list of channels."""
        return f"{self.path}.m3u"

    @property
    def xmltv(self) -> str:
        """Path of the guide."""
        return f"{self.path}.xml"


def all_channels() -> Selection:
    """Return every channel that viewers are shown, the national ones first."""
    return Selection(list(_shown()), "/tv", BACK)


def of_region(slug: str) -> Selection:
    """Return the channels of a wilayah after the national ones; raises Http404."""
    region = get_object_or_404(Region, slug=slug)
    shown = [c for c in _shown() if c.cooperative.region_id in (None, region.pk)]
    return Selection(shown, f"/tv/{region.slug}", KEPT)


def of_channel(slug: str) -> Selection:
    """Return one channel; raises Http404 also for one that viewers are not shown."""
    return Selection([get_object_or_404(_shown(), slug=slug)], f"/tv/saluran/{slug}", KEPT)


def _shown() -> QuerySet[Channel]:
    shown = Channel.objects.public().select_related("cooperative__region", "logo")
    return shown.prefetch_related("logo__renditions").order_by("cooperative__depth", "name", "pk")
