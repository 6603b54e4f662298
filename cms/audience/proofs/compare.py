"""A snapshot beside what the record says now."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cms.audience.proofs.document import Document, sums_of
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
