"""The chooser of videos: what cannot play, and is not being made, is not offered."""

from django.db.models import QuerySet

from cms.cooperatives.choosers import (
    ScopedChooseResultsView,
    ScopedChooserViewSet,
    ScopedChooseView,
)
from cms.videos.models import Video
from cms.videos.queries import choosable


class _Choosable:
    """Narrows what is offered to the videos that can come on a page."""

    def filter_object_list(self, objects: QuerySet[Video]) -> QuerySet[Video]:
        found = super().filter_object_list(objects)  # type: ignore[misc]
        if not isinstance(found, QuerySet):
            # A search knows the fields of its index alone, so it is narrowed afterwards.
            found = objects.filter(pk__in=[video.pk for video in found])
        return choosable(found)


class _Choose(_Choosable, ScopedChooseView):
    pass


class _ChooseResults(_Choosable, ScopedChooseResultsView):
    pass


class VideoChooserViewSet(ScopedChooserViewSet):
    """A video that was chosen before stays chosen, whatever became of it."""

    choose_view_class = _Choose
    choose_results_view_class = _ChooseResults
