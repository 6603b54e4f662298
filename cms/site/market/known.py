"""Which words are known, and which of them was perhaps meant by one that found nothing."""

import re
import threading
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches
from typing import Any

from django.db.models import Count, Max, QuerySet, Sum
from django.db.models.functions import Length

from cms.articles import queries as articles
from cms.cooperatives.models import Cooperative, Region
from cms.site.queries import terms_of
from cms.traders.models import Commodity, Product, Stall
from cms.videos.models import Video

NEAR = 0.75
"""How alike two words must be: "cabia" is near "cabai", "batu" is not near "batik"."""
KNOWN = 3000
"""Names of each kind that are compared with a word that was not found."""
ALIKE = 100
"""Known words, those with the most pairs of letters in common, that are compared by `NEAR`."""
SHORTEST = 4
LONGEST_KEPT = timedelta(minutes=1)
"""As long as pages may be kept (`caching.kept`): a new name of the same length is seen by then."""

Stamp = tuple[tuple[Any, ...], ...]
Source = tuple[QuerySet[Any], tuple[str, ...]]
"""Rows, and the fields of theirs that names are taken of."""


class Vocabulary:
    """Words by the pairs of letters in them, so that few are compared with one asked for."""

    def __init__(self, text: str) -> None:
        found = re.findall(r"\w+", text.casefold())
        self.words = {word for word in found if len(word) >= SHORTEST}
        self._by_pair: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self.words):
            for pair in _pairs(word):
                self._by_pair[pair].append(word)

    def nearest(self, word: str) -> str:
        """Return the known word that is most like `word`, itself if none is near."""
        if word in self.words or len(word) < SHORTEST:
            return word
        shared = Counter(each for pair in _pairs(word) for each in self._by_pair.get(pair, ()))
        alike = [each for each, _count in shared.most_common(ALIKE)]
        return next(iter(get_close_matches(word, alike, n=1, cutoff=NEAR)), word)


@dataclass(frozen=True)
class _Kept:
    stamp: Stamp
    since: datetime
    vocabulary: Vocabulary


_kept: dict[tuple[str, ...], _Kept] = {}
_lock = threading.Lock()


def meant(question: str, now: datetime, *, beside_goods: bool = False) -> str:
    """Return the question with the nearest known words in it; "" where none is near.

    Known are names of the directory, `beside_goods` also titles of videos and articles.
    """
    asked = terms_of(question.casefold())
    if not asked:
        return ""
    known = _vocabulary(_sources(beside_goods=beside_goods), now)
    guess = [known.nearest(word) for word in asked]
    return " ".join(guess) if guess != asked else ""


def _sources(*, beside_goods: bool) -> dict[str, Source]:
    goods: dict[str, Source] = {
        "commodity": (Commodity.objects.all(), ("name", "other_names")),
        "cooperative": (Cooperative.objects.exclude(market=""), ("market", "city")),
        "region": (Region.objects.all(), ("name",)),
        "stall": (Stall.objects.public(), ("name",)),
        "product": (Product.objects.public(), ("name",)),
    }
    if not beside_goods:
        return goods
    titles: dict[str, Source] = {
        "video": (Video.objects.public(), ("title",)),
        "article": (articles.public(), ("title",)),
    }
    return goods | titles


def _vocabulary(sources: dict[str, Source], now: datetime) -> Vocabulary:
    """Return the words of `sources`, read anew where their stamp is another one."""
    name, stamp = tuple(sources), tuple(_stamp(*source) for source in sources.values())
    with _lock:
        kept = _kept.get(name)
    if kept and kept.stamp == stamp and abs(now - kept.since) < LONGEST_KEPT:
        return kept.vocabulary
    rows = [row for rows, fields in sources.values() for row in rows.values_list(*fields)[:KNOWN]]
    made = Vocabulary(" ".join(text for row in rows for text in row))
    with _lock:
        _kept[name] = _Kept(stamp, now, made)
    return made


def _stamp(rows: QuerySet[Any], fields: tuple[str, ...]) -> tuple[Any, ...]:
    """How many rows there are, the newest of them, and how many letters their names have."""
    letters = {f"letters_{name}": Sum(Length(name)) for name in fields}
    found = rows.order_by().aggregate(count=Count("pk"), newest=Max("pk"), **letters)
    return tuple(found.values())


def _pairs(word: str) -> set[str]:
    padded = f" {word} "
    return {padded[at : at + 2] for at in range(len(padded) - 1)}
