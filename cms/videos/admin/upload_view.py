"""The screen on which videos are uploaded; the bytes go to the tus app (`videos.uploads`)."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic import PermissionCheckedMixin, WagtailAdminTemplateMixin

from cms.cooperatives import roles
from cms.cooperatives.access import cooperatives_for
from cms.videos.models import Video
from cms.videos.uploads.direct import arrivals
from cms.videos.uploads.direct import protocol as direct


class UploadView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """Takes the place of the form that would make a video without a film."""

    model = Video
    permission_policy: Any = None
    """Given by the viewset."""
    permission_required = "add"
    template_name = "videos/admin/upload.html"
    page_title = gettext_lazy("Unggah video")
    header_icon = "upload"
    index_url_name: str | None = None
    edit_url_name: str | None = None

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """Let the script reach the bucket of originals, on this screen alone."""
        response = super().render_to_response(context, **kwargs)
        if direct.is_offered():
            allowed = [*settings.ADMIN_CSP["connect-src"], arrivals.bucket().address]
            policy = {**settings.ADMIN_CSP, "connect-src": allowed}
            response._csp_config = policy  # type: ignore[attr-defined]
        return response

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items = [
            *self.breadcrumbs_items,
            {"url": reverse(str(self.index_url_name)), "label": _("Video")},
            {"url": "", "label": self.page_title},
        ]
        return items

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        wanted = roles.roles_that_may(Video, "add")
        return {
            **super().get_context_data(**kwargs),
            "cooperatives": cooperatives_for(self.request.user, *wanted).order_by("path"),
            "direct": direct.is_offered(),
            "person": self.request.user.pk,
            "most_bytes": settings.LARGEST_UPLOAD,
            "edit_url": reverse(str(self.edit_url_name), args=[0]),
            "words": _words(),
        }


def _words() -> dict[str, str]:
    """Return what the script says, in the person's language."""
    return {**_of_the_way(), **_of_faults(), **_of_buttons()}


def _of_the_way() -> dict[str, str]:
    return {
        "waiting": _("Menunggu giliran"),
        "begun": _("Mulai dikirim"),
        "sending": _("{sent} dari {total}, {left}"),
        "seconds": _("kurang dari satu menit lagi"),
        "minutes": _("sekitar {n} menit lagi"),
        "hours": _("sekitar {n} jam lagi"),
        "unknown": _("sisa waktu sedang dihitung"),
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
        "twice": _("Berkas ini sudah ada di daftar."),
        "choose_cooperative": _("Pilih koperasi lebih dulu."),
    }


def _of_buttons() -> dict[str, str]:
    return {
        "pause": _("Jeda"),
        "resume": _("Lanjutkan"),
        "cancel": _("Batalkan"),
        "retry": _("Ulangi"),
        "edit": _("Lengkapi keterangan"),
        "watch": _("Tonton"),
    }
