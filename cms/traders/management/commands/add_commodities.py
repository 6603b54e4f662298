"""`manage.py add_commodities`: the common commodities, for an install without the demo."""

from django.core.management.base import BaseCommand

from cms.traders.commodities import do_add_common


class Command(BaseCommand):
    help = "Add the commodities that most markets deal in; those that are there stay as they are."

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(f"{do_add_common()} added.")
