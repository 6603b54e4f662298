"""What this room does when told of something."""

from cms.core.facts import consumer
from cms.core.models import Fact
from cms.videos import presentations
from cms.videos.models import Video


@consumer("cards.changed", name="presentations")
def rewrite_presentation(fact: Fact) -> None:
    """Write the cards of a video on demand; the store may be far away, so never in a request."""
    video = Video.objects.filter(pk=fact.subject).first()
    if video is not None:
        presentations.write(video)
