"""What the as-run record has of a trader: told to them; titles that name them are forgotten.

The history of rundowns keeps them for nine days, in which a day may be judged anew.
"""

from collections.abc import Iterable
from typing import Any

from django.db import models

from cms.channels.asrun.models import AiredEntry
from cms.channels.asrun.promoted import Makegood, SegmentAiring
from cms.core.models import User
from cms.traders.models import FeaturedSegment
from cms.traders.personal.doors import Leaving


class ForgottenProgramme(models.Model):
    """A programme (key of a video that is gone) whose title no as-run row shows."""

    programme = models.CharField(max_length=36, unique=True)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return self.programme


def do_forget_titles(leaving: Leaving) -> None:
    """Take the titles of a trader's films, and why debts to them were written off, out of the
    record; its rows stay."""
    ForgottenProgramme.objects.bulk_create(
        [ForgottenProgramme(programme=key, since=leaving.now) for key in leaving.videos],
        ignore_conflicts=True,
    )
    AiredEntry.objects.filter(programme__in=leaving.videos).update(title="")
    Makegood.objects.filter(debt__segment_key__in=leaving.segments).update(reason="")


def tell_airings(user: User) -> list[dict[str, Any]]:
    """Return when the segments of `user` were on air, as far as journals reach."""
    keys = FeaturedSegment.objects.filter(product__stall__trader=user).values_list("key", flat=True)
    rows = SegmentAiring.objects.filter(segment_key__in=list(keys)).select_related(
        "channel", "replaced_by"
    )
    return [
        {
            "segment": row.segment_key,
            "channel": row.channel.name,
            "start": row.start,
            "promised_seconds": row.promised_seconds,
            "aired_seconds": row.shown_seconds,
            "status": row.status,
            "written_off": getattr(getattr(row, "replaced_by", None), "reason", ""),
        }
        for row in rows
    ]


def forgotten(programmes: Iterable[str]) -> set[str]:
    """Return which of `programmes` are."""
    rows = ForgottenProgramme.objects.filter(programme__in=set(programmes))
    return set(rows.values_list("programme", flat=True))
