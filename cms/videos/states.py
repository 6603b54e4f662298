"""What a screen shows of a video's machine state, in the active language."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.core.formats import lama
from cms.videos.covers import media_of
from cms.videos.models import Encode, Media, Video
from cms.videos.models.encode import ENDED_WITHOUT, OPEN, State
from cms.videos.models.machine import playlist_url
from cms.videos.queries import latest_encode, queue_position
from cms.videos.sentences import sentence

TONES = {
    State.WAITING: "quiet",
    State.PROBING: "busy",
    State.ENCODING: "busy",
    State.FINISHING: "busy",
    State.READY: "ok",
    State.FAILED: "bad",
    State.CANCELLED: "quiet",
}


MEASURED = (State.ENCODING, State.FINISHING)
"""States that have a percentage."""


@dataclass(frozen=True)
class Shown:
    """One video's state. `tone` is a class of the chip; `percent` is None where none is known."""

    video: int
    title: str
    code: str
    label: str
    tone: str
    detail: str = ""
    percent: int | None = None
    may_cancel: bool = False
    may_retry: bool = False
    may_encode: bool = False
    preview: str = ""
    """Address of the playlist of what can be watched already, "" if nothing can."""
    withdrawn: bool = False
    taken_down: bool = False

    @property
    def busy(self) -> bool:
        """Whether it changes by itself."""
        return self.code in OPEN


def shown(video: Video, encode: Encode | None = None) -> Shown:
    """Return the state of `video`; `encode` is its newest encode, looked up if not given."""
    media = media_of(video)
    encode = encode or latest_encode(video)
    if media and media.taken_down_at:
        detail = _("Video ini sudah diturunkan untuk seterusnya.")
        return Shown(
            video.pk, video.title, "taken_down", _("Diturunkan"), "bad", detail, taken_down=True
        )
    if media is None or encode is None:
        return Shown(video.pk, video.title, "none", _("Tanpa berkas"), "quiet")
    withdrawn = media.withdrawn_at is not None
    state = State(encode.state)
    code, label, tone = str(state), str(state.label), TONES[state]
    if withdrawn and state == State.READY:
        code, label, tone = "withdrawn", _("Ditarik"), "warn"
    return Shown(
        video=video.pk,
        title=video.title,
        code=code,
        label=label,
        tone=tone,
        detail=_detail(encode, media),
        percent=int(encode.progress * 100) if state in MEASURED else None,
        may_cancel=state in OPEN and not encode.cancel_requested,
        may_retry=state in ENDED_WITHOUT,
        may_encode=state == State.READY,
        preview=_preview(encode, media),
        withdrawn=withdrawn,
    )


def _detail(encode: Encode, media: Media) -> str:
    state = encode.state
    if state == State.READY:
        return _("Durasi %(length)s.") % {"length": lama(media.duration_ms / 1000)}
    if state == State.FAILED:
        return sentence(encode.error_code)
    if state in OPEN and encode.cancel_requested:
        return _("Sedang dibatalkan.")
    said = {
        State.WAITING: _waiting(encode),
        State.PROBING: _("Berkas sedang diperiksa."),
        State.ENCODING: _remaining(encode.eta_seconds),
        State.FINISHING: _("Hampir selesai."),
        State.CANCELLED: _("Pengodean dibatalkan. Tekan Ulangi untuk memulainya lagi."),
    }[State(state)]
    if media.publication and state in (*OPEN, *ENDED_WITHOUT):
        said += " " + _("Hasil sebelumnya tetap dipakai.")
    return said


def _waiting(encode: Encode) -> str:
    place = _("Urutan ke-%(place)d dalam antrean.") % {"place": queue_position(encode)}
    if encode.attempts:
        place += " " + _("Percobaan sebelumnya terputus dan diulang sendiri.")
    return place


def _remaining(seconds: float | None) -> str:
    if seconds is None:
        return _("Sisa waktu sedang dihitung.")
    if seconds < 60:
        return _("Kurang dari satu menit lagi.")
    minutes = round(seconds / 60)
    text = ngettext("Sekitar %(minutes)d menit lagi.", "Sekitar %(minutes)d menit lagi.", minutes)
    return text % {"minutes": minutes}


def _preview(encode: Encode, media: Media) -> str:
    """Prefer what grows: the editor wants to see what is being made."""
    growing = encode.state in (State.ENCODING, State.FINISHING)
    return playlist_url(encode.publication) if growing else media.playlist_url
