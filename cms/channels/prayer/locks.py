"""A channel's calls as planning takes them: with what plays at each."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from cms.channels.models import Channel
from cms.channels.planning import Item, Lock
from cms.channels.prayer.models import Azan, InstallCard
from cms.channels.prayer.schedule import Call, calls
from cms.channels.prayer.times import PRAYERS
from cms.channels.reels import durations, reels
from cms.channels.times import local_date
from cms.videos.models import Video
from media_pipeline.model.ticks import TIMESCALE, ticks_of

BEYOND = timedelta(days=1)
"""A programme that begins before the horizon may run so far past it."""


def azan_of(channel: Channel) -> Azan | None:
    """Return how `channel` keeps prayer times, None while it does not."""
    found = Azan.objects.select_related("clip__media").filter(channel=channel).first()
    if found is None:
        return None
    found.channel = channel
    return found if found.setting() is not None else None


def locks_of(azan: Azan | None, slate: Item, first: datetime, last: datetime) -> list[Lock]:
    """Return the calls from `first` on and to a day after `last`, each with its item.

    While a card is not encoded yet, the still card stands in its place.
    """
    setting = azan.setting() if azan else None
    if azan is None or setting is None:
        return []
    channel = azan.channel
    wanted = calls(setting, local_date(channel, first), local_date(channel, last + BEYOND))
    clip = _clip(azan)
    cards = _cards({call.card for call in wanted})
    return [_lock(call, clip, cards.get(call.card, slate), setting.city.name) for call in wanted]


def _lock(call: Call, clip: Item | None, card: Item, city: str) -> Lock:
    title = title_of(call.card, city)
    if clip is not None and call.card in PRAYERS:
        return Lock(call.id, ticks_of(call.start), clip.duration, replace(clip, title=title))
    item = replace(card, title=title, kind="azan")
    return Lock(call.id, ticks_of(call.start), call.seconds * TIMESCALE, item)


def title_of(card: str, city: str) -> str:
    """Return what the guide calls it; a channel's texts are in Bahasa Indonesia."""
    if card == "imsak":
        return f"Imsak · {city}"
    if card.startswith("buka-"):
        return f"Menuju buka puasa · {city}"
    return f"Azan {card.capitalize()} · {city}"


def _clip(azan: Azan) -> Item | None:
    playable = Video.objects.airable().select_related("media").filter(pk=azan.clip_id).first()
    reel = reels.get(playable.media.publication) if playable else None
    if playable is None or reel is None:
        return None
    return Item(
        reel.publication, durations(reel), programme=str(playable.key), kind="azan", rating="SU"
    )


def _cards(names: Iterable[str]) -> dict[str, Item]:
    rows = InstallCard.objects.filter(card__in=names).select_related("video__media")
    made = {
        row.card: reels.get(row.video.media.publication)
        for row in rows
        if row.video.media.taken_down_at is None
    }
    return {
        card: Item(reel.publication, durations(reel), kind="azan")
        for card, reel in made.items()
        if reel is not None
    }
