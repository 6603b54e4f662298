"""What Wagtail's admin is told of this room."""

from django.db.models import Model
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry
from wagtail.snippets.models import register_snippet

from cms.core import clock, facts
from cms.videos.admin.viewset import CategoryViewSet, VideoViewSet
from cms.videos.models import Video


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    """Name what machines and people do with a video besides editing, for its history."""
    named = {
        "encode": (_("Kodekan"), _("Pengodean diminta")),
        "cancel_encode": (_("Batalkan pengodean"), _("Pengodean dibatalkan")),
        "withdraw": (_("Tarik"), _("Ditarik dari siaran dan halaman")),
        "restore": (_("Kembalikan"), _("Dikembalikan ke siaran dan halaman")),
        "take_down": (_("Turunkan"), _("Diturunkan untuk seterusnya")),
    }
    for name, (label, message) in named.items():
        actions.register_action(f"videos.{name}", label, message)


register_snippet(VideoViewSet)
register_snippet(CategoryViewSet)


@hooks.register("insert_global_admin_js")
def live_progress() -> SafeString:
    """Keep states on the screen alive; the script is quiet where none is shown."""
    return format_html(
        '<script type="module" src="{}" data-states="{}"></script>',
        static("progress.js"),
        reverse("wagtailsnippets_videos_video:states"),
    )


@hooks.register("insert_global_admin_css")
def look() -> SafeString:
    """The look of chips, upload screen and frames."""
    return format_html('<link rel="stylesheet" href="{}">', static("videos.css"))


@hooks.register("after_delete_snippet")
def tell_of_deletion(request: HttpRequest, rows: list[Model]) -> None:
    """Tell the rooms above of a deletion in bulk; a single one is told of by its own view."""
    for row in rows:
        if isinstance(row, Video) and row.pk:
            facts.record("video.withdrawn", str(row.pk), {}, clock.now())
