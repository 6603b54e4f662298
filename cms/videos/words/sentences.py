"""Why an encode has failed, in one sentence for the person."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_QUARANTINED = _(
    "Video ini berkali-kali menghentikan pengode, jadi dikarantina. Kirim berkas lain."
)
_SENTENCES: dict[str, Promise] = {
    "missing": _("Berkas asli tidak ditemukan. Unggah ulang videonya."),
    "empty": _("Berkas ini kosong. Kirim ulang dari galeri Anda."),
    "not_media": _(
        "Berkas ini bukan video yang dapat dibaca. Kirim MP4, MOV, MKV, WebM, atau AVI."
    ),
    "incomplete": _("Sebagian isi berkas ini hilang. Kirim ulang videonya sampai selesai."),
    "reference": _(
        "Berkas ini hanya daftar yang menunjuk ke berkas lain. Kirim video yang sebenarnya."
    ),
    "no_video": _("Berkas ini tidak berisi gambar bergerak. Kirim sebuah video."),
    "too_large": _("Ukuran gambarnya terlalu besar. Ekspor dalam 4K atau lebih kecil."),
    "too_small": _("Ukuran gambarnya terlalu kecil. Kirim rekaman yang lebih besar."),
    "too_long": _("Video ini terlalu panjang. Potong menjadi beberapa bagian."),
    "too_many_tracks": _(
        "Berkas ini berisi terlalu banyak trek. Ekspor dengan satu gambar dan suaranya."
    ),
    "unreadable": _("Gambar di berkas ini tidak dapat dibaca. Ekspor ulang lalu kirim lagi."),
    "pictures_differ": _(
        "Gambar yang sudah ada tidak cocok untuk suara baru. Tekan Ulangi untuk mengodekan semuanya."
    ),
    "tool_missing": _("Pengode video di server belum lengkap. Hubungi pengelola situs."),
    "store_unavailable": _("Penyimpanan hasil tidak terjangkau."),
    "disk_full": _("Penyimpanan server penuh."),
    "scratch_full": _("Ruang kerja pengode di server penuh."),
    "copy_gone": _("Salinan kerja berkas asli terhapus dari server pengode."),
    "original_unreachable": _("Penyimpanan berkas asli tidak terjangkau."),
    "out_of_memory": _("Memori server tidak cukup untuk video ini. Kirim ukuran yang lebih kecil."),
    "step_failed": _("Pengodean terhenti di tengah jalan. Tekan Ulangi untuk mencoba lagi."),
    "over_limit": _(
        "Video ini terlalu berat untuk dikodekan di server ini. Ekspor ulang sebagai MP4 biasa."
    ),
    "tool_crashed": _QUARANTINED,
    "tool_killed": _QUARANTINED,
    "worker_lost": _QUARANTINED,
}
_OTHERWISE = _(
    "Pengodean gagal karena sebab yang belum dikenal. Tekan Ulangi atau hubungi pengelola."
)


def sentence(code: str) -> str:
    """Return the sentence for the error `code` in the active language."""
    return str(_SENTENCES.get(code, _OTHERWISE))


_TROUBLES: dict[str, Promise] = {
    "worker_lost": _("Pengode terputus di tengah jalan."),
    "out_of_memory": _("Memori server tidak cukup."),
    "step_failed": _("Pengodean terhenti di tengah jalan."),
    "tool_crashed": _("Pengodean terhenti di tengah jalan."),
    "over_limit": _("Pengodean melebihi batas waktu atau ukurannya."),
    "tool_killed": _("Pengode dihentikan dari luar, mungkin karena memori server habis."),
    "clock_jump": _("Jam server baru saja berubah; pengodean tetap berjalan."),
}
"""Of what mends by itself: what happened, without what the person would have to do."""


def trouble(code: str) -> str:
    """Return the sentence for a setback `code` after which the work goes on by itself."""
    return str(_TROUBLES.get(code) or sentence(code))


def is_known(code: str) -> bool:
    """Return whether `code` has a sentence of its own."""
    return code in _SENTENCES
