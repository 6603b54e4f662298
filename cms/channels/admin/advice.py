"""What an editor should know of a day, and what to do about it."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.channels.admin.azan_advice import AZAN, DETAILS, Advice, azan_advice
from cms.channels.admin.block_advice import block_advice
from cms.channels.admin.manners import manners_advice
from cms.channels.models import Channel
from cms.channels.planning import Caution, Plan
from cms.channels.times import begin_of, end_of, to_the_second
from cms.core.formats import lama
from media_pipeline.model.rundown import Entry
from media_pipeline.model.ticks import moment_of, seconds_of, ticks_of

MOST = 8
"""So many sentences are read; more are a number."""


def advice_for(channel: Channel, day: date, plan: Plan) -> list[Advice]:
    """Return what there is to mend on `day`, in order of time, MOST things.

    An entry that is too long pushes all that stand close behind it: that is one thing.
    """
    found = [c for c in _of_day(channel, day, plan.cautions) if c.kind != "gap"]
    called = list(azan_advice(channel, [c for c in found if c.kind in AZAN]))
    found = [c for c in found if c.kind not in AZAN]
    runs = list(_runs(found, plan.rundown.entries))
    advice = [_advice(channel, run, plan.rundown.entries) for run in runs[:MOST]]
    advice += [*called, *block_advice(channel, day)]
    advice += manners_advice(channel, day, plan.rundown.entries)
    if len(runs) > MOST:
        advice.append(Advice(_("Dan %(count)s hal lain.") % {"count": len(runs) - MOST}))
    return advice


def _runs(cautions: Sequence[Caution], entries: Sequence[Entry]) -> Iterator[list[Caution]]:
    """Group late entries that follow each other without a gap, and dropped ones in a row."""
    place = {entry.id: n for n, entry in enumerate(entries)}
    run: list[Caution] = []
    for caution in cautions:
        if run and caution.kind == run[-1].kind:
            follows = place.get(caution.wish, 0) == place.get(run[-1].wish, 0) + 1
            if caution.kind == "dropped" or (caution.kind == "overlap" and follows):
                run.append(caution)
                continue
        if run:
            yield run
        run = [caution]
    if run:
        yield run


def _advice(channel: Channel, run: list[Caution], entries: Sequence[Entry]) -> Advice:
    first, last = run[0], run[-1]
    if len(run) == 1:
        return Advice(_sentence(channel, first))
    facts = {
        "count": len(run),
        "first": first.title,
        "last": last.title,
        "start": to_the_second(channel, moment_of(first.at)),
        "end": to_the_second(channel, moment_of(last.at)),
    }
    if first.kind == "overlap":
        facts["cause"] = _before(first, entries)
        text = ngettext(
            "“%(cause)s” memundurkan %(count)s acara, dari “%(first)s” (%(start)s) sampai "
            "“%(last)s” (%(end)s). Geser jamnya, atau hapus satu acara di antaranya.",
            "“%(cause)s” memundurkan %(count)s acara, dari “%(first)s” (%(start)s) sampai "
            "“%(last)s” (%(end)s). Geser jamnya, atau hapus satu acara di antaranya.",
            len(run),
        )
    else:
        text = ngettext(
            "%(count)s acara tidak tayang karena terlambat lebih dari 2 jam, dari “%(first)s” "
            "(%(start)s) sampai “%(last)s” (%(end)s). Kurangi acara sebelumnya.",
            "%(count)s acara tidak tayang karena terlambat lebih dari 2 jam, dari “%(first)s” "
            "(%(start)s) sampai “%(last)s” (%(end)s). Kurangi acara sebelumnya.",
            len(run),
        )
    details = [_detail(channel, caution) for caution in run[:DETAILS]]
    if len(run) > DETAILS:
        details.append(_("Dan %(count)s acara lain.") % {"count": len(run) - DETAILS})
    return Advice(text % facts, tuple(details))


def _before(caution: Caution, entries: Sequence[Entry]) -> str:
    """Return the title of what plays just before the entry that `caution` is about."""
    place = next(n for n, entry in enumerate(entries) if entry.id == caution.wish)
    return entries[place - 1].title if place and entries[place - 1].title else _("Pengisi")


def _detail(channel: Channel, caution: Caution) -> str:
    return _("“%(title)s”, direncanakan %(start)s: terlambat %(length)s") % {
        "title": caution.title,
        "start": to_the_second(channel, moment_of(caution.at)),
        "length": lama(seconds_of(caution.ticks)),
    }


def gaps_of(channel: Channel, day: date, cautions: Sequence[Caution]) -> str:
    """Return how much of `day` fillers close, "" if nothing that is worth a word."""
    gaps = [c.ticks for c in _of_day(channel, day, cautions) if c.kind == "gap"]
    if not gaps:
        return ""
    facts = {"count": len(gaps), "length": lama(seconds_of(sum(gaps)))}
    return (
        _(
            "Pengisi menutup %(count)s jeda, seluruhnya %(length)s. Bila terlalu lama, tambah acara "
            "atau blok."
        )
        % facts
    )


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
        case "outside":
            text = _(
                "“%(title)s” pukul %(start)s tidak tayang karena di luar jam siaran sendiri. "
                "Geser jamnya, atau tambah jam siaran sendiri di pengaturan saluran."
            )
        case _:
            text = _(
                "“%(title)s” pukul %(start)s tidak tayang karena terlambat %(length)s. "
                "Geser jamnya."
            )
    return text % facts
