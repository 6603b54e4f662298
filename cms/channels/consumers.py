"""Plan channels again when a fact about their videos or their place is recorded."""

from uuid import UUID

from cms.channels import in_force
from cms.channels.actions import do_publish_all
from cms.channels.models import Channel
from cms.core import clock, facts
from cms.core.models import Fact

_ENDS = {"video.withdrawn", "video.taken_down", "video.unpublished"}
"""What takes a video off the air: viewers are not to see another segment of it."""


@facts.consumer("video.withdrawn", name="channels")
@facts.consumer("video.taken_down", name="channels")
@facts.consumer("video.unpublished", name="channels")
@facts.consumer("video.restored", name="channels")
@facts.consumer("video.published", name="channels")
@facts.consumer("video.encoded", name="channels")
@facts.consumer("cards.changed", name="channels")
def plan_anew(fact: Fact) -> None:
    """Take what may not play off the air from the first free segment; put back what may.

    A video that was deleted has no id any more: the fact names the key of its page.
    """
    now, at_once = clock.now(), fact.topic in _ENDS
    if fact.subject.isdecimal():
        do_publish_all(Channel.objects.using_video(int(fact.subject), now), now, at_once=at_once)
    elif key := fact.payload.get("key"):
        do_publish_all(in_force.channels_showing(str(UUID(key))), now, at_once=at_once)


@facts.consumer("cooperative.placed", name="channels")
def follow_place(fact: Fact) -> None:
    """Call to prayer by the sun of a co-operative's corrected city, and plan weeks by its clock."""
    channels = Channel.objects.filter(cooperative=int(fact.subject))
    do_publish_all(channels, clock.now())
