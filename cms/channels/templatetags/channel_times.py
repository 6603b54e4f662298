"""Moments by a channel's clock: `{{ start|to_the_second:channel }}`."""

from django import template

from cms.channels import times
from cms.channels.admin import lines

register = template.Library()


@register.filter
def to_the_second(moment, channel) -> str:  # type: ignore[no-untyped-def]
    """Return an aware moment as 19.30.12 WIB."""
    return times.to_the_second(channel, moment)


@register.filter
def second_of(moment, channel) -> str:  # type: ignore[no-untyped-def]
    """Return an aware moment as 19.30.12, where its zone is said elsewhere."""
    return times.to_the_second(channel, moment, zone=False)


@register.filter
def part_of(moment, channel) -> int:  # type: ignore[no-untyped-def]
    """Return in which part of its day an aware moment is."""
    return lines.part_of(channel, moment)
