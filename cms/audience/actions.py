"""Noting taps and counting them."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import F

from cms.audience import spool
from cms.audience.batches import do_count_once
from cms.audience.hours import Totals, do_add_hours
from cms.audience.models import TapCount
from cms.traders.models import FeaturedSegment, Product


def do_note_tap(product: Product, place: str, segment: str, now: datetime) -> None:
    """Append one tap to the spool; raises OSError when the disk does not take it.

    `segment` is the key (hex) of the segment whose card was tapped, "" for a tile of a page.
    """
    spool.append(_folder(), (product.key.hex, place, segment or product.key.hex), now)


def do_roll_up(now: datetime) -> int:
    """Add the spooled taps of all minutes that are over to the counts; return how many."""
    with spool.taken(_folder(), now) as batches:
        return sum(do_count_once(batch, partial(_add, batch), now) for batch in batches)


def _add(batch: spool.Batch) -> int:
    counts = Counter(tuple(words) for words in batch.events() if len(words) == 3)
    products = {p.key.hex: p for p in Product.objects.filter(key__in=_readable(counts))}
    owners = _owners(products)
    hours: dict[tuple[UUID, str], Totals] = {}
    added = 0
    for (key, place, of), taps in sorted(counts.items()):
        if key in products:  # a product that was deleted meanwhile has no counts any more
            row, _ = TapCount.objects.get_or_create(
                product=products[key], minute=batch.minute, place=place
            )
            TapCount.objects.filter(pk=row.pk).update(taps=F("taps") + taps)
            card = UUID(of if owners.get(of) == key else key), place
            hours[card] = hours.get(card, Totals()).plus(taps=taps)
            added += taps
    do_add_hours(batch.minute, hours)
    return added


def _owners(products: dict[str, Product]) -> dict[str, str]:
    """Of which product each segment is, by key: an address may name any."""
    rows = FeaturedSegment.objects.filter(product__key__in=products)
    return {key.hex: of.hex for key, of in rows.values_list("key", "product__key")}


def _readable(lines: Iterable[tuple[str, ...]]) -> list[str]:
    """The keys that a cut line has not made unreadable."""
    keys = {words[0] for words in lines}
    return [key for key in keys if len(key) == 32 and set(key) <= set("0123456789abcdef")]


def _folder() -> Path:
    return Path(settings.SPOOL_FOLDER) / "taps"
