"""What a screen shows of a video's machine state, in the active language."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.core.formats import lama
from cms.videos.covers import media_of
from cms.videos.models import Encode, Media, Video
from cms.videos.models.encode import ENDED_WITHOUT, OPEN, State
from cms.videos.models.machine import playlist_url
from cms.videos.queries import AtWork, at_work, latest_encodes
from cms.videos.words.sentences import sentence, trouble

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
    progress: float = 0.0
    eta_seconds: float | None = None
    place: int = 0
    """Place in the queue while nobody is at it, 1 for the next; otherwise 0."""
    may_cancel: bool = False
    may_put_first: bool = False
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


def all_shown(videos: Iterable[Video], now: datetime) -> dict[int, Shown]:
    """Return the state of each of `videos` by its id, with the questions asked once for all."""
    rows = list(videos)
    newest = latest_encodes(row.pk for row in rows)
    goes_on = at_work(newest.values(), now)
    return {row.pk: _shown(row, newest.get(row.pk), goes_on) for row in rows}


def shown(video: Video, now: datetime) -> Shown:
    """Return the state of `video`."""
    return all_shown([video], now)[video.pk]


def _shown(video: Video, encode: Encode | None, goes_on: Mapping[int, AtWork]) -> Shown:
    media = media_of(video)
    if media and media.taken_down_at:
        detail = _("Video ini sudah diturunkan untuk seterusnya.")
        return Shown(
            video.pk, video.title, "taken_down", _("Diturunkan"), "bad", detail, taken_down=True
        )
    if media is None or encode is None:
        return Shown(video.pk, video.title, "none", _("Tanpa berkas"), "quiet")
    withdrawn = media.withdrawn_at is not None
    state, work = State(encode.state), goes_on.get(encode.pk, AtWork())
    code, label, tone = str(state), str(state.label), TONES[state]
    if withdrawn and state == State.READY:
        code, label, tone = "withdrawn", _("Ditarik"), "warn"
    return Shown(
        video=video.pk,
        title=video.title,
        code=code,
        label=label,
        tone=tone,
        detail=_detail(encode, media, work),
        percent=int(encode.progress * 100) if state in MEASURED else None,
        progress=encode.progress,
        eta_seconds=work.ready_in if work.waits else encode.eta_seconds,
        place=work.place,
        may_cancel=state in OPEN,
        may_put_first=state in OPEN and (encode.raised_at is None or bool(work.trouble)),
        may_retry=state in ENDED_WITHOUT,
        may_encode=state == State.READY,
        preview=_preview(encode, media),
        withdrawn=withdrawn,
    )


def _detail(encode: Encode, media: Media, work: AtWork) -> str:
    state = encode.state
    if state == State.READY:
        return _("Durasi %(length)s.") % {"length": lama(media.duration_ms / 1000)}
    if state == State.FAILED:
        said = [sentence(encode.error_code)]
    elif state == State.CANCELLED:
        said = [_("Pengodean dibatalkan. Tekan Ulangi untuk memulainya lagi.")]
    else:
        said = [*_queued(encode, work)] or [_going_on(encode)]
    if encode.pictures and state in OPEN:
        said.append(_("Hanya suaranya yang dibuat baru."))
    if work.notice:
        said.append(trouble(work.notice))
    if media.publication:
        said.append(_("Hasil sebelumnya tetap dipakai."))
    return " ".join(said)


def _queued(encode: Encode, work: AtWork) -> Iterator[str]:
    """Yield what to say of a title that nobody is at."""
    if work.trouble:
        yield trouble(work.trouble)
        yield _("Dicoba lagi sendiri.")
    elif work.place and encode.progress > 0:
        yield _("Ditunda: video lain didahulukan. Yang sudah jadi tetap tersimpan.")
    if work.place:
        yield _("Giliran ke-%(place)d.") % {"place": work.place}
    if (work.place or work.trouble) and encode.raised_at:
        yield _("Didahulukan.")
    if work.ready_in is not None:
        yield _ready(work.ready_in)


def _going_on(encode: Encode) -> str:
    """Return what to say of a title that a worker is at."""
    if encode.state == State.FINISHING:
        return _("Hampir selesai.")
    if encode.state == State.ENCODING:
        left = _remaining(encode.eta_seconds)
        slower = _("Lebih lambat dari perkiraan semula; mungkin mesin sedang sibuk.")
        return f"{left} {slower}" if encode.slower else left
    return _("Berkas sedang diperiksa.")


def _remaining(seconds: float | None) -> str:
    if seconds is None:
        return _("Sisa waktu sedang dihitung.")
    if seconds < 60:
        return _("Kurang dari satu menit lagi.")
    return _("Sekitar %(time)s lagi.") % {"time": _time(seconds)}


def _ready(seconds: float) -> str:
    if seconds < 60:
        return _("Siap kurang dari satu menit lagi.")
    return _("Siap sekitar %(time)s lagi.") % {"time": _time(seconds)}


def _time(seconds: float) -> str:
    """Return "2 jam 10 menit": hours and minutes, without the one that is nought."""
    hours, minutes = divmod(round(seconds / 60), 60)
    said = [
        ngettext("%(hours)d jam", "%(hours)d jam", hours) % {"hours": hours} if hours else "",
        ngettext("%(minutes)d menit", "%(minutes)d menit", minutes) % {"minutes": minutes}
        if minutes
        else "",
    ]
    return " ".join(part for part in said if part)


def _preview(encode: Encode, media: Media) -> str:
    """Prefer what grows: the editor wants to see what is being made.

    A first encode gives its address at once: the player waits there for the first segment.
    """
    growing = encode.state in (State.ENCODING, State.FINISHING)
    first = encode.state in OPEN and not media.publication
    return playlist_url(encode.publication) if growing or first else media.playlist_url
