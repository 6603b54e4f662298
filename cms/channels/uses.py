"""On which channels a video is, and when: for whoever is about to take it away."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.channels import in_force
from cms.channels.models import Channel
from cms.core.formats import jam, tanggal
from cms.videos.models import Video
from cms.videos.uses import MOST, Use
from media_pipeline.model.ticks import moment_of, ticks_of

MOST_CHANNELS = 30
"""Channels that are named: the install's still card is on all of them."""


def uses_of(video: Video, now: datetime) -> Iterator[Use]:
    """Yield each channel that plans the video, with the times at which it airs from `now` on."""
    channels = Channel.objects.using_video(video.pk, now).select_related("cooperative")
    others = channels.count() - MOST_CHANNELS
    if others > 0:
        heading = ngettext("%(n)d saluran lain", "%(n)d saluran lain", others)
        yield Use(heading % {"n": others})
    for channel in channels.order_by("name")[:MOST_CHANNELS]:
        times = _times(channel, video, now)
        if not times:
            yield Use(_("Saluran %(channel)s: bahan siaran, tanpa jadwal") % {"channel": channel})
            continue
        heading = ngettext(
            "Saluran %(channel)s: %(n)d kali tayang",
            "Saluran %(channel)s: %(n)d kali tayang",
            len(times),
        )
        yield Use(heading % {"channel": channel, "n": len(times)}, tuple(times[:MOST]))


def _times(channel: Channel, video: Video, now: datetime) -> list[str]:
    found = in_force.shown(channel.slug)
    if found is None:
        return []
    tick, key, zone = ticks_of(now), str(video.key), channel.cooperative.zone
    first = max(0, found.place_at(tick))
    entries = [e for e in list(found.entries)[first:] if e.programme == key and e.end > tick]
    return [
        _("sedang tayang")
        if entry.start <= tick
        else f"{tanggal(moment_of(entry.start).astimezone(channel.zone))}, "
        f"{jam(moment_of(entry.start), zone)}"
        for entry in entries
    ]
