"""Formats for templates: `{% load siar %}`, then `{{ price|rupiah }}`, `{{ start|jam:zone }}`."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django import template

from cms.core import formats, phone, published

register = template.Library()
for name in ("angka", "rupiah", "ukuran", "persen", "tanggal", "jam", "lama"):
    register.filter(name, getattr(formats, name))
register.filter("telepon", phone.local)
register.filter("published_url", published.url)


@register.filter
def hari(moment: datetime, zone: str) -> str:
    """Return the day of an aware `moment` in `zone`, in full."""
    return formats.tanggal(moment.astimezone(ZoneInfo(zone)))
