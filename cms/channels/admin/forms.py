"""The forms of a planned entry and of a channel."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from cms.channels.models import Channel
from cms.channels.times import moment_on
from cms.cooperatives.forms import ScopedFormMixin
from cms.core.models import User
from cms.videos.admin.chooser import AirableWidget
from cms.videos.models import Video


def offered_to(user: User) -> QuerySet[Video]:
    """Return the videos that `user` may see and a channel may show."""
    return Video.objects.airable().filter(pk__in=Video.objects.visible_to(user).values("pk"))


class EntryForm(forms.Form):
    """A video, when it starts by the channel's clock, and a note.

    The videos offered are those that the person may see and a channel may show.
    """

    video = forms.ModelChoiceField(
        label=_("Video"), queryset=Video.objects.none(), widget=AirableWidget
    )
    start = forms.TimeField(
        label=_("Mulai"),
        input_formats=["%H:%M:%S", "%H.%M.%S", "%H:%M", "%H.%M"],
        error_messages={
            "required": _("Tulis jam mulainya."),
            "invalid": _("Tulis jam mulainya."),
        },
        widget=forms.TimeInput(format="%H:%M:%S", attrs={"type": "time", "step": 1}),
    )
    note = forms.CharField(
        label=_("Catatan"),
        max_length=120,
        required=False,
        help_text=_("Tampil di jadwal acara, misalnya “Siaran ulang”."),
    )

    def __init__(self, *args: Any, channel: Channel, user: User, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.channel, self.day = channel, day
        held = self.initial.get("video")
        allowed = Q(pk__in=offered_to(user).values("pk")) | Q(pk=held, media__isnull=False)
        field = self.fields["video"]
        assert isinstance(field, forms.ModelChoiceField)
        assert isinstance(field.widget, AirableWidget)
        field.queryset = Video.objects.filter(allowed).select_related("media")
        field.widget.rows = field.queryset

    @property
    def moment(self) -> datetime:
        """The start that was asked for, in UTC."""
        return moment_on(self.day, self.cleaned_data["start"], self.channel.zone)


class NewEntryForm(EntryForm):
    """An entry to be added, which may air again some days later at the same hour."""

    repeat_days = forms.IntegerField(
        label=_("Ulang sesudah (hari)"),
        min_value=1,
        max_value=14,
        required=False,
        help_text=_("Kosongkan bila tidak diulang."),
    )


class ChannelForm(ScopedFormMixin, WagtailAdminModelForm):
    """The form of a channel. It may follow one above its editor's co-operatives, shown or not."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get("parent")
        if isinstance(field, forms.ModelChoiceField):
            field.empty_label = _("Tidak mengikuti saluran lain")
            field.label_from_instance = _with_cooperative  # type: ignore[assignment, method-assign]

    def _limited(self, name: str, queryset: Any, user: Any) -> Any:
        if name != "parent":
            return super()._limited(name, queryset, user)
        rows = Channel.objects.followable_by(user).values("pk")
        allowed = Q(pk__in=rows) | Q(pk=self.instance.parent_id)
        found = queryset.filter(allowed).exclude(pk=self.instance.pk)
        return found.select_related("cooperative").order_by("cooperative__path", "name")


def _with_cooperative(channel: Channel) -> str:
    return f"{channel.name} · {channel.cooperative}"
