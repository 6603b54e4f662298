"""A snapshot beside what the record says now."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from cms.audience.proofs.document import Document, differences, sums_of
from cms.core.formats import angka


@dataclass(frozen=True)
class Compared:
    """A figure as it was issued and as it is now."""

    name: str
    then: str
    today: str

    @property
    def differs(self) -> bool:
        """Whether it has changed."""
        return self.then != self.today


def comparison(before: Document, after: Document) -> list[Compared]:
    """Return the figures of both, one below the other."""
    return [
        Compared(name, angka(then), angka(today))
        for (name, then), (_name, today) in zip(_figures(before), _figures(after), strict=True)
    ]


def only_more(before: Document, after: Document) -> bool:
    """Return whether all that was said before still holds, and something was added to it."""
    return (
        differences(before, after).only_more
        and after.taps >= before.taps
        and after.reach >= before.reach
    )


def sentences(before: Document, after: Document) -> Iterator[str]:
    """Yield in words what `after` says otherwise of the time of `before`."""
    found = differences(before, after)
    for count, text in (
        (found.added, _added(found.added)),
        (found.replaced, _replaced(found.replaced)),
        (found.changed, _changed(found.changed)),
        (found.gone, _gone(found.gone)),
    ):
        if count:
            yield text % {"n": angka(count)}
    if before.taps != after.taps:
        yield _("Ketukan dari masa itu kini tercatat lain.")
    if before.reach != after.reach:
        yield _("Jangkauan dari masa itu kini tercatat lain.")


def _added(count: int) -> str:
    return ngettext(
        "%(n)s tayangan dari masa itu baru tercatat sesudah bukti terbit.",
        "%(n)s tayangan dari masa itu baru tercatat sesudah bukti terbit.",
        count,
    )


def _replaced(count: int) -> str:
    return ngettext(
        "Pengganti untuk %(n)s tayangan baru tercatat sesudah bukti terbit.",
        "Pengganti untuk %(n)s tayangan baru tercatat sesudah bukti terbit.",
        count,
    )


def _changed(count: int) -> str:
    return ngettext(
        "%(n)s tayangan kini tercatat lain daripada di bukti.",
        "%(n)s tayangan kini tercatat lain daripada di bukti.",
        count,
    )


def _gone(count: int) -> str:
    return ngettext(
        "%(n)s tayangan di bukti tidak ada lagi di catatan kami.",
        "%(n)s tayangan di bukti tidak ada lagi di catatan kami.",
        count,
    )


def _figures(document: Document) -> list[tuple[str, int]]:
    sums = sums_of(document.lines)
    return [
        (_("Dijanjikan"), sums.promised),
        (pgettext("bukti", "Tayang"), sums.aired),
        (_("Terpotong"), sums.cut),
        (_("Tidak tayang"), sums.missed),
        (_("Sudah diganti"), sums.made_good),
        (_("Detik tayang"), sums.aired_seconds),
        (_("Jangkauan"), document.reach),
        (_("Ketukan"), document.taps),
    ]
