"""What this room does about facts of videos: the channels that use them are planned anew."""

from cms.channels.actions import do_publish_affected
from cms.core import clock, facts
from cms.core.models import Fact


@facts.consumer("video.withdrawn", name="channels")
@facts.consumer("video.taken_down", name="channels")
@facts.consumer("video.unpublished", name="channels")
@facts.consumer("video.restored", name="channels")
@facts.consumer("video.published", name="channels")
@facts.consumer("video.encoded", name="channels")
def plan_anew(fact: Fact) -> None:
    """Take what may not play off the air from the first free segment; put back what may."""
    do_publish_affected(int(fact.subject), clock.now())
