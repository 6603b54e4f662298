"""The page on which editors tell viewers one sentence."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from cms.channels.admin.failures import sentence_of
from cms.channels.admin.views import ChannelView
from cms.channels.cutin.models import Notice
from cms.channels.cutin.notices import do_take_back, do_tell, told_now
from cms.core.refusals import Refused
from media_pipeline.errors import StoreUnavailable


class NoticeForm(forms.ModelForm):
    """The sentence and for how long it is shown."""

    class Meta:
        model = Notice
        fields = ("text", "minutes")


class NoticeView(ChannelView):
    """Tell viewers a sentence, and see what they are told."""

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        self.require_editor()
        return self._page(NoticeForm())

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        self.require_editor()
        form = NoticeForm(request.POST)
        if not form.is_valid():
            return self._page(form)
        given = form.cleaned_data
        try:
            do_tell(self.channel, given["text"], given["minutes"], self.user, self.now)
        except Refused as refused:
            form.add_error("text", str(refused))
        except StoreUnavailable as failure:
            form.add_error(None, sentence_of(failure))
        if form.errors:
            return self._page(form)
        messages.success(request, _("Pengumuman tampil di layar penonton dalam beberapa detik."))
        return _away(self)

    def _page(self, form: NoticeForm) -> HttpResponse:
        told = told_now(self.channel, self.now)
        context = {
            "channel": self.channel,
            "form": form,
            "told": told,
            "has_heirs": self.channel.heirs.exists(),
            "names": self.url_names,
        }
        return render(self.request, "channels/admin/notice.html", context)


class TakeBackView(ChannelView):
    """Take the sentence away."""

    def post(self, request: HttpRequest, notice: int, **_kwargs: Any) -> HttpResponse:
        self.require_editor()
        found = get_object_or_404(Notice, pk=notice, channel=self.channel)
        try:
            do_take_back(found, self.user, self.now)
        except StoreUnavailable as failure:
            messages.error(request, sentence_of(failure))
        else:
            messages.success(request, _("Pengumuman dicabut."))
        return _away(self)


def _away(view: ChannelView) -> HttpResponse:
    return redirect(reverse(view.url_names["notice"], args=[view.channel.pk]))
