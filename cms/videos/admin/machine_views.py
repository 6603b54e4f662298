"""Live state for the polling script, and what people may do about it."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.permissions import policy_registry

from cms.core import clock
from cms.core.models import User
from cms.core.refusals import Refused
from cms.videos import actions
from cms.videos.models import Video
from cms.videos.replacing import may_replace
from cms.videos.uses import uses_of
from cms.videos.words.states import Shown, all_shown
from media_pipeline.errors import StoreUnavailable

MOST = 200
"""Videos that one poll may ask for."""


def may(request: HttpRequest, action: str, video: Video) -> bool:
    """Return whether the person may do `action` with `video`."""
    policy = policy_registry.get_by_type(Video)
    return bool(policy.user_has_permission_for_instance(request.user, action, video))


def person(request: HttpRequest) -> User:
    """Return who is signed in: nobody else reaches a view of the admin."""
    return cast(User, request.user)


def states(request: HttpRequest) -> JsonResponse:
    """Return chips (and the panel of `panel`) of the videos `id` that the person may see."""
    texts = request.GET.getlist("id")[:MOST]
    asked = [int(text) for text in texts if text.isdecimal() and len(text) < 18]
    rows = Video.objects.visible_to(request.user).filter(pk__in=asked).select_related("media")
    known = all_shown(rows, clock.now())
    found = {row.pk: _entry(request, row, known[row.pk]) for row in rows}
    return JsonResponse({"videos": found}, headers={"Cache-Control": "no-store"})


def _entry(request: HttpRequest, video: Video, state: Shown) -> dict[str, Any]:
    entry = {
        "code": state.code,
        "busy": state.busy,
        "preview": state.preview,
        "progress": state.progress,
        "eta_seconds": state.eta_seconds,
        "place": state.place,
        "words": f"{state.title}: {state.label}. {state.detail}",
        "chip": render_to_string("videos/admin/chip.html", {"shown": state}),
    }
    if request.GET.get("panel") == str(video.pk):
        context = {
            "shown": state,
            "video": video,
            "may_change": may(request, "change", video),
            "may_replace": may_replace(request.user, video),
        }
        entry["panel"] = render_to_string("videos/admin/machine_state.html", context)
    return entry


ACTIONS: Mapping[str, Callable[..., object]] = {
    "cancel": actions.do_cancel_encode,
    "put-first": actions.do_put_first,
    "retry": actions.do_retry_encode,
    "encode": actions.do_request_encode,
    "sound": actions.do_request_sound,
}


class MachineView(View):
    """POST: encode again, make new sound, retry, cancel, put first.

    Answers with a sentence where it is refused.
    """

    model = Video
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, action: str) -> JsonResponse:
        video = get_object_or_404(Video.objects.visible_to(request.user), pk=pk)
        if not may(request, "change", video):
            raise PermissionDenied
        if (do := ACTIONS.get(action)) is None:
            raise Http404(action)
        try:
            do(video, clock.now(), user=person(request))
        except Refused as refused:
            return JsonResponse({"sentence": str(refused)}, status=409)
        return JsonResponse({})


class ConfirmView(WagtailAdminTemplateMixin, TemplateView):
    """Asks before it acts; the subclass says what is asked and done."""

    model = Video
    template_name = "videos/admin/confirm.html"
    permission = "change"
    index_url_name: str | None = None
    edit_url_name: str | None = None
    header_icon = "media"
    question: Any = ""
    consequence: Any = ""
    verb: Any = ""
    word = ""
    """What must be typed, "" for nothing."""
    serious = False
    names_uses = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.video = get_object_or_404(
            Video.objects.visible_to(request.user).select_related("media"), pk=kwargs["pk"]
        )
        if not may(request, self.permission, self.video):
            raise PermissionDenied
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if self.word and request.POST.get("word", "").strip().upper() != self.word:
            return self.render_to_response(self.get_context_data(wrong=True, **kwargs), status=422)
        try:
            self.act(request)
        except StoreUnavailable:
            messages.error(request, _("Penyimpanan tidak terjangkau. Coba lagi sebentar lagi."))
        return redirect(str(self.edit_url_name), self.video.pk)

    def act(self, request: HttpRequest) -> None:
        """Do what was confirmed and tell the person."""
        raise NotImplementedError

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(str(self.index_url_name)), "label": _("Video")},
            {"url": reverse(str(self.edit_url_name), args=[self.video.pk]), "label": self.video},
            {"url": "", "label": self.verb},
        ]

    def get_page_title(self) -> str:
        return str(self.verb)

    def get_page_subtitle(self) -> str:
        return self.video.title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        uses = uses_of(self.video, clock.now())
        return {**super().get_context_data(**kwargs), "video": self.video, "uses": uses}


class WithdrawView(ConfirmView):
    """Takes a video off pages, feeds and future rundowns; can be undone."""

    question = gettext_lazy("Tarik video ini dari siaran dan halaman?")
    consequence = gettext_lazy(
        "Video hilang dari halaman, umpan, dan susunan acara yang belum tayang. "
        "Anda dapat mengembalikannya kapan saja."
    )
    verb = gettext_lazy("Tarik")

    def act(self, request: HttpRequest) -> None:
        if actions.do_withdraw(self.video, clock.now(), user=person(request)):
            undo = messages.button(request.path.replace("/withdraw/", "/restore/"), _("Kembalikan"))
            messages.success(request, _("Video ditarik."), buttons=[undo])


class RestoreView(ConfirmView):
    """Undoes a withdrawal."""

    names_uses = False

    question = gettext_lazy("Kembalikan video ini ke siaran dan halaman?")
    consequence = gettext_lazy("Video tampil lagi di halaman dan dapat disusun ke acara.")
    verb = gettext_lazy("Kembalikan")

    def act(self, request: HttpRequest) -> None:
        if actions.do_restore(self.video, clock.now(), user=person(request)):
            messages.success(request, _("Video dikembalikan."))


class TakeDownView(ConfirmView):
    """Makes every segment answer 410, for good."""

    permission = "publish"
    question = gettext_lazy("Turunkan video ini untuk seterusnya?")
    consequence = gettext_lazy(
        "Semua bagian video dihapus dari server dan tidak dapat diputar di mana pun, "
        "juga di acara yang sedang tayang. Ini tidak dapat dibatalkan."
    )
    verb = gettext_lazy("Turunkan")
    word = "TURUNKAN"
    serious = True

    def act(self, request: HttpRequest) -> None:
        if actions.do_take_down(self.video, clock.now(), user=person(request)):
            messages.success(request, _("Video diturunkan."))
