"""What broadcasting manners say of a day, and what to do about it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.channels import catalogue
from cms.channels.admin.azan_advice import Advice, listed
from cms.channels.models import Channel
from cms.channels.planning.manners import Note, NoteKind, notes
from cms.channels.times import begin_of, end_of, to_the_second
from cms.core.formats import lama
from cms.videos.models import Caption
from media_pipeline.model.entry_ids import whole_of
from media_pipeline.model.rundown import Entry
from media_pipeline.model.ticks import moment_of, seconds_of, ticks_of

KINDS: tuple[NoteKind, ...] = ("rating", "advertising", "spot", "product", "captions")


def manners_advice(channel: Channel, day: date, entries: Sequence[Entry]) -> Iterator[Advice]:
    """Yield one thing for each kind of note on `day`, and whether the next day is empty."""
    begin, end = ticks_of(begin_of(channel, day)), ticks_of(end_of(channel, day))
    shown = [e for e in entries if e.end > begin and e.start < end]
    if channel.parent_id:
        # What the parent shows is for its own editors to mend.
        wishes = catalogue.dated_near(channel, day)
        shown = [e for e in shown if whole_of(e.id) in wishes]
    found = notes(shown, channel.zone, _captioned(shown))
    for kind in KINDS:
        of_kind = [note for note in found if note.kind == kind and begin <= note.at < end]
        if of_kind:
            details = listed((_detail(channel, note) for note in of_kind), len(of_kind))
            yield Advice(_sentence(kind, len(of_kind)), details)
    if shown and not channel.parent_id and not catalogue.dated_of(channel, day + timedelta(days=1)):
        yield Advice(
            _(
                "Hari berikutnya belum punya acara; hanya pengisi yang tayang. Tambah acara, atau "
                "nyalakan “ulang harian” di pengaturan saluran."
            )
        )


def _captioned(entries: Iterable[Entry]) -> set[str]:
    keys = {e.programme for e in entries if e.programme}
    rows = Caption.objects.filter(video__key__in=keys).values_list("video__key", flat=True)
    return {str(key) for key in rows}


def _sentence(kind: NoteKind, count: int) -> str:
    match kind:
        case "rating":
            text = ngettext(
                "%(count)s acara dewasa (D) tayang di luar pukul 22.00–03.00. Geser jamnya.",
                "%(count)s acara dewasa (D) tayang di luar pukul 22.00–03.00. Geser jamnya.",
                count,
            )
        case "advertising":
            text = ngettext(
                "Promosi lebih dari 20 % dalam %(count)s jam. Sebarkan ke jam lain.",
                "Promosi lebih dari 20 % dalam %(count)s jam. Sebarkan ke jam lain.",
                count,
            )
        case "spot":
            text = ngettext(
                "%(count)s promosi tayang lebih dari dua kali berturut-turut. Selingi dengan acara "
                "lain.",
                "%(count)s promosi tayang lebih dari dua kali berturut-turut. Selingi dengan acara "
                "lain.",
                count,
            )
        case "product":
            text = ngettext(
                "%(count)s promosi menampilkan barang yang sama dengan promosi sebelumnya. Tukar "
                "urutannya.",
                "%(count)s promosi menampilkan barang yang sama dengan promosi sebelumnya. Tukar "
                "urutannya.",
                count,
            )
        case "captions":
            text = ngettext(
                "%(count)s acara belum punya takarir. Unggah takarirnya di halaman video.",
                "%(count)s acara belum punya takarir. Unggah takarirnya di halaman video.",
                count,
            )
    return text % {"count": count}


def _detail(channel: Channel, note: Note) -> str:
    facts = {
        "title": note.title,
        "start": to_the_second(channel, moment_of(note.at)),
        "length": lama(seconds_of(note.ticks)),
        "count": note.ticks,
    }
    match note.kind:
        case "advertising":
            text = _("Jam %(start)s: promosi %(length)s")
        case "spot":
            text = _("“%(title)s” %(start)s: %(count)s kali")
        case _:
            text = _("“%(title)s” %(start)s")
    return text % facts
