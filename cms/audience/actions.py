"""Noting taps and counting them."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db.models import F

from cms.audience import spool
from cms.audience.batches import do_count_once
from cms.audience.hours import Totals, do_add_hours
from cms.audience.models import TapCount
from cms.audience.networks import Limit, do_use, read, written
from cms.audience.on_air import Claim, known_until, proven
from cms.audience.places import is_on_air
from cms.traders.models import FeaturedSegment, Product

_WORDS = 4
"""Of a line: product, place, card, network. One that a full disk cut short has fewer."""


def do_note_tap(
    product: Product, place: str, segment: str, network: Iterable[Limit], now: datetime
) -> None:
    """Append one tap to the spool; raises OSError when the disk does not take it.

    `segment` is the key (hex) of the segment whose card was tapped, "" for a tile of a page;
    `network` is where it came from (`networks.hidden`).
    """
    words = (product.key.hex, place, segment or product.key.hex, written(network))
    spool.append(_folder(), words, now)
    if segment and is_on_air(place):
        spool.append(_on_air_folder(), words, now)


def do_roll_up(now: datetime) -> int:
    """Add the spooled taps of all minutes that are over to the counts; return how many.

    Those on a channel's cards count for the product at once, and for the segment when journals
    say whether it was on air.
    """
    with spool.taken(_folder(), now) as batches:
        added = sum(do_count_once(batch, partial(_add, batch), now) for batch in batches)
    with spool.taken(_on_air_folder(), known_until(now)) as batches:
        for batch in batches:
            do_count_once(batch, partial(_add_on_air, batch), now)
    return added


def _add(batch: spool.Batch) -> int:
    counts = _counted(batch)
    products = {p.key.hex: p for p in Product.objects.filter(key__in=_readable(counts))}
    owners = _owners(products)
    hours = _Hours()
    added = 0
    for (key, place, of), taps in sorted(counts.items()):
        if key not in products:  # a product that was deleted meanwhile has no counts any more
            continue
        row, _ = TapCount.objects.get_or_create(
            product=products[key], minute=batch.minute, place=place
        )
        TapCount.objects.filter(pk=row.pk).update(taps=F("taps") + taps)
        added += taps
        if of == key or not is_on_air(place):
            hours.plus(of if owners.get(of) == Owner(key, place) else key, place, taps)
    do_add_hours(batch.minute, hours.totals)
    return added


def _add_on_air(batch: spool.Batch) -> int:
    """Count each tap for its segment where that was on air, and for the product where not."""
    counts = _counted(batch)
    keys = _readable(counts)
    there = Product.objects.filter(key__in=keys)
    products = {key.hex for key in there.values_list("key", flat=True)}
    owners = _owners(products)
    own = {
        (key, place, of): Claim(UUID(of), place)
        for key, place, of in counts
        if of in owners and owners[of].product == key
    }
    shown = proven(own.values(), batch.minute)
    hours = _Hours()
    for tap, taps in sorted(counts.items()):
        key, place, of = tap
        if key in products:
            hours.plus(of if own.get(tap) in shown else key, place, taps)
    do_add_hours(batch.minute, hours.totals)
    return 0


class Owner(NamedTuple):
    """The product of a segment, by key, and the page on which its card is."""

    product: str
    page: str


class _Hours:
    """Taps by card and place."""

    def __init__(self) -> None:
        self.totals: dict[tuple[UUID, str], Totals] = {}

    def plus(self, key: str, place: str, taps: int) -> None:
        """Add `taps` on the card `key`."""
        card = UUID(key), place
        self.totals[card] = self.totals.get(card, Totals()).plus(taps=taps)


def _counted(batch: spool.Batch) -> Counter[tuple[str, str, str]]:
    """How often each card was tapped at each place, what is too much for one network left out."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for words in batch.events():
        if len(words) != _WORDS:
            continue
        key, place, of, network = words
        if do_use(read(network), f"{batch.path.parent.name} {key}", batch.minute):
            counts[key, place, of] += 1
    return counts


def _owners(products: Iterable[str]) -> dict[str, Owner]:
    """Of which product each segment is, by key: an address may name any."""
    rows = FeaturedSegment.objects.filter(product__key__in=products)
    told = rows.values_list("key", "product__key", "video__key")
    return {key.hex: Owner(of.hex, f"video-{video.hex}") for key, of, video in told}


def _readable(lines: Iterable[tuple[str, ...]]) -> list[str]:
    """The keys that a cut line has not made unreadable."""
    keys = {words[0] for words in lines}
    return [key for key in keys if len(key) == 32 and set(key) <= set("0123456789abcdef")]


def _folder() -> Path:
    return Path(settings.SPOOL_FOLDER) / "taps"


def _on_air_folder() -> Path:
    return Path(settings.SPOOL_FOLDER) / "taps-on-air"
