"""The guide as XMLTV, a channel and a day at a time (the DTD is github.com/XMLTV/xmltv's).

Times are whole seconds, rounded down, by the channel's own clock: those that the addresses of
catch-up have. A channel of short films has rows that stand for many, as on the page.
"""

from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import date, datetime, timedelta
from io import StringIO
from urllib.parse import urlsplit
from xml.sax.xmlreader import AttributesImpl
from zoneinfo import ZoneInfo

from asgiref.sync import sync_to_async
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator

from cms.channels import guide
from cms.channels.models import Channel
from cms.channels.times import begin_of
from cms.site.channels import live_url
from cms.site.exports.details import Detail, Details
from cms.site.exports.selection import Selection
from cms.site.guide_rows import Row, listed
from cms.site.machines import logo_url
from cms.site.tiles import video_url
from media_pipeline.model.xml import allowed

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tv SYSTEM "xmltv.dtd">\n'
AHEAD = timedelta(days=7)
"""How far ahead it goes; a rundown is written two or three days ahead."""
LANGUAGE = settings.LANGUAGE_CODE
_NAMED = 12
"""Titles that a row which stands for many names in its description."""


def plain(text: str) -> str:
    """Return `text` on one line and without what XML forbids."""
    return " ".join(allowed(text, " ").split())


async def document(selection: Selection, base: str, now: datetime) -> AsyncIterator[str]:
    """Yield the guide of `selection` in pieces; `base` is scheme and host of this site.

    Each piece is made when it is asked for: never is more than a day of a channel in memory.
    """
    details = Details()
    yield f'{HEAD}<tv generator-info-name="Siar" source-info-url="{base}/guide/">\n'
    for channel in selection.channels:
        yield await sync_to_async(channel_text)(channel, base)
    for channel in selection.channels:
        for day in _days(channel, now, selection.back):
            first = day == _first(channel, now, selection.back)
            yield await sync_to_async(day_text)(channel, day, details, base, first=first)
    yield "</tv>\n"


def _first(channel: Channel, now: datetime, back: timedelta) -> date:
    return (now - back).astimezone(channel.zone).date()


def _days(channel: Channel, now: datetime, back: timedelta) -> Iterator[date]:
    first = _first(channel, now, back)
    last = (now + AHEAD).astimezone(channel.zone).date()
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def channel_text(channel: Channel, base: str) -> str:
    """Return the `channel` element; what is not always ours is told by its full address."""
    out = StringIO()
    xml = SimplerXMLGenerator(out, "UTF-8", short_empty_elements=True)
    xml.startElement("channel", AttributesImpl({"id": guide_id(channel, base)}))
    xml.addQuickElement("display-name", plain(channel.name))
    xml.addQuickElement("icon", attrs={"src": absolute(base, logo_url(channel))})
    xml.addQuickElement("url", base + live_url(channel))
    xml.endElement("channel")
    return out.getvalue() + "\n"


def guide_id(channel: Channel, base: str) -> str:
    """Return what the channel is called in guides and lists: a name below the host of this site.

    The XMLTV project asks for names in the form of domains (xmltv.dtd, "channel").
    """
    return f"{channel.slug}.{urlsplit(base).hostname}"


def absolute(base: str, path: str) -> str:
    """Return the full address of `path`, which is one already where media stand elsewhere."""
    return path if "://" in path else base + path


def day_text(channel: Channel, day: date, details: Details, base: str, *, first: bool) -> str:
    """Return the `programme` elements of what begins on `day`, or on the `first` day plays."""
    begin = begin_of(channel, day)
    programmes = guide.unlinked_day(channel, day)
    rows = listed([p for p in programmes if first or p.start >= begin])
    known = details.of(p.video_key for row in rows for p in row.programmes)
    with translation.override(LANGUAGE):
        return "".join(programme_text(channel, row, known, base) for row in rows if row.count)


def programme_text(channel: Channel, row: Row, known: dict[str, Detail], base: str) -> str:
    """Return one `programme` element, its children in the order that the DTD demands."""
    out = StringIO()
    xml = SimplerXMLGenerator(out, "UTF-8", short_empty_elements=True)
    zone = channel.zone
    times = {"start": moment(row.start, zone), "stop": moment(row.end, zone)}
    xml.startElement("programme", AttributesImpl({**times, "channel": guide_id(channel, base)}))
    if row.folded:
        _many(xml, row)
    else:
        _one(xml, row.single, known.get(row.single.video_key), channel, base)
    xml.endElement("programme")
    return out.getvalue() + "\n"


def moment(when: datetime, zone: ZoneInfo) -> str:
    """Return 20261124130000 +0700, seconds rounded down."""
    return f"{when.astimezone(zone):%Y%m%d%H%M%S %z}"


def _many(xml: SimplerXMLGenerator, row: Row) -> None:
    titles = [plain(title) for title in row.titles()]
    xml.addQuickElement("title", " · ".join(titles[:3]), {"lang": LANGUAGE})
    xml.addQuickElement("desc", ", ".join(titles[:_NAMED]), {"lang": LANGUAGE})


def _one(
    xml: SimplerXMLGenerator,
    programme: guide.Programme,
    detail: Detail | None,
    channel: Channel,
    base: str,
) -> None:
    _texts(xml, programme, detail)
    if detail and detail.cover:
        xml.addQuickElement("icon", attrs={"src": absolute(base, detail.cover)})
    page = video_url(detail.slug) if detail else live_url(channel)
    xml.addQuickElement("url", base + page)
    if programme.rating and programme.kind != "azan":
        xml.startElement("rating", AttributesImpl({"system": "P3SPS"}))
        xml.addQuickElement("value", programme.rating)
        xml.endElement("rating")


def _texts(xml: SimplerXMLGenerator, programme: guide.Programme, detail: Detail | None) -> None:
    words = {"lang": LANGUAGE}
    xml.addQuickElement("title", plain(programme.title) or plain(programme.note) or "–", words)
    if note := plain(programme.note):
        xml.addQuickElement("sub-title", note, words)
    if detail and (text := plain(detail.description)):
        xml.addQuickElement("desc", text, words)
    for category in _categories(programme, detail):
        xml.addQuickElement("category", category, words)
    if detail and detail.language:
        xml.addQuickElement("language", detail.language)


def _categories(programme: guide.Programme, detail: Detail | None) -> Iterable[str]:
    if programme.kind == "promotion":
        yield _("Promosi")
    if programme.kind == "azan":
        yield _("Azan")
    if detail and detail.category:
        yield plain(detail.category)
