"""What the script says while a file is sent, in the active language."""

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    """Return what the script says, in the person's language."""
    return {**_of_the_way(), **_of_faults(), **_of_buttons()}


def _of_the_way() -> dict[str, str]:
    return {
        "waiting": _("Menunggu dikirim"),
        "begun": _("Mulai dikirim"),
        "sending": _("{sent} dari {total}, {left}"),
        "seconds": _("kurang dari satu menit lagi"),
        "minutes": _("sekitar {n} menit lagi"),
        "hours": _("sekitar {n} jam lagi"),
        "hours_minutes": _("sekitar {n} jam {minutes} menit lagi"),
        "unknown": _("sisa waktu sedang dihitung"),
        "there_already": _(
            "{name}: {sent} dari {total} sudah sampai. Pilih berkas yang sama untuk meneruskan."
        ),
        "earlier": _("{sent} dari {total} sudah sampai. Pilih berkas yang sama untuk meneruskan."),
        "begun_earlier": _("Sudah dimulai. Pilih berkas yang sama untuk meneruskan."),
        "discard_sure": _("Buang yang sudah terkirim dari {name}?"),
        "discarded": _("Dibuang"),
        "paused": _("Dijeda pada {sent} dari {total}"),
        "arrived": _("Terkirim, sedang diperiksa."),
        "later": _("Terkirim. Videonya muncul di daftar begitu selesai dibuat."),
        "done": _("Terkirim."),
        "refused": _("Terkirim, tetapi belum dapat dipakai."),
        "cancelling": _("Membatalkan…"),
        "cancelled": _("Dibatalkan"),
        "progress": _("Kemajuan {name}"),
    }


def _of_faults() -> dict[str, str]:
    return {
        "broken": _("Sambungan terputus. Unggahan berlanjut sendiri saat sinyal kembali."),
        "tired": _(
            "Berkali-kali dicoba, belum berhasil. Yang sudah terkirim tetap tersimpan. "
            "Tekan Ulangi untuk melanjutkan."
        ),
        "failed": _("Unggahan gagal. Tekan Ulangi untuk mencoba lagi."),
        "bucket": _("Penyimpanan menolak kiriman ini. Hubungi pengelola situs."),
        "bucket_busy": _("Penyimpanan sedang sibuk. Unggahan berlanjut sendiri."),
        "bucket_clock": _(
            "Jam situs ini tidak cocok dengan jam penyimpanan. Hubungi pengelola situs."
        ),
        "bucket_full": _("Ruang penyimpanan penuh. Hubungi pengelola situs."),
        "signed_out": _("Anda sudah keluar. Masuk lagi lalu tekan Ulangi."),
        "other_tab": _("Berkas ini sedang dikirim di tab lain."),
        "empty": _("Berkas ini kosong. Kirim ulang dari galeri Anda."),
        "too_big": _("Berkas terlalu besar. Batasnya {most}."),
        "not_same": _("Berkas itu bukan yang sama. Pilih {name} ({total})."),
        "broken_action": _("Tidak dapat menghubungi server. Coba lagi."),
        "twice": _("Berkas ini sudah ada di daftar."),
        "choose_cooperative": _("Pilih koperasi lebih dulu."),
    }


def _of_buttons() -> dict[str, str]:
    return {
        "pause": _("Jeda"),
        "resume": _("Lanjutkan"),
        "cancel": _("Batalkan"),
        "retry": _("Ulangi"),
        "choose": _("Teruskan"),
        "discard": _("Buang"),
        "edit": _("Lengkapi keterangan"),
        "watch": _("Tonton"),
    }
