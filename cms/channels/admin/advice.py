"""What an editor should know of a day, and what to do about it."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from cms.channels.models import Channel
from cms.channels.planning import Caution
from cms.channels.times import begin_of, end_of, to_the_second
from cms.core.formats import lama
from media_pipeline.model.ticks import moment_of, seconds_of, ticks_of


def advice_for(channel: Channel, day: date, cautions: Sequence[Caution]) -> list[str]:
    """Return one sentence for each thing to mend on `day`, in order of time."""
    begin, end = ticks_of(begin_of(channel, day)), ticks_of(end_of(channel, day))
    of_day = [c for c in cautions if begin <= c.at < end]
    gaps = [c for c in of_day if c.kind == "gap"]
    sentences = [_sentence(channel, c) for c in of_day if c.kind != "gap"]
    if gaps:
        whole = lama(sum(seconds_of(c.ticks) for c in gaps))
        sentences.append(
            _("Pengisi menutup %(count)s jeda, seluruhnya %(length)s.")
            % {"count": len(gaps), "length": whole}
        )
    return sentences


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
