"""A snapshot beside what the record says now."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy, pgettext

from cms.audience.proofs.document import Document, differences, sums_of
from cms.core.formats import angka

_COUNTED = {
    "added": ngettext_lazy(
        "%(n)s tayangan dari masa itu baru tercatat sesudah bukti terbit.",
        "%(n)s tayangan dari masa itu baru tercatat sesudah bukti terbit.",
        "count",
    ),
    "replaced": ngettext_lazy(
        "Pengganti untuk %(n)s tayangan baru tercatat sesudah bukti terbit.",
        "Pengganti untuk %(n)s tayangan baru tercatat sesudah bukti terbit.",
        "count",
    ),
    "changed": ngettext_lazy(
        "%(n)s tayangan kini tercatat lain daripada di bukti.",
        "%(n)s tayangan kini tercatat lain daripada di bukti.",
        "count",
    ),
    "gone": ngettext_lazy(
        "%(n)s tayangan di bukti tidak ada lagi di catatan kami.",
        "%(n)s tayangan di bukti tidak ada lagi di catatan kami.",
        "count",
    ),
}
"""What `differences` counts, in words."""


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
    for name, text in _COUNTED.items():
        if count := getattr(found, name):
            yield text % {"count": count, "n": angka(count)}
    if before.taps != after.taps:
        yield _("Ketukan dari masa itu kini tercatat lain.")
    if before.reach != after.reach:
        yield _("Jangkauan dari masa itu kini tercatat lain.")


def _figures(document: Document) -> list[tuple[str, int]]:
    sums = sums_of(document.lines)
    return [
        (_("Dijanjikan"), sums.promised),
        (pgettext("bukti", "Tayang"), sums.aired),
        (_("Terpotong"), sums.cut),
        (_("Tidak tayang"), sums.missed),
        (_("Sudah diganti"), sums.made_good),
        (_("Detik tayang"), sums.aired_seconds),
        (_("Jangkauan (perkiraan)"), document.reach),
        (_("Ketukan"), document.taps),
    ]
