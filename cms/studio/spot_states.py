"""How far a clip is, in the trader's words: being sent, made, ready, failed."""

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.traders.models import Clip, FeaturedSegment
from cms.videos.covers import media_of
from cms.videos.models.encode import OPEN
from cms.videos.words import states
from cms.videos.words.sentences import is_known, sentence

State = Clip.State


@dataclass(frozen=True)
class Told:
    """What the screen says. `percent` is None where nobody knows; `busy`: it changes by itself."""

    code: str
    title: str
    text: str = ""
    percent: int | None = None
    busy: bool = False
    may_retry: bool = False

    @property
    def ready(self) -> bool:
        """Whether the film can be watched and sent to the Koppas."""
        return self.code == "ready"

    @property
    def failed(self) -> bool:
        return self.code == "failed"


def of_clip(clip: Clip, now: datetime) -> Told:
    """Return how far `clip` is."""
    if clip.segment is not None:
        return of_spot(clip.segment, now)
    match clip.state:
        case State.SENDING:
            return _sending(clip)
        case State.FAILED:
            return Told("failed", _("Gagal"), why(clip.error_code), may_retry=True)
        case State.WAITING:
            return Told("waiting", _("Menunggu dibuat"), _("Mulai dengan sendirinya."), busy=True)
        case State.MAKING:
            return Told("making", _("Sedang dibuat"), busy=True)
    return Told("gone", _("Sudah dihapus"))


def _sending(clip: Clip) -> Told:
    if clip.film:
        text = _("Tandai bagian yang tayang, lalu tekan “Pakai bagian ini”.")
        return Told("sending", _("Klip sudah sampai"), text)
    if clip.begin is not None:
        return Told("sending", _("Bagian sudah ditandai"), _("Klipnya belum sampai."))
    return Told("sending", _("Klip belum sampai"), _("Pilih klip dan tandai bagiannya."))


def of_spot(segment: FeaturedSegment, now: datetime) -> Told:
    """Return how far the film of a spot is."""
    return told_of(segment, states.shown(segment.video, now))


def told_of(segment: FeaturedSegment, shown: states.Shown) -> Told:
    """Return how far the film of a spot is, whose video is as `shown`."""
    media = media_of(segment.video)
    if shown.code in OPEN:
        return _being_made(shown)
    if media is not None and media.publication:
        return Told("ready", _("Siap"))
    return Told("failed", _("Gagal"), shown.detail, may_retry=shown.may_retry)


def _being_made(shown: states.Shown) -> Told:
    """Return the state of an encode without the encoder's words and its queue."""
    title = _("Menunggu dibuat") if shown.place else _("Sedang dibuat")
    if shown.eta_seconds is None:
        text = _("Sisa waktu sedang dihitung.")
    else:
        minutes = max(ceil(shown.eta_seconds / 60), 1)
        said = ngettext(
            "Siap sekitar %(minutes)d menit lagi.", "Siap sekitar %(minutes)d menit lagi.", minutes
        )
        text = said % {"minutes": minutes}
    return Told("encoding", title, text, shown.percent, busy=True)


def why(code: str) -> str:
    """Return why a clip could not be made, in one sentence."""
    if code == "no_photo":
        return _("Foto produk ini tidak bisa dibaca. Ganti fotonya, lalu kirim ulang.")
    if code == "outside":
        return _("Bagian yang ditandai berada di luar klip. Kirim ulang dan tandai lagi.")
    if is_known(code):
        return sentence(code)
    return _("Klip ini tidak berhasil dibuat. Kirim ulang.")
