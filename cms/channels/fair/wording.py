"""Reasons of fair turns in words."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.channels.models import Channel, RotationTurn
from cms.channels.planning.fair import DEBT, NEVER, PassedFor, Place
from cms.core.formats import jam, tanggal
from media_pipeline.model.ticks import moment_of


def why_of(channel: Channel, turn: RotationTurn) -> str:
    """Return why the turn went to its spot."""
    since = turn.details.get("since")
    return _why(channel, turn.reason, datetime.fromisoformat(since) if since else None)


def why_in_line(channel: Channel, place: Place) -> str:
    """Return why a clip stands where it does."""
    if place.rank == DEBT:
        return _why(channel, "debt", moment_of(place.moment))
    if place.moment == NEVER:
        return _why(channel, "new", None)
    return _why(channel, "oldest", moment_of(place.moment))


def notes_of(turn: RotationTurn, stalls: Mapping[str, str]) -> tuple[str, ...]:
    """Return what else there is to say of a turn: whom it passed over and why.

    `stalls` are the names of stalls by the key of a segment.
    """
    return tuple(_notes(turn, stalls))


def kept_off(why: PassedFor | None) -> str:
    """Return why a spot cannot air on a day, "" if it can."""
    match why:
        case "region":
            return _("Tidak untuk wilayah saluran ini.")
        case "dates":
            return _("Di luar tanggal tayangnya.")
        case "papers":
            return _("Sertifikat atau izinnya tidak berlaku hari ini.")
        case _:
            return ""


def _why(channel: Channel, reason: str, since: datetime | None) -> str:
    if since is None:
        return _("Belum pernah tayang di saluran ini.")
    said = {
        "day": tanggal(since.astimezone(channel.zone)),
        "time": jam(since, channel.cooperative.zone),
    }
    if reason == "debt":
        return _("Mengganti tayangan %(day)s %(time)s yang luput.") % said
    return _("Paling lama tidak tayang: giliran terakhirnya %(day)s %(time)s.") % said


def _notes(turn: RotationTurn, stalls: Mapping[str, str]) -> Iterator[str]:
    if turn.details.get("level"):
        yield _("Dari koperasi lain, karena tidak ada lapak sendiri yang dapat tampil.")
    match turn.details.get("alike"):
        case "commodity":
            yield _("Komoditasnya sama dengan sebelahnya, karena tidak ada pilihan lain.")
        case "stall":
            yield _("Lapaknya sama dengan sebelahnya, karena tidak ada pilihan lain.")
    for why, count, first in turn.details.get("passed", ()):
        text = _passed(why, count) % {"count": count}
        name = stalls.get(first)
        yield _("%(text)s Yang pertama: %(name)s.") % {"text": text, "name": name} if name else text


def _passed(why: PassedFor, count: int) -> str:
    match why:
        case "region":
            return ngettext(
                "%(count)s lapak dilewati: tidak untuk wilayah saluran ini.",
                "%(count)s lapak dilewati: tidak untuk wilayah saluran ini.",
                count,
            )
        case "dates":
            return ngettext(
                "%(count)s lapak dilewati: di luar tanggal tayangnya.",
                "%(count)s lapak dilewati: di luar tanggal tayangnya.",
                count,
            )
        case "papers":
            return ngettext(
                "%(count)s lapak dilewati: sertifikat atau izinnya tidak berlaku hari itu.",
                "%(count)s lapak dilewati: sertifikat atau izinnya tidak berlaku hari itu.",
                count,
            )
        case "shown":
            return ngettext(
                "%(count)s lapak dilewati: sudah mendapat giliran di jeda itu.",
                "%(count)s lapak dilewati: sudah mendapat giliran di jeda itu.",
                count,
            )
        case "long":
            return ngettext(
                "%(count)s lapak dilewati: lebih panjang daripada sisa jeda.",
                "%(count)s lapak dilewati: lebih panjang daripada sisa jeda.",
                count,
            )
        case "share":
            return ngettext(
                "%(count)s lapak dilewati: iklan jam itu akan lebih dari 20 %%.",
                "%(count)s lapak dilewati: iklan jam itu akan lebih dari 20 %%.",
                count,
            )
        case "commodity":
            return ngettext(
                "%(count)s lapak dilewati: komoditasnya sama dengan sebelahnya.",
                "%(count)s lapak dilewati: komoditasnya sama dengan sebelahnya.",
                count,
            )
        case "stall":
            return ngettext(
                "%(count)s lapak dilewati: lapaknya sama dengan sebelahnya.",
                "%(count)s lapak dilewati: lapaknya sama dengan sebelahnya.",
                count,
            )
