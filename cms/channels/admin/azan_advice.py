"""What an editor should know of the programmes that a call to prayer meets."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.channels.models import Channel
from cms.channels.planning import Caution
from cms.channels.times import to_the_second
from cms.core.formats import lama
from media_pipeline.model.ticks import moment_of, seconds_of

AZAN = ("azan_split", "azan_cut", "azan_moved", "azan_late")
DETAILS = 20
"""So many of one kind are listed for who opens them."""


@dataclass(frozen=True)
class Advice:
    """One cause in one sentence; `details` are the entries it speaks of, if many.

    `label` and `url` are of the link to where an editor mends it, "" where there is none.
    """

    sentence: str
    details: tuple[str, ...] = ()
    label: str = ""
    url: str = ""


def page_of(name: str, channel: Channel, *extra: object) -> str:
    """Return the address of a page of `channel` in the CMS."""
    return reverse(f"wagtailsnippets_channels_channel:{name}", args=[channel.pk, *extra])


def listed(details: Iterable[str], count: int) -> tuple[str, ...]:
    """Return the first DETAILS of `count`, and how many more there are."""
    more = count - DETAILS
    rest = [_("Dan %(count)s acara lain.") % {"count": more}] if more > 0 else []
    return (*islice(details, DETAILS), *rest)


def azan_advice(channel: Channel, cautions: Sequence[Caution]) -> Iterator[Advice]:
    """Yield one thing for each way in which a day's calls touch programmes."""
    for kind in AZAN:
        met = [c for c in cautions if c.kind == kind]
        if met:
            details = listed((_detail(channel, caution) for caution in met), len(met))
            url = page_of("azan", channel)
            yield Advice(_sentence(kind, len(met)), details, _("Buka Azan"), url)


def _sentence(kind: str, count: int) -> str:
    match kind:
        case "azan_split":
            text = ngettext(
                "%(count)s acara terpotong azan dan dilanjutkan sesudahnya. Geser jamnya bila "
                "tidak boleh terpotong.",
                "%(count)s acara terpotong azan dan dilanjutkan sesudahnya. Geser jamnya bila "
                "tidak boleh terpotong.",
                count,
            )
        case "azan_cut":
            text = ngettext(
                "%(count)s acara berakhir pada azan dan sisanya tidak tayang. Geser jamnya, atau "
                "pilih “dilanjutkan” di halaman Azan.",
                "%(count)s acara berakhir pada azan dan sisanya tidak tayang. Geser jamnya, atau "
                "pilih “dilanjutkan” di halaman Azan.",
                count,
            )
        case "azan_moved":
            text = ngettext(
                "%(count)s acara menunggu sampai azan selesai. Geser jamnya ke sesudah azan.",
                "%(count)s acara menunggu sampai azan selesai. Geser jamnya ke sesudah azan.",
                count,
            )
        case _:
            text = ngettext(
                "%(count)s acara mundur karena azan sebelumnya. Sisakan jeda sesudah azan, atau "
                "geser jamnya.",
                "%(count)s acara mundur karena azan sebelumnya. Sisakan jeda sesudah azan, atau "
                "geser jamnya.",
                count,
            )
    return text % {"count": count}


def _detail(channel: Channel, caution: Caution) -> str:
    facts = {
        "title": caution.title,
        "start": to_the_second(channel, moment_of(caution.at)),
        "length": lama(seconds_of(caution.ticks)),
    }
    match caution.kind:
        case "azan_split":
            text = _("“%(title)s” pada %(start)s, tersisa %(length)s")
        case "azan_cut":
            text = _("“%(title)s” pada %(start)s, %(length)s tidak tayang")
        case "azan_moved":
            text = _("“%(title)s” menunggu azan %(start)s")
        case _:
            text = _("“%(title)s”, direncanakan %(start)s: terlambat %(length)s")
    return text % facts
