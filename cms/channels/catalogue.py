"""What a channel asks for, gathered from rows and store into the values of planning."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from cms.channels.cutin.rows import recent_cut_ins, value_of
from cms.channels.models import Channel, InstallSlate
from cms.channels.planned import planned_wishes
from cms.channels.planning import (
    LATEST,
    Item,
    Request,
    Wish,
    boundary_of,
    interrupted,
    together,
)
from cms.channels.planning.days import Dated
from cms.channels.prayer.locks import azan_of, locks_of
from cms.channels.reels import durations, reels
from cms.channels.template.runs import template_wishes
from cms.channels.times import begin_of, local_date
from cms.traders.cards import cards_in
from cms.videos.models import Video
from media_pipeline.model.entry_ids import whole_of
from media_pipeline.model.rundown import Card, Entry, EntryKind, Rundown
from media_pipeline.model.stored.index import DAY
from media_pipeline.model.ticks import moment_of, ticks_of
from media_pipeline.playout import Reel
from media_pipeline.playout.reel import reel_of

KEEP = timedelta(days=2)
"""How much of the past stays in a rundown at least: start-over and yesterday's guide."""
STEP = timedelta(hours=6)
"""How much an extension adds: without it each minute would write another rundown."""


def request_for(
    channel: Channel,
    slate: Item,
    previous: Rundown | None,
    now: datetime,
    until: datetime,
    free: int | None = None,
) -> Request:
    """Return what the rundown of `channel` after `previous` is to be made of, up to `until`.

    `free` is the tick from which it may change, where a cut-in makes it earlier than usual.
    """
    boundary = boundary_of(previous, now) if free is None else free
    azan, cuts = azan_of(channel), recent_cut_ins(channel, now - KEEP)
    since = _since(previous, boundary) if azan or cuts else boundary
    dated = dated_wishes(channel, moment_of(since - LATEST), until)
    fillers = list(channel.fillers.values_list("video_id", flat=True))
    found = items(
        channel, {d.video for d in dated} | set(fillers) | {c.video_id for c in cuts if c.video_id}
    )
    titles = _titles({d.video for d in dated})
    head = _on_air_at(previous, boundary)
    return Request(
        channel=channel.slug,
        name=channel.name,
        zone=channel.cooperative.zone,
        wishes=[_wish(d, found.get(d.video), titles[d.video]) for d in dated],
        fillers=_distinct(_as_filler(found[pk]) for pk in fillers if pk in found),
        slate=slate,
        now=now,
        until=ticks_of(until),
        # Whole days of the store: a day file that loses its first hours would be another.
        keep_from=ticks_of(now - KEEP) // DAY * DAY,
        barred=_barred(head, slate),
        durations={head.publication: durations(reel_of(head, reels))} if head else {},
        locks=locks_of(azan, slate, moment_of(boundary), until),
        interrupts=azan.rule if azan else "resumes",
        cut_ins=[value_of(cut, found.get(cut.video_id or 0)) for cut in cuts],
        boundary=free,
    )


def dated_wishes(channel: Channel, first: datetime, last: datetime) -> list[Dated]:
    """Return what holds on the days that touch `first` to `last`, repeats included."""
    begin, end = local_date(channel, first), local_date(channel, last)
    return together(planned_wishes(channel, begin, end), template_wishes(channel, begin, end))


def dated_of(channel: Channel, day: date) -> list[Dated]:
    """Return what holds on `day` by the channel's clock, a repeat included."""
    middle = begin_of(channel, day) + timedelta(hours=12)
    return dated_wishes(channel, middle, middle)


def dated_near(channel: Channel, day: date) -> dict[str, Dated]:
    """Return what holds on `day` and on the days beside it, by id: some runs over midnight."""
    middle = begin_of(channel, day) + timedelta(hours=12)
    beside = timedelta(days=1)
    return {one.id: one for one in dated_wishes(channel, middle - beside, middle + beside)}


