"""What ingest found out about a video, as sentences for its editors."""

import logging
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cms.core.formats import lama
from cms.videos.contents import contents_of
from cms.videos.fields.captions import last_end
from cms.videos.models import Language, Media, Video
from media_pipeline.model.languages import UNKNOWN, name_of, tag_of
from media_pipeline.model.report import Finding

Values = dict[str, Any]
logger = logging.getLogger(__name__)


class Remark(NamedTuple):
    """One sentence on what was found, and what an editor can do about it, if anything."""

    text: str
    advice: str = ""


def remarks_on(media: Media | None) -> list[Remark]:
    """Return what is to be said of the publication in use, in the active language.

    Nothing where there is none yet, it was taken down, or the store is away.
    """
    if media is None or not media.publication or media.taken_down_at:
        return []
    found = contents_of(media.publication)
    return remarks(found.report) if found else []


def remarks_on_captions(video: Video, media: Media | None) -> list[Remark]:
    """Return what is to be said of captions that outlast the publication in use.

    They were made for another file. A second more is within what subtitle editors write.
    """
    if media is None or not media.publication:
        return []
    return [
        Remark(
            _("Takarir %(language)s lebih panjang daripada video ini.")
            % {"language": caption.get_language_display()},
            str(_("Unggah takarir yang cocok dengan berkas yang baru.")),
        )
        for caption in video.captions.all()
        if last_end(caption.text) * 1000 > media.duration_ms + 1000
    ]


def remarks(report: Sequence[Finding]) -> list[Remark]:
    """Return the sentences of `report`; what a later version has found has none."""
    return [remark for finding in report if (remark := _remark(finding))]


def _remark(finding: Finding) -> Remark | None:
    say = _SAID.get(finding.code)
    try:
        return say(finding.values) if say else None
    # Another version of Siar may name other values: that is no reason to show no page.
    except (KeyError, TypeError, ValueError):
        logger.warning("the finding %s has values %s: not told", finding.code, finding.values)
        return None


def _say(text: str | Promise, advice: str | Promise = "") -> Callable[[Values], Remark]:
    """Return what says `text` with a finding's values in it, in the language of the moment."""

    def say(values: Values) -> Remark:
        return Remark(str(text) % {k: _shown(k, v) for k, v in values.items()}, str(advice))

    return say


def _count(
    one: str | Promise, several: str | Promise, advice: str | Promise
) -> Callable[[Values], Remark]:
    """Return what says `one` of a single stretch and `several` of more."""
    say_one, say_several = _say(one, advice), _say(several, advice)
    return lambda values: (say_one if values["count"] == 1 else say_several)(values)


def _shown(name: str, value: Any) -> str:
    if name in ("at", "until", "claimed"):
        return lama(value)
    if name == "languages":
        return ", ".join(_language(code) for code in value)
    if isinstance(value, float):
        return number_format(value, 0 if value.is_integer() else 1)
    return str(value)


def _language(code: str) -> str:
    """Return the name of what a file calls its language: its own name, else the Indonesian one."""
    tag = tag_of(code)
    if tag == UNKNOWN:
        return str(_("tanpa nama"))
    return dict(Language.choices).get(tag) or name_of(tag) or tag


_SAID: dict[str, Callable[[Values], Remark]] = {
    "portrait": _say(
        _("Video tegak."),
        _("Di televisi sisi kiri dan kanannya kosong. Untuk saluran, rekam mendatar."),
    ),
    "low_resolution": _say(
        _("Hanya %(lines)sp."),
        _("Kirim berkas asli dari kamera bila ada: video yang lewat WhatsApp sudah diperkecil."),
    ),
    "low_frame_rate": _say(
        _("Hanya %(rate)s gambar per detik, gerak tampak patah-patah."),
        _("Rekam dengan 25 atau 30 gambar per detik."),
    ),
    "variable_rate": _say(
        _("Irama gambar tidak tetap, sudah kami ratakan menjadi %(rate)s gambar per detik.")
    ),
    "interlaced": _say(_("Gambar selang-seling dari kamera lama, sudah kami satukan.")),
    "high_dynamic_range": _say(_("Warna %(kind)s, sudah kami sesuaikan untuk layar biasa.")),
    "dolby_vision": _say(
        _("Warna Dolby Vision berkas ini belum dapat kami tampilkan dengan benar."),
        _("Ekspor ulang sebagai HDR10, HLG, atau SDR lalu kirim itu."),
    ),
    "black_bars": _say(
        _("Bingkai hitam memenuhi %(percent)s persen gambar."),
        _("Potong bingkainya sebelum mengunggah agar gambar tampil lebih besar."),
    ),
    "dark": _say(
        _("Gambar gelap."),
        _("Terangkan gambarnya sebelum mengunggah, atau rekam dengan cahaya dari depan."),
    ),
    "black_start": _say(
        _("%(seconds)s detik hitam di awal."),
        _("Potong awalnya: penonton mengira video tidak berjalan."),
    ),
    "black_end": _say(
        _("%(seconds)s detik hitam di akhir."),
        _("Potong akhirnya agar acara berikutnya segera tampil."),
    ),
    "black_parts": _count(
        _("Gambar hitam selama %(seconds)s detik pada %(at)s."),
        _("Gambar hitam di %(count)s tempat, terlama %(seconds)s detik pada %(at)s."),
        _("Periksa bagian itu, lalu potong bila tidak disengaja."),
    ),
    "frozen": _count(
        _("Gambar berhenti selama %(seconds)s detik pada %(at)s."),
        _("Gambar berhenti di %(count)s tempat, terlama %(seconds)s detik pada %(at)s."),
        _("Periksa bagian itu. Bila rekamannya macet, ekspor ulang lalu kirim lagi."),
    ),
    "other_pictures": _count(
        _("Berkas ini berisi satu gambar lain yang tidak dipakai."),
        _("Berkas ini berisi %(count)s gambar lain yang tidak dipakai."),
        _("Bila yang tampil keliru, ekspor ulang dengan gambar yang dimaksud saja."),
    ),
    "truncated": _say(
        _("Gambar berakhir pada %(until)s, padahal panjang berkasnya %(claimed)s."),
        _("Bila terpotong, kirim ulang dari galeri Anda."),
    ),
    "sound_only": _say(_("Hanya suara, sudah kami beri gambar diam.")),
    "no_sound": _say(_("Video ini tidak bersuara.")),
    "raised": _say(_("Suara terlalu pelan, sudah kami naikkan %(decibels)s dB.")),
    "lowered": _say(_("Suara terlalu keras, sudah kami turunkan %(decibels)s dB.")),
    "very_quiet": _say(
        _("Suara sangat pelan, sudah kami naikkan %(decibels)s dB dan masih kurang."),
        _("Dekatkan mikrofon ke pembicara saat merekam."),
    ),
    "near_silence": _say(
        _("Hampir tidak ada suara."),
        _("Periksa mikrofon, lalu kirim rekaman yang bersuara bila ada."),
    ),
    "silent_parts": _count(
        _("Suara hilang selama %(seconds)s detik pada %(at)s."),
        _("Suara hilang di %(count)s tempat, terlama %(seconds)s detik pada %(at)s."),
        _("Periksa bagian itu sebelum menayangkan."),
    ),
    "clipped": _say(
        _("Suara pecah karena direkam terlalu keras."),
        _("Kecilkan masukan mikrofon, atau jauhkan dari pengeras suara."),
    ),
    "languages": _say(_("Bahasa suara: %(languages)s.")),
}
