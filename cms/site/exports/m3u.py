"""Channels as extended M3U: one address for Kodi, TiviMate, VLC and boxes.

What its attributes mean is written down by Kodi's PVR IPTV Simple Client (README, "Supported
M3U and XMLTV elements" and "Catchup format specifiers"), and other players follow it.
"""

from cms.channels.models import Channel
from cms.site.exports.selection import KEPT, Selection
from cms.site.exports.xmltv import absolute, guide_id, plain
from cms.site.machines import logo_url

MASTER, TRANSPORT = "master.m3u8", "ts.m3u8"
"""All qualities; one low one as MPEG-TS, for players that leave the others at a join."""


def listing(selection: Selection, base: str, file: str = MASTER) -> str:
    """Return the list; `base` is scheme and host of this site, `file` what of a channel is named."""
    guide = base + selection.xmltv
    lines = [f'#EXTM3U x-tvg-url="{guide}" url-tvg="{guide}"']
    for channel in selection.channels:
        lines += [_extinf(channel, base, file), f"{base}/live/{channel.slug}/{file}"]
    return "\n".join(lines) + "\n"


def _extinf(channel: Channel, base: str, file: str) -> str:
    region = channel.cooperative.region
    pairs = {
        "tvg-id": guide_id(channel, base),
        "tvg-name": channel.name,
        "tvg-logo": absolute(base, logo_url(channel)),
        # Players take a semicolon for another group.
        "group-title": region.name.replace(";", " ") if region else "Nasional",
        # From second to second: a window of the origin is a folder of its live address.
        "catchup": "default",
        "catchup-source": f"{base}/live/{channel.slug}/{{utc}}-{{utcend}}/{file}",
        "catchup-days": str(KEPT.days),
    }
    attributes = " ".join(f'{name}="{_value(text)}"' for name, text in pairs.items())
    # Players look for the name behind the last comma, others behind the first.
    name = " ".join(_value(channel.name).replace(",", " ").split())
    return f"#EXTINF:-1 {attributes},{name}"


def _value(text: str) -> str:
    """The form knows no escape: a quote would end the value, a newline the entry."""
    return plain(text).replace('"', "'")
