"""A proof in the words of a language, the same on paper, in pictures and on pages."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from cms.audience.proofs.document import TAKEN_BACK, Document, Line, Names, Sums, sums_of
from cms.audience.proofs.rows import Row, Unit, replaced_by, rows_of
from cms.channels.asrun.reasons import reason_of
from cms.core.formats import MONTHS, angka, jam, language, tanggal

Tone = Literal["ok", "warn", "bad"]
NAMED = 3
"""Days that stand out and are named; the sentence has one line."""


@dataclass(frozen=True)
class Cells:
    """A row of the table in words; `tone` is the colour of its status."""

    when: str
    where: str
    status: str
    tone: Tone
    why: str
    seconds: str


@dataclass(frozen=True)
class Fact:
    """A name and what it is: "Pasar", "Pasar Melati, Jawa Timur"."""

    name: str
    text: str


@dataclass(frozen=True)
class Figure:
    """A large number with what it counts; `sign` stands before it."""

    number: str
    name: str
    sign: str = ""


def cells_of(document: Document, unit: Unit) -> list[Cells]:
    """Return the table of `document`, a row for each `unit`."""
    replaced = replaced_by(document)
    rows = rows_of(document, unit)
    if unit == "airing":
        return [_of_airing(row.lines[0], replaced) for row in rows]
    return [_of_many(row, unit) for row in rows]


def facts_of(document: Document, people: Names | None) -> list[Fact]:
    """Return whose segment it is, where and when."""
    seconds = ngettext("%(n)s detik", "%(n)s detik", document.seconds)
    length = seconds % {"n": angka(document.seconds)}
    if people is None:
        stall, product = _("Nama telah dihapus atas permintaan pedagang"), length
    else:
        stall = ", ".join(part for part in (people.stall, people.place) if part)
        product = f"{people.product}, {length}"
    return [
        Fact(pgettext("bukti", "Lapak"), stall),
        Fact(_("Pasar"), document.market),
        Fact(_("Segmen"), product),
        Fact(_("Masa"), period(document.first, document.last)),
    ]


def equation(sums: Sums) -> list[Figure]:
    """Return promised = aired + cut + missed."""
    return [
        Figure(angka(sums.promised), _("dijanjikan")),
        Figure(angka(sums.aired), _("tayang"), "="),
        Figure(angka(sums.cut), _("terpotong"), "+"),
        Figure(angka(sums.missed), _("tidak tayang"), "+"),
    ]


def account(document: Document) -> list[str]:
    """Return the sentences below the equation."""
    sums = sums_of(document.lines)
    return [*_made_good(sums), _on_air(sums), _came(document), *_stands_out(document)]


def source(document: Document) -> str:
    """Return from what the figures are, and how far it reaches."""
    until = _("Menurut catatan siaran sampai %(when)s.") % {
        "when": moment(document.until, document.zone)
    }
    how = _("Jangkauan adalah perkiraan, dihitung per hari tanpa mengenali siapa pun.")
    return f"{until} {how}"


def period(first: date, last: date) -> str:
    """Return "1–30 November 2026", or both days in full where the month is not one."""
    if first == last:
        return tanggal(first, weekday=False)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{tanggal(last, weekday=False)}"
    return f"{tanggal(first, weekday=False)} – {tanggal(last, weekday=False)}"


def month_name(day: date) -> str:
    """Return "November 2026"."""
    return f"{MONTHS[language()][day.month - 1]} {day.year}"


def moment(at: datetime, zone: str) -> str:
    """Return "Rabu 6 Oktober 2021, 19.30 WIB"."""
    return f"{tanggal(at.astimezone(ZoneInfo(zone)))}, {jam(at, zone)}"


def summarised(unit: Unit) -> str:
    """Return why the table has fewer rows than there were airings; "" where it has all."""
    if unit == "airing":
        return ""
    if unit == "day":
        return _("Dijumlahkan per hari supaya muat satu halaman. Daftar lengkap ada di alamat itu.")
    return _("Dijumlahkan per bulan supaya muat satu halaman. Daftar lengkap ada di alamat itu.")


def heads(unit: Unit) -> tuple[str, str, str, str]:
    """Return what stands over the columns."""
    when = {"airing": _("Waktu"), "day": _("Tanggal"), "month": _("Bulan")}[unit]
    return when, pgettext("bukti", "Saluran"), _("Status"), _("Detik")


def status_of(line: Line) -> tuple[str, Tone]:
    """Return what became of an airing, and the colour of that."""
    if line.makes_good:
        return _("Pengganti"), "ok" if line.status == "aired" else "warn"
    words: dict[str, tuple[str, Tone]] = {
        "aired": (pgettext("bukti", "Tayang"), "ok"),
        "cut": (_("Terpotong"), "warn"),
        "missed": (_("Tidak tayang"), "bad"),
    }
    return words[line.status]


def cause(reason: str) -> str:
    """Return the sentence for why an airing was cut or missed; "" for none."""
    return reason_of(reason, taken_back=reason == TAKEN_BACK)


def _of_airing(line: Line, replaced: dict[tuple[str, str], Line]) -> Cells:
    status, tone = status_of(line)
    instead = replaced.get((line.start.isoformat(), line.channel)) if line.makes_good else None
    return Cells(
        when=moment(line.start, line.zone),
        where=line.channel,
        status=status,
        tone=tone,
        why=" ".join(_why(line, instead)),
        seconds=angka(line.aired),
    )


def _why(line: Line, instead: Line | None) -> Iterator[str]:
    if line.reason:
        yield cause(line.reason)
    if line.made_good:
        yield _("Diganti %(when)s.") % {"when": moment(line.made_good, line.zone)}
    if instead:
        yield _("Untuk %(when)s.") % {"when": moment(instead.start, instead.zone)}


def _of_many(row: Row, unit: Unit) -> Cells:
    sums, channels = row.sums, row.channels
    many = ngettext("%(n)s saluran", "%(n)s saluran", len(channels)) % {"n": len(channels)}
    reasons = row.reasons
    causes = ngettext("%(n)s sebab", "%(n)s sebab", len(reasons)) % {"n": len(reasons)}
    return Cells(
        when=tanggal(row.day) if unit == "day" else month_name(row.day),
        where=channels[0] if len(channels) == 1 else many,
        status=", ".join(_counted(sums)),
        tone="bad" if sums.missed else "warn" if sums.cut else "ok",
        why=cause(reasons[0]) if len(reasons) == 1 else causes if reasons else "",
        seconds=angka(row.seconds),
    )


def _counted(sums: Sums) -> Iterator[str]:
    if sums.aired:
        yield f"{angka(sums.aired)} {_('tayang')}"
    if sums.cut:
        yield f"{angka(sums.cut)} {_('terpotong')}"
    if sums.missed:
        yield f"{angka(sums.missed)} {_('tidak tayang')}"
    if sums.replacements:
        yield f"{angka(sums.replacements)} {_('pengganti')}"


def _made_good(sums: Sums) -> Iterator[str]:
    lacking = sums.cut + sums.missed
    if lacking:
        yield _("%(done)s dari %(all)s yang terpotong atau tidak tayang sudah diganti.") % {
            "done": angka(sums.made_good),
            "all": angka(lacking),
        }


def _on_air(sums: Sums) -> str:
    return _("Tayang %(aired)s dari %(promised)s detik yang dijanjikan.") % {
        "aired": angka(sums.aired_seconds),
        "promised": angka(sums.promised_seconds),
    }


def _came(document: Document) -> str:
    reach = ngettext(
        "Jangkauan sekitar %(n)s penonton", "Jangkauan sekitar %(n)s penonton", document.reach
    ) % {"n": angka(document.reach)}
    taps = ngettext("%(n)s ketukan ke WhatsApp", "%(n)s ketukan ke WhatsApp", document.taps) % {
        "n": angka(document.taps)
    }
    return f"{reach} ({_estimated(document)}), {taps}."


def _estimated(document: Document) -> str:
    """How sure the reach is; a proof from before margins says only that it is an estimate."""
    if not document.margin:
        return _("perkiraan")
    return _("perkiraan, ± %(n)s") % {"n": angka(document.margin)}


def _stands_out(document: Document) -> Iterator[str]:
    days = document.outliers
    if not days:
        return
    named = ", ".join(tanggal(day, weekday=False) for day in days[:NAMED])
    if more := len(days) - NAMED if len(days) > NAMED else 0:
        named += " " + ngettext("dan %(n)s hari lain", "dan %(n)s hari lain", more) % {"n": more}
    yield _("Jangkauan jauh di atas hari lain: %(days)s.") % {"days": named}
