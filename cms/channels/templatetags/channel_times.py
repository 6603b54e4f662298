"""Moments by a channel's clock: `{{ start|to_the_second:channel }}`."""

from django import template

from cms.channels import times

register = template.Library()


@register.filter
def to_the_second(moment, channel) -> str:  # type: ignore[no-untyped-def]
    """Return an aware moment as 19.30.12 WIB."""
    return times.to_the_second(channel, moment)
