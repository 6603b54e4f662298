"""How far a clip is, in the trader's words: being sent, made, encoded, ready, failed."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

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
            return Told("sending", _("Belum lengkap"), _("Pilih klip dan tandai bagiannya."))
        case State.FAILED:
            return Told("failed", _("Gagal"), why(clip.error_code), may_retry=True)
        case State.WAITING:
            return Told("waiting", _("Menunggu giliran"), _("Sebentar lagi dibuat."), busy=True)
        case State.MAKING:
            text = _("Kurang dari satu menit lagi.")
            return Told("making", _("Sedang dibuat"), text, busy=True)
    return Told("gone", _("Sudah dihapus"))


def of_spot(segment: FeaturedSegment, now: datetime) -> Told:
    """Return how far the film of a spot is."""
    return told_of(segment, states.shown(segment.video, now))


def told_of(segment: FeaturedSegment, shown: states.Shown) -> Told:
    """Return how far the film of a spot is, whose video is as `shown`."""
    media = media_of(segment.video)
    if shown.code in OPEN:
        title = _("Mengodekan") if shown.percent is not None else str(shown.label)
        return Told("encoding", title, shown.detail, shown.percent, busy=True)
    if media is not None and media.publication:
        return Told("ready", _("Siap"))
    return Told("failed", _("Gagal"), shown.detail, may_retry=shown.may_retry)


def why(code: str) -> str:
    """Return why a clip could not be made, in one sentence."""
    if code == "no_photo":
        return _("Foto produk ini tidak bisa dibaca. Ganti fotonya, lalu kirim ulang.")
    if code == "outside":
        return _("Bagian yang ditandai berada di luar klip. Kirim ulang dan tandai lagi.")
    if is_known(code):
        return sentence(code)
    return _("Klip ini tidak berhasil dibuat. Kirim ulang.")
