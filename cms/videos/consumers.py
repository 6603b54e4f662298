"""What this room does about its own facts, outside of the transaction that they tell of."""

from cms.core import facts
from cms.core.models import Fact
from cms.videos import presentations, publications
from cms.videos.actions import publication_ids
from cms.videos.models import Video


@facts.consumer("video.published", name="videos.presentation")
@facts.consumer("video.encoded", name="videos.presentation")
def write_presentation(fact: Fact) -> None:
    """Bring captions, chapters and cards into the playlists."""
    if video := Video.objects.filter(pk=fact.subject).first():
        presentations.write(video)


@facts.consumer("video.taken_down", name="videos.segments")
def remove_segments(fact: Fact) -> None:
    """Remove the files behind the marks of a takedown; the marks stay."""
    if video := Video.objects.filter(pk=fact.subject).first():
        for publication in publication_ids(video):
            publications.remove_files(publication)