def items(channel: Channel, videos: Iterable[int]) -> dict[int, Item]:
    """Return what can play of `videos` (their ids): airable, and whole in the store."""
    rows = Video.objects.airable().filter(pk__in=set(videos)).select_related("media")
    found = [(video, reel) for video in rows if (reel := reels.get(video.media.publication))]
    cards = cards_in((video.pk for video, _ in found), f"siaran-{channel.slug}")
    return {video.pk: _item(video, reel, cards.get(video.pk, ())) for video, reel in found}


def slate_of(channel: Channel) -> Item | None:
    """Return the channel's own still card, else the install's; None while neither is encoded."""
    shared = InstallSlate.objects.select_related("video__media").first()
    for video in (channel.slate, shared.video if shared else None):
        media = getattr(video, "media", None)
        usable = media is not None and media.taken_down_at is None
        reel = reels.get(media.publication) if media is not None and usable else None
        if reel is not None:
            return Item(reel.publication, durations(reel), title=channel.name, kind="slate")
    return None


def _item(video: Video, reel: Reel, cards: tuple[Card, ...]) -> Item:
    shown = sum(card.duration for card in cards)
    kind: EntryKind = "promotion" if shown * 2 > reel.duration else "programme"
    return Item(
        publication=reel.publication,
        durations=durations(reel),
        title=video.title,
        rating=video.rating,
        programme=str(video.key),
        kind=kind,
        cards=cards,
    )


def _as_filler(item: Item) -> Item:
    return Item(
        item.publication,
        item.durations,
        item.title,
        item.rating,
        item.programme,
        "filler",
        item.cards,
    )


def _distinct(fillers: Iterable[Item]) -> list[Item]:
    return list({item.publication: item for item in fillers}.values())


def _wish(dated: Dated, item: Item | None, title: str) -> Wish:
    if item is not None and dated.in_break and item.kind == "programme":
        item = _as_filler(item)
    return Wish(dated.id, ticks_of(dated.start), title, item, dated.note)


def title_of(video: int) -> str:
    """Return the title of the video with this id, "" if it is gone."""
    return _titles([video]).get(video, "")


def _titles(videos: Iterable[int]) -> dict[int, str]:
    return dict(Video.objects.filter(pk__in=set(videos)).values_list("pk", "title"))


def _since(previous: Rundown | None, tick: int) -> int:
    """Return where what is interrupted at `tick`, or plays, has begun; `tick` if nothing."""
    entries = previous.entries if previous else ()
    goes_on = {whole_of(e.id) for e in entries if e.end > tick and (e.start < tick or "+" in e.id)}
    goes_on.add(interrupted(entries, tick))
    return min([tick, *(e.start for e in entries if e.id in goes_on)])


def _on_air_at(previous: Rundown | None, tick: int) -> Entry | None:
    """Return the entry that straddles `tick`."""
    entries = previous.entries if previous else ()
    return next((e for e in reversed(entries) if e.start < tick < e.end), None)


def _barred(head: Entry | None, slate: Item) -> frozenset[str]:
    """Return the publication on air if its video may not play any more."""
    if head is None or head.publication == slate.publication or not head.programme:
        return frozenset()
    playable = Video.objects.airable().filter(key=head.programme).exists()
    return frozenset() if playable else frozenset({head.publication})


def horizon(channel: Channel, previous: Rundown | None, now: datetime) -> datetime:
    """Return how far to plan: as far as before while that is enough, else a step beyond."""
    least = now + timedelta(hours=channel.horizon_hours)
    ends = previous.entries[-1].end if previous else 0
    if previous and ends >= ticks_of(least):
        return moment_of(ends)
    return least + STEP


def ends_soon(channel: Channel, ends: datetime, now: datetime) -> bool:
    """Return whether a rundown that ends at `ends` is to be extended."""
    return ends < now + timedelta(hours=channel.horizon_hours)
