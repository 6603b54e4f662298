"""Noting taps and counting them."""

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F

from cms.audience import spool
from cms.audience.models import CountedBatch, TapCount
from cms.traders.models import Product

FORGET_BATCHES = timedelta(days=2)


def do_note_tap(product: Product, place: str, now: datetime) -> None:
    """Append one tap to the spool; raises OSError when the disk does not take it."""
    spool.append(_folder(), (product.key.hex, place), now)


def do_roll_up(now: datetime) -> int:
    """Add the spooled taps of all minutes that are over to the counts; return how many."""
    with spool.taken(_folder(), now) as batches:
        return sum(_count(batch, now) for batch in batches)


def _count(batch: spool.Batch, now: datetime) -> int:
    """Add one batch exactly once, wherever a crash comes between commit and removal."""
    with transaction.atomic():
        _, is_new = CountedBatch.objects.get_or_create(name=batch.name, defaults={"counted": now})
        taps = _add(batch) if is_new else 0
    batch.remove()
    CountedBatch.objects.filter(counted__lt=now - FORGET_BATCHES).delete()
    return taps


def _add(batch: spool.Batch) -> int:
    counts = Counter((words[0], words[1]) for words in batch.events() if len(words) == 2)
    keys = {key for key, _ in counts}
    products = {p.key.hex: p for p in Product.objects.filter(key__in=_readable(keys))}
    added = 0
    for (key, place), taps in sorted(counts.items()):
        if key in products:  # a product that was deleted meanwhile has no counts any more
            row, _ = TapCount.objects.get_or_create(
                product=products[key], minute=batch.minute, place=place
            )
            TapCount.objects.filter(pk=row.pk).update(taps=F("taps") + taps)
            added += taps
    return added


def _readable(keys: set[str]) -> list[str]:
    """The keys that a cut line has not made unreadable."""
    return [key for key in keys if len(key) == 32 and set(key) <= set("0123456789abcdef")]


def _folder() -> Path:
    return Path(settings.SPOOL_FOLDER) / "taps"
