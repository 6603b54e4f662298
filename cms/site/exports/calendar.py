"""Programmes as iCalendar: a reminder of one, and the days of a channel to subscribe to.

In one language for all, as the guide for TV players: caches keep one of each.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from cms.channels.guide import Programme
from cms.channels.models import Channel
from cms.site.channels import live_url
from cms.site.exports.xmltv import LANGUAGE
from cms.site.guide_rows import Row

EARLY = timedelta(minutes=10)
"""How long before a programme its alarm goes off."""
AGAIN = timedelta(hours=6)
"""How often a calendar is to ask for the days of a channel again (RFC 7986, 5.7)."""
_NAMED = 3


def reminder(channel: Channel, programme: Programme, base: str, now: datetime) -> bytes:
    """Return a calendar of one programme with its alarm; `base` is scheme and host."""
    with translation.override(LANGUAGE):
        event = _event(channel, Row((programme,)), base, now)
    event.add_component(_alarm(programme))
    return _calendar(channel, [event]).to_ical()


def days(channel: Channel, rows: Iterable[Row], base: str, now: datetime) -> bytes:
    """Return a calendar of what a channel shows, without alarms, to be asked for again."""
    with translation.override(LANGUAGE):
        events = [_event(channel, row, base, now) for row in rows]
    calendar = _calendar(channel, events)
    calendar.add("refresh-interval", AGAIN, parameters={"value": "DURATION"})
    return calendar.to_ical()


def _calendar(channel: Channel, events: list[Event]) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Siar//Siar//ID")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    # RFC 7986 has NAME; what most calendars read is older than it.
    for name in ("name", "x-wr-calname"):
        calendar.add(name, channel.name)
    calendar.add("x-wr-timezone", str(channel.zone))
    for event in events:
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar


def _event(channel: Channel, row: Row, base: str, now: datetime) -> Event:
    programme = row.single
    event = Event()
    # The id of an entry stays when its start moves by seconds: the calendar moves the event.
    event.add("uid", f"{channel.slug}-{programme.id}@{base.partition('://')[2]}")
    event.add("dtstamp", now)
    event.add("dtstart", _second(row.start, channel))
    event.add("dtend", _second(row.end, channel))
    event.add("summary", " · ".join(row.titles()[:_NAMED]))
    event.add("location", channel.name)
    event.add("url", base + live_url(channel))
    watch = _("Tonton: %(url)s") % {"url": base + live_url(channel)}
    note = "" if row.folded else programme.note
    event.add("description", "\n".join(filter(None, (note, watch))))
    event.add("transp", "TRANSPARENT")
    return event


def _alarm(programme: Programme) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", programme.title)
    alarm.add("trigger", -EARLY)
    return alarm


def _second(moment: datetime, channel: Channel) -> datetime:
    return moment.replace(microsecond=0).astimezone(channel.zone)
