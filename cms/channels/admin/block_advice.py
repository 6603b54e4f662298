"""What an editor should know of the blocks of a day."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.channels.admin.azan_advice import Advice, listed, page_of
from cms.channels.models import BlockRun, Channel, PlaylistItem, WeeklySlot
from cms.channels.template.runs import lengths_of
from cms.channels.times import begin_of, end_of, to_the_second
from cms.core.formats import lama
from media_pipeline.model.ticks import seconds_of, ticks_in


def block_advice(channel: Channel, day: date) -> Iterator[Advice]:
    """Yield what keeps the blocks of `day` empty, and videos that no block of it has room for."""
    runs = list(
        channel.runs.filter(
            begins__gte=begin_of(channel, day),
            begins__lt=end_of(channel, day),
            slot__isnull=False,
        ).select_related("slot__playlist")
    )
    mend = (_("Buka Mingguan"), page_of("weekly", channel))
    is_fair = {run.pk for run in runs if run.slot and run.slot.content == WeeklySlot.Content.FAIR}
    if vacant := [run for run in runs if run.pk in is_fair and not run.turns]:
        text = ngettext(
            "%(count)s jeda Giliran Adil belum punya segmen; pengisi yang tayang. Jeda terisi "
            "sendiri begitu ada segmen lapak yang disetujui.",
            "%(count)s jeda Giliran Adil belum punya segmen; pengisi yang tayang. Jeda terisi "
            "sendiri begitu ada segmen lapak yang disetujui.",
            len(vacant),
        )
        details = listed((_when(channel, run) for run in vacant), len(vacant))
        yield Advice(text % {"count": len(vacant)}, details)
    if empty := [run for run in runs if run.pk not in is_fair and not run.turns]:
        text = ngettext(
            "%(count)s blok tidak punya video yang dapat ditayangkan; pengisi yang tayang. Isi "
            "daftar putarnya, atau terbitkan videonya.",
            "%(count)s blok tidak punya video yang dapat ditayangkan; pengisi yang tayang. Isi "
            "daftar putarnya, atau terbitkan videonya.",
            len(empty),
        )
        details = listed((_when(channel, run) for run in empty), len(empty))
        yield Advice(text % {"count": len(empty)}, details, *mend)
    if too_long := _too_long([run.slot for run in runs if run.slot]):
        text = ngettext(
            "%(count)s video lebih panjang daripada bloknya dan tidak pernah tayang di sana. "
            "Perpanjang bloknya, atau keluarkan videonya dari daftar.",
            "%(count)s video lebih panjang daripada bloknya dan tidak pernah tayang di sana. "
            "Perpanjang bloknya, atau keluarkan videonya dari daftar.",
            len(too_long),
        )
        yield Advice(text % {"count": len(too_long)}, listed(too_long, len(too_long)), *mend)


def _when(channel: Channel, run: BlockRun) -> str:
    name = run.slot.title if run.slot else ""
    return _("“%(title)s” %(start)s") % {
        "title": name,
        "start": to_the_second(channel, run.begins),
    }


def _too_long(slots: list[WeeklySlot]) -> list[str]:
    """Return each video that is longer than the block that lists it."""
    filled = {slot.pk: slot for slot in slots if slot.playlist_id}.values()
    listed: dict[int, dict[int, str]] = defaultdict(dict)
    items = PlaylistItem.objects.filter(playlist__in={slot.playlist_id for slot in filled})
    for playlist, video, title in items.values_list("playlist_id", "video_id", "video__title"):
        listed[playlist][video] = title
    lengths = lengths_of({video for titles in listed.values() for video in titles})
    return [
        _("“%(title)s” (%(length)s) di “%(block)s”")
        % {"title": title, "length": lama(seconds_of(lengths[video])), "block": slot.title}
        for slot in filled
        for video, title in listed[slot.playlist_id or 0].items()
        if lengths.get(video, 0) > ticks_in(slot.seconds or 0)
    ]
