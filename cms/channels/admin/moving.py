"""What the timeline asks for."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from cms.channels.admin.forms import EntryForm
from cms.channels.admin.views import ChannelView, told
from cms.channels.times import local_date
from cms.videos.models import Video


class MoveView(ChannelView):
    """Move a planned entry to another time of its day, as the timeline asks for it."""

    def post(self, request: HttpRequest, wish: str, **_kwargs: Any) -> HttpResponse:
        self.require_editor()
        found = self.wish(wish)
        video = get_object_or_404(Video, pk=found.video)
        given = {"video": video.pk, "start": request.POST.get("start", ""), "note": found.note}
        if local_date(self.channel, found.start) != self.day:
            # The hour on the page is of another date than the entry's own.
            raise Http404
        initial = {"video": video.pk}
        form = EntryForm(
            channel=self.channel, user=self.user, day=self.day, initial=initial, data=given
        )
        if not form.is_valid():
            messages.error(
                request, " ".join(str(one) for them in form.errors.values() for one in them)
            )
            return self.back(found.start)
        with told(request):
            self.tell(self.desk.change(found, video, form.moment, found.note))
        return self.back(form.moment)
