"""`manage.py as_run CHANNEL DAY`: what a channel aired on a day, as JSON."""

import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms.channels.asrun.record import as_values, complete_of, rows_of
from cms.channels.models import Channel


class Command(BaseCommand):
    help = "Print what a channel promised on a day by its own clock, and what of it aired, as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("channel", help="the channel's address, like nasional")
        parser.add_argument("day", help="like 2026-11-24")

    def handle(self, *args: Any, channel: str, day: str, **options: Any) -> None:
        found = Channel.objects.select_related("cooperative").filter(slug=channel).first()
        if found is None:
            raise CommandError(f"There is no channel {channel!r}.")
        try:
            when = date.fromisoformat(day)
        except ValueError:
            raise CommandError(f"{day!r} is no day: write it like 2026-11-24.") from None
        complete = complete_of(found, when)
        told = {
            "channel": found.slug,
            "day": when.isoformat(),
            "zone": found.cooperative.zone,
            "complete": complete.astimezone(found.zone).isoformat() if complete else None,
            "entries": list(as_values(found, rows_of(found, when))),
        }
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))
