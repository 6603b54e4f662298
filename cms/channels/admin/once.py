"""What one date has instead of what the weekly template says."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.channels.admin.forms import EntryForm
from cms.channels.admin.views import ChannelView, refusals, told
from cms.channels.models import WeeklySlot
from cms.channels.planning.template import Once
from cms.channels.template.actions import do_change_once, do_restore_once
from cms.channels.times import moment_on, to_the_second, zone_name


class OnceForm(EntryForm):
    """Leave it out, move it, or put another video in its place."""

    what = forms.ChoiceField(
        label=gettext_lazy("Hanya tanggal ini"),
        choices=[
            ("skip", gettext_lazy("Tidak tayang")),
            ("move", gettext_lazy("Tayang pada jam lain")),
            ("replace", gettext_lazy("Diganti video lain pada jam yang sama")),
        ],
        widget=forms.RadioSelect,
        initial="skip",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("video", "start"):
            self.fields[name].required = False
        del self.fields["note"]

    def clean(self) -> dict[str, Any] | None:
        """Want the hour of what moves, the video of what is replaced."""
        given = super().clean() or self.cleaned_data
        if given.get("what") == "move" and not given.get("start") and "start" not in self.errors:
            self.add_error("start", _("Tulis jam mulainya."))
        if given.get("what") == "replace" and not given.get("video") and "video" not in self.errors:
            self.add_error("video", _("Pilih videonya."))
        return given

    @property
    def once(self) -> Once:
        """What was asked for."""
        given = self.cleaned_data
        match given["what"]:
            case "move":
                return Once(clock=given["start"])
            case "replace":
                return Once(video=given["video"].pk)
            case _:
                return Once(skips=True)


class OnceView(ChannelView):
    """Change one date of a weekly entry."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        rows = WeeklySlot.objects.select_related("video", "playlist")
        self.slot = get_object_or_404(rows, pk=kwargs["slot"], channel=self.channel)

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        self.require_editor()
        return self._page(self._form(initial={"start": self.slot.clock, "what": "skip"}))

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        self.require_editor()
        form = self._form(data=request.POST)
        if form.is_valid() and self._change(form):
            return self.back()
        return self._page(form)

    def _change(self, form: OnceForm) -> bool:
        with refusals(form, "what"):
            self.tell(do_change_once(self.slot, self.day, form.once, self.now))
        return not form.errors

    def _form(self, **kwargs: Any) -> OnceForm:
        return OnceForm(channel=self.channel, user=self.user, day=self.day, **kwargs)

    def _page(self, form: OnceForm) -> HttpResponse:
        start = moment_on(self.day, self.slot.clock, self.channel.zone)
        context = {
            "channel": self.channel,
            "day": self.day,
            "slot": self.slot,
            "start": to_the_second(self.channel, start),
            "form": form,
            "zone": zone_name(self.channel),
            "names": self.url_names,
        }
        return render(self.request, "channels/admin/once.html", context)


class RestoreOnceView(ChannelView):
    """Let a date have what the template says again."""

    def post(self, request: HttpRequest, slot: int, **_kwargs: Any) -> HttpResponse:
        self.require_editor()
        found = get_object_or_404(WeeklySlot, pk=slot, channel=self.channel)
        with told(request):
            self.tell(do_restore_once(found, self.day, self.now))
        return self.back()
