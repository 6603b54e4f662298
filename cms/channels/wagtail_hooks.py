"""What this room adds to the CMS."""

import logging
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.widgets.button import ListingButton
from wagtail.log_actions import LogActionRegistry
from wagtail.snippets.models import register_snippet

from cms.channels.actions import Contradiction, do_publish_all, do_publish_if_ready
from cms.channels.admin.home import add_panels
from cms.channels.admin.playlists import PlaylistViewSet
from cms.channels.admin.viewset import ChannelViewSet
from cms.channels.in_force import Unreadable
from cms.channels.models import Channel, Playlist
from cms.core import clock
from cms.core.models import User
from media_pipeline.errors import StoreUnavailable

logger = logging.getLogger(__name__)

register_snippet(ChannelViewSet)
register_snippet(PlaylistViewSet)
hooks.register("construct_homepage_panels", add_panels)


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    """Name what people do with a channel at once, for its history."""
    named = {
        "cut_in": (gettext_lazy("Potong sekarang"), gettext_lazy("Siaran sela ditayangkan")),
        "end_cut_in": (
            gettext_lazy("Hentikan siaran sela"),
            gettext_lazy("Siaran sela dihentikan"),
        ),
        "tell": (gettext_lazy("Tampilkan pengumuman"), gettext_lazy("Pengumuman ditampilkan")),
        "make_good": (gettext_lazy("Pilih pengganti"), gettext_lazy("Pengganti tayangan dipilih")),
        "keep_debt": (gettext_lazy("Batalkan pengganti"), gettext_lazy("Pengganti dibatalkan")),
        "write_off": (gettext_lazy("Tutup utang"), gettext_lazy("Utang tayangan ditutup")),
        "take_back": (gettext_lazy("Cabut pengumuman"), gettext_lazy("Pengumuman dicabut")),
    }
    for name, (label, message) in named.items():
        actions.register_action(f"channels.{name}", label, message)


@hooks.register("register_snippet_listing_buttons")
def day_button(snippet: Any, _user: User, _next_url: str | None = None) -> Iterator[ListingButton]:
    """Lead from the list to the day."""
    if isinstance(snippet, Channel):
        url = reverse(snippet.snippet_viewset.get_url_name("today"), args=[snippet.pk])
        yield ListingButton(_("Susunan acara"), url, icon_name="calendar-alt", priority=1)


@hooks.register("after_create_snippet")
@hooks.register("after_edit_snippet")
def put_on_air(request: HttpRequest, instance: Any) -> None:
    """Fillers, name and repeat show on air at once; the form is saved in any case."""
    if not isinstance(instance, Channel):
        return
    try:
        do_publish_if_ready(instance, clock.now())
    except (Contradiction, StoreUnavailable, Unreadable):
        logger.exception("%s: the edited channel was not planned anew", instance.slug)
        text = _("Saluran tersimpan, tetapi siarannya belum berubah. Simpan lagi sebentar.")
        messages.error(request, text)


@hooks.register("after_edit_snippet")
def play_the_list(request: HttpRequest, instance: Any) -> None:
    """Blocks that are still to come take from the list as it is now; it is saved in any case."""
    if not isinstance(instance, Playlist):
        return
    try:
        do_publish_all(Channel.objects.using_playlist(instance.pk), clock.now())
    except (Contradiction, StoreUnavailable, Unreadable):
        logger.exception("playlist %s: its channels were not planned anew", instance.pk)
        text = _("Daftar tersimpan, tetapi siarannya belum berubah. Simpan lagi sebentar.")
        messages.error(request, text)


@hooks.register("before_delete_snippet")
def keep_what_is_used(request: HttpRequest, instances: Iterable[Any]) -> HttpResponse | None:
    """Say which channels use a list instead of taking it from their blocks."""
    lists = [one for one in instances if isinstance(one, Playlist)]
    names = Channel.objects.filter(weekly__playlist__in=lists).values_list("name", flat=True)
    used = sorted(set(names)) if lists else []
    if not used:
        return None
    text = _("Daftar putar ini dipakai di %(channels)s. Hapus dulu bloknya di halaman Mingguan.")
    messages.error(request, text % {"channels": ", ".join(used)})
    return redirect(reverse(lists[0].snippet_viewset.get_url_name("list")))
