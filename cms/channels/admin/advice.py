"""What an editor should know of a day, and what to do about it."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from cms.channels.models import Channel
from cms.channels.planning import Caution
from cms.channels.times import begin_of, end_of, to_the_second
from cms.core.formats import lama
from media_pipeline.model.ticks import moment_of, seconds_of, ticks_of

MOST = 8
"""So many sentences are read; more are a number."""


def advice_for(channel: Channel, day: date, cautions: Sequence[Caution]) -> list[str]:
    """Return one sentence for each thing to mend on `day`, in order of time; MOST of them."""
    found = [c for c in _of_day(channel, day, cautions) if c.kind != "gap"]
    sentences = [_sentence(channel, caution) for caution in found[:MOST]]
    if len(found) > MOST:
        sentences.append(_("Dan %(count)s hal lain.") % {"count": len(found) - MOST})
    return sentences


def gaps_of(channel: Channel, day: date, cautions: Sequence[Caution]) -> str:
    """Return how much of `day` fillers close, "" if nothing that is worth a word."""
    gaps = [c.ticks for c in _of_day(channel, day, cautions) if c.kind == "gap"]
    if not gaps:
        return ""
    facts = {"count": len(gaps), "length": lama(seconds_of(sum(gaps)))}
    return _("Pengisi menutup %(count)s jeda, seluruhnya %(length)s.") % facts


def _of_day(channel: Channel, day: date, cautions: Sequence[Caution]) -> list[Caution]:
    begin, end = ticks_of(begin_of(channel, day)), ticks_of(end_of(channel, day))
    return [c for c in cautions if begin <= c.at < end]


def _sentence(channel: Channel, caution: Caution) -> str:
    facts = {
        "title": caution.title,
        "start": to_the_second(channel, moment_of(caution.at)),
        "length": lama(seconds_of(caution.ticks)),
    }
    match caution.kind:
        case "slate":
            text = _(
                "Kartu jeda tayang %(length)s mulai %(start)s karena tidak ada pengisi. "
                "Tambahkan pengisi di pengaturan saluran."
            )
        case "overlap":
            text = _(
                "“%(title)s” mundur %(length)s dari %(start)s karena acara sebelumnya lebih "
                "panjang. Geser jamnya."
            )
        case "not_ready":
            text = _(
                "“%(title)s” pukul %(start)s belum dapat ditayangkan. Terbitkan videonya, "
                "atau ganti acaranya."
            )
        case _:
            text = _(
                "“%(title)s” pukul %(start)s tidak tayang karena terlambat %(length)s. "
                "Geser jamnya."
            )
    return text % facts
