"""What this room does when told of something."""

from cms.core.facts import consumer
from cms.core.models import Fact
from cms.traders.actions import do_announce_cards
from cms.traders.spots.publishing import do_end_replaced, do_fit, do_follow_decision
from cms.videos import presentations
from cms.videos.models import Video


@consumer("cards.changed", name="presentations")
def rewrite_presentation(fact: Fact) -> None:
    """Write the cards of a video on demand; the store may be far away, so never in a request."""
    video = Video.objects.filter(pk=fact.subject).first()
    if video is not None:
        presentations.write(video)


@consumer("cards.changed", name="spots")
def follow_decision(fact: Fact) -> None:
    """Let everybody watch a spot that was approved, and nobody one that no longer is."""
    video = Video.objects.filter(pk=fact.subject).first()
    if video is not None:
        do_follow_decision(video)
        do_end_replaced(video, fact.happened)


@consumer("video.encoded", name="spots")
def fit_to_film(fact: Fact) -> None:
    """Let a spot be as long as what was made of its clip."""
    video = Video.objects.filter(pk=fact.subject).select_related("media").first()
    if video is not None and do_fit(video):
        do_announce_cards([video.pk], fact.happened)
