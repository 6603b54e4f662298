"""What an editor should know of a day, and what to do about it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.channels import catalogue
from cms.channels.admin.azan_advice import AZAN, Advice, azan_advice, listed, page_of
from cms.channels.admin.block_advice import block_advice
from cms.channels.admin.manners import manners_advice
from cms.channels.models import Channel
from cms.channels.planning import Caution, Plan
from cms.channels.planning.days import Dated
from cms.channels.planning.values import CautionKind
from cms.channels.times import begin_of, end_of, to_the_second
from cms.core.formats import lama
from media_pipeline.model.rundown import Entry
from media_pipeline.model.ticks import moment_of, seconds_of, ticks_of

MOST_RUNS = 3
"""Late entries with more causes than that are one line."""
CAUSES: tuple[CautionKind, ...] = ("slate", "overlap", "not_ready", "outside", "dropped")


def advice_for(channel: Channel, day: date, plan: Plan, earliest: datetime) -> list[Advice]:
    """Return what there is to mend on `day`: one line for each cause, however often it is met.

    Entries that start before `earliest` cannot be changed any more.
    """
    found = _of_day(channel, day, plan.cautions)
    wishes = catalogue.dated_near(channel, day) if any(c.wish for c in found) else {}
    advice = [
        _advice(channel, met, pusher, _mend(channel, day, wishes, met, earliest))
        for kind in CAUSES
        for met, pusher in _causes([c for c in found if c.kind == kind], plan.rundown.entries)
    ]
    advice += azan_advice(channel, [caution for caution in found if caution.kind in AZAN])
    advice += block_advice(channel, day)
    advice += manners_advice(channel, day, plan.rundown.entries)
    return advice


def _mend(
    channel: Channel,
    day: date,
    wishes: Mapping[str, Dated],
    met: Sequence[Caution],
    earliest: datetime,
) -> tuple[str, str]:
    """Return label and address of where to mend cautions of one kind, "" if it is too late."""
    if met[0].kind in ("slate", "outside"):
        return _("Buka pengaturan saluran"), page_of("edit", channel)
    for wish in (wishes[caution.wish] for caution in met if caution.wish in wishes):
        if wish.weekly:
            return _("Buka Mingguan"), page_of("weekly", channel)
        if wish.start >= earliest:
            label = _("Ubah acara") if len(met) == 1 else _("Ubah acara pertama")
            return label, page_of("entry", channel, day.isoformat(), wish.id)
    return "", ""


def _advice(channel: Channel, met: Sequence[Caution], pusher: str, mend: tuple[str, str]) -> Advice:
    """Return what to say of cautions of one cause; `pusher` is as `_causes` returns it."""
    if len(met) == 1:
        return Advice(_sentence(channel, met[0]), (), *mend)
    first, last = met[0], met[-1]
    facts = {
        "count": len(met),
        "first": first.title,
        "last": last.title,
        "start": to_the_second(channel, moment_of(first.at)),
        "end": to_the_second(channel, moment_of(last.at)),
        "length": lama(seconds_of(sum(caution.ticks for caution in met))),
        "cause": pusher,
    }
    if pusher:
        text = ngettext(
            "“%(cause)s” memundurkan %(count)s acara, dari “%(first)s” (%(start)s) sampai "
            "“%(last)s” (%(end)s). Geser jamnya, atau hapus satu acara di antaranya.",
            "“%(cause)s” memundurkan %(count)s acara, dari “%(first)s” (%(start)s) sampai "
            "“%(last)s” (%(end)s). Geser jamnya, atau hapus satu acara di antaranya.",
            len(met),
        )
    else:
        text = _sentence_of_many(first.kind, len(met))
    details = (_detail(channel, caution) for caution in met)
    return Advice(text % facts, listed(details, len(met)), *mend)


def _causes(met: list[Caution], entries: Sequence[Entry]) -> Iterator[tuple[list[Caution], str]]:
    """Yield cautions of one kind by cause, with the title of the programme that pushes the late.

    What is late in a row, without a gap, has one cause.
    """
    if met and met[0].kind == "overlap":
        place = {entry.id: n for n, entry in enumerate(entries)}
        runs: list[list[Caution]] = []
        for caution in met:
            if runs and place.get(runs[-1][-1].wish) == place.get(caution.wish, 0) - 1:
                runs[-1].append(caution)
            else:
                runs.append([caution])
        if len(runs) <= MOST_RUNS:
            for run in runs:
                at = place.get(run[0].wish, 0)
                yield run, (entries[at - 1].title if at else "") or _("Pengisi")
            return
    if met:
        yield met, ""


def _detail(channel: Channel, caution: Caution) -> str:
    facts = {
        "title": caution.title,
        "start": to_the_second(channel, moment_of(caution.at)),
        "length": lama(seconds_of(caution.ticks)),
    }
    match caution.kind:
        case "slate":
            text = _("%(start)s: %(length)s")
        case "not_ready" | "outside":
            text = _("“%(title)s” %(start)s")
        case _:
            text = _("“%(title)s”, direncanakan %(start)s: terlambat %(length)s")
    return text % facts


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


def _sentence_of_many(kind: CautionKind, count: int) -> str:
    match kind:
        case "slate":
            return ngettext(
                "Kartu jeda tayang %(count)s kali, seluruhnya %(length)s, karena tidak ada "
                "pengisi. Tambahkan pengisi di pengaturan saluran.",
                "Kartu jeda tayang %(count)s kali, seluruhnya %(length)s, karena tidak ada "
                "pengisi. Tambahkan pengisi di pengaturan saluran.",
                count,
            )
        case "overlap":
            return ngettext(
                "%(count)s acara mundur karena acara sebelumnya lebih panjang. Geser jamnya, atau "
                "hapus satu acara di antaranya.",
                "%(count)s acara mundur karena acara sebelumnya lebih panjang. Geser jamnya, atau "
                "hapus satu acara di antaranya.",
                count,
            )
        case "not_ready":
            return ngettext(
                "%(count)s acara belum dapat ditayangkan. Terbitkan videonya, atau ganti acaranya.",
                "%(count)s acara belum dapat ditayangkan. Terbitkan videonya, atau ganti acaranya.",
                count,
            )
        case "outside":
            return ngettext(
                "%(count)s acara tidak tayang karena di luar jam siaran sendiri. Geser jamnya, "
                "atau tambah jam siaran sendiri di pengaturan saluran.",
                "%(count)s acara tidak tayang karena di luar jam siaran sendiri. Geser jamnya, "
                "atau tambah jam siaran sendiri di pengaturan saluran.",
                count,
            )
        case _:
            return ngettext(
                "%(count)s acara tidak tayang karena terlambat lebih dari 2 jam, dari “%(first)s” "
                "(%(start)s) sampai “%(last)s” (%(end)s). Kurangi acara sebelumnya.",
                "%(count)s acara tidak tayang karena terlambat lebih dari 2 jam, dari “%(first)s” "
                "(%(start)s) sampai “%(last)s” (%(end)s). Kurangi acara sebelumnya.",
                count,
            )
