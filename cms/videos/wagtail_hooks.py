"""What Wagtail's admin is told of this room."""

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry
from wagtail.snippets.models import register_snippet

from cms.core.editing import edit_alone
from cms.videos.admin import bulk
from cms.videos.admin.chooser import AIRABLE, AirableChooserViewSet
from cms.videos.admin.home import add_panels
from cms.videos.admin.viewset import CategoryViewSet, VideoViewSet
from cms.videos.models import Video


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    """Name what machines and people do with a video besides editing, for its history."""
    named = {
        "encode": (_("Kodekan"), _("Pengodean diminta")),
        "encode_sound": (_("Buat ulang suara"), _("Suara baru diminta")),
        "cancel_encode": (_("Batalkan pengodean"), _("Pengodean dibatalkan")),
        "put_first": (_("Dahulukan"), _("Pengodean didahulukan")),
        "withdraw": (_("Tarik"), _("Ditarik dari siaran dan halaman")),
        "restore": (_("Kembalikan"), _("Dikembalikan ke siaran dan halaman")),
        "replace": (_("Ganti berkas"), _("Berkas diganti")),
        "take_down": (_("Turunkan"), _("Diturunkan untuk seterusnya")),
    }
    for name, (label, message) in named.items():
        actions.register_action(f"videos.{name}", label, message)


register_snippet(VideoViewSet)
register_snippet(CategoryViewSet)
for action in bulk.ALL:
    # After Wagtail's own, of which ours take the place.
    hooks.register("register_bulk_action", action, order=1)
hooks.register("construct_homepage_panels", add_panels)


@hooks.register("register_admin_viewset")
def airable_videos() -> AirableChooserViewSet:
    """Let channels choose among what they may plan."""
    return AIRABLE


@hooks.register("insert_global_admin_js")
def live_progress() -> SafeString:
    """Keep states on the screen alive; the script is quiet where none is shown."""
    return format_html(
        '<script type="module" src="{}" data-states="{}" data-lost="{}" data-signed-out="{}"'
        ' data-unsent="{}"></script>',
        static("progress.js"),
        reverse("wagtailsnippets_videos_video:states"),
        _("Sambungan putus, mencoba lagi…"),
        _("Anda sudah keluar. Muat ulang halaman ini lalu masuk lagi."),
        _("Permintaan tidak sampai. Coba lagi."),
    )


@hooks.register("insert_global_admin_css")
def look() -> SafeString:
    """The look of chips, upload screen and frames."""
    return format_html('<link rel="stylesheet" href="{}">', static("videos.css"))


@hooks.register("before_edit_snippet")
def one_edit_at_a_time(request: HttpRequest, record: Model) -> HttpResponse | None:
    """Let the posts that edit a video wait for each other."""
    if not isinstance(record, Video):
        return None
    return edit_alone(request, Video.objects.filter(pk=record.pk))
