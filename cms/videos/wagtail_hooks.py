"""What Wagtail's admin is told of this room."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry


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
