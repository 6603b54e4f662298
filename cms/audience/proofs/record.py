"""What the record says of a featured segment: as-run from below, counts of this room."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from cms.audience.counts import Counts, counts_at, counts_by_segment, reach_by_day
from cms.audience.proofs.document import TAKEN_BACK, Document, Line, Names, Status, in_utc
from cms.audience.proofs.estimate import margin_of, outliers_of
from cms.channels.asrun.airings import Airing, airing_of, rows_of
from cms.channels.times import moment_on
from cms.traders.models import FeaturedSegment

KEPT = timedelta(days=400)
"""As-run rows of promotions are kept so long; of what is older nothing can be said."""

MONTHS_KEPT = 13
"""Whole months of it, and the one that runs."""


class Period(NamedTuple):
    """Days by a co-operative's own clock, both included."""

    first: date
    last: date

    def begin(self, zone: str) -> datetime:
        """The moment (UTC) at which it begins."""
        return moment_on(self.first, time.min, ZoneInfo(zone))

    def end(self, zone: str) -> datetime:
        """The moment (UTC) at which it is over."""
        return moment_on(self.last + timedelta(days=1), time.min, ZoneInfo(zone))


def month_of(text: str, zone: str, now: datetime) -> Period | None:
    """Return the month that "2026-11" names, up to today while it runs.

    None if it names none, one that has not begun, or one before the year 2000.
    """
    try:
        first = datetime.strptime(text, "%Y-%m").replace(tzinfo=UTC).date()
    except ValueError:
        return None
    today = now.astimezone(ZoneInfo(zone)).date()
    last = first.replace(day=monthrange(first.year, first.month)[1])
    # In the first years of the calendar some zones have no moment that can be written in UTC.
    return Period(first, min(last, today)) if date(2000, 1, 1) <= first <= today else None


def months_until(now: datetime, zone: str) -> list[date]:
    """Return the first days of the months of which the record may know, the newest first."""
    first = now.astimezone(ZoneInfo(zone)).date().replace(day=1)
    months = [first]
    while len(months) < MONTHS_KEPT:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return months


def documents_of(
    segments: Sequence[FeaturedSegment], period: Period, zone: str, now: datetime
) -> dict[int, Document]:
    """Return what the record says now of each of `segments` (by primary key).

    What journals do not reach yet is left out.
    """
    until = min(period.end(zone), now)
    lines = _lines([segment.key for segment in segments], period.begin(zone), until)
    counts = counts_by_segment(segments, period.first, period.last, zone)
    days = reach_by_day(segments, period.first, period.last)
    return {
        segment.pk: replace(
            _document(segment, period, zone, until, lines, counts.get(segment.pk, Counts())),
            outliers=outliers_of(days[segment.pk]),
        )
        for segment in segments
    }


def read_again(document: Document, read: datetime) -> Document:
    """Return `document` with what the record says now of all that it spoke of.

    It was `read` at that moment. Of the hours and days that ran then, the record tells nothing
    closer; within what it leaves open, a count is taken to be what the document says.
    """
    key = UUID(hex=document.segment)
    period = Period(document.first, document.last)
    lines = _lines([key], period.begin(document.zone), document.until)[key]
    least, most = counts_at(key, document.first, document.last, document.zone, read)
    return replace(
        document,
        lines=tuple(_until(line, read) for line in lines),
        taps=min(max(document.taps, least.taps), most.taps),
        reach=min(max(document.reach, least.reach), most.reach),
    )


def _until(line: Line, read: datetime) -> Line:
    """Leave a replacement out that nobody could know of yet."""
    return replace(line, made_good=None) if line.made_good and line.made_good > read else line


def names_of(segment: FeaturedSegment) -> Names:
    """Return whose `segment` is. Phone numbers are nobody's business here."""
    stall = segment.product.stall
    return Names(stall=stall.name, place=stall.block, product=segment.product.name)


def is_kept(document: Document, now: datetime) -> bool:
    """Return whether the record still holds all that `document` speaks of."""
    return Period(document.first, document.last).begin(document.zone) > now - KEPT


def _lines(keys: Iterable[UUID], since: datetime, until: datetime) -> dict[UUID, list[Line]]:
    lines: dict[UUID, list[Line]] = defaultdict(list)
    rows = rows_of(keys).filter(start__gte=since, start__lt=until).order_by("start", "pk")
    for row in rows:
        airing = airing_of(row)
        if airing.status != "coming":
            cause = TAKEN_BACK if row.taken_back else row.why
            lines[airing.segment_key].append(_line(airing, airing.status, cause))
    return lines


def _line(airing: Airing, status: Status, cause: str) -> Line:
    return Line(
        start=in_utc(airing.start),
        channel=airing.channel.name,
        zone=airing.channel.cooperative.zone,
        promised=airing.promised,
        aired=airing.aired,
        status=status,
        reason="" if status == "aired" else cause,
        made_good=in_utc(airing.made_good_by) if airing.made_good_by else None,
        makes_good=airing.makes_good,
    )


def _document(
    segment: FeaturedSegment,
    period: Period,
    zone: str,
    until: datetime,
    lines: dict[UUID, list[Line]],
    counts: Counts,
) -> Document:
    cooperative = segment.product.stall.cooperative
    market = segment.product.stall.market_name or cooperative.name
    region = cooperative.region
    return Document(
        cooperative=cooperative.name,
        market=f"{market}, {region.name}" if region else market,
        segment=segment.key.hex,
        seconds=round(segment.end - segment.begin),
        zone=zone,
        first=period.first,
        last=period.last,
        until=in_utc(until),
        lines=tuple(lines[segment.key]),
        **counts._asdict(),
        margin=margin_of(counts.reach),
    )
