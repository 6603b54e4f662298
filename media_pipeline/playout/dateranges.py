"""What plays and which product is shown, as EXT-X-DATERANGE that any player reads."""

from collections.abc import Iterable, Iterator

from media_pipeline.manifests import hls_tags as tag
from media_pipeline.manifests.hls_tags import Value
from media_pipeline.model.notice import Notice
from media_pipeline.model.rundown import Card, Entry
from media_pipeline.model.ticks import TIMESCALE, moment_of

PROGRAMME = "id.siar.programme"
CARD = "id.siar.card"
NOTICE = "id.siar.notice"


def programme(entry: Entry, first: int, last: int) -> Iterator[str]:
    """The entry itself, as far as it lies in the ticks [first, last)."""
    details: dict[str, Value] = {
        "X-TITLE": entry.title,
        "X-KIND": entry.kind,
        "X-RATING": entry.rating,
        **({"X-PROGRAMME": entry.programme} if entry.programme else {}),
    }
    yield from _range(entry.id, PROGRAMME, (entry.start, entry.end), (first, last), details)


def cards(
    shown: Iterable[Card], zero: int, bounds: tuple[int, int], *, of: str = ""
) -> Iterator[str]:
    """The cards of a publication whose tick 0 is at `zero`, as far as they lie in `bounds`.

    `of` goes before their ids: an item may stand in a playlist twice.
    """
    for card in shown:
        span = (zero + card.offset, zero + card.offset + card.duration)
        yield from _range(of + card.id, CARD, span, bounds, _card(card))


def notices(shown: Iterable[Notice], first: int, last: int) -> Iterator[str]:
    """The sentences over the picture that have begun before the tick `last`, from `first` on."""
    for notice in shown:
        if notice.start < last:
            span = (notice.start, notice.end)
            name = f"notice-{notice.id}"
            yield from _range(name, NOTICE, span, (first, notice.end), {"X-TEXT": notice.line})


def _card(card: Card) -> dict[str, Value]:
    return {
        "X-NAME": card.name,
        "X-PRICE": card.price,
        "X-UNIT": card.unit,
        "X-STALL": card.stall,
        "X-PLACE": card.place,
        "X-LINK": card.link,
        **({"X-IMAGE": card.image} if card.image else {}),
        "X-LABEL": card.label,
    }


def _range(
    name: str,
    kind: str,
    span: tuple[int, int],
    bounds: tuple[int, int],
    details: dict[str, Value],
) -> Iterator[str]:
    # Players drop a range that begins before the first segment they know: it is clamped.
    start, end = max(span[0], bounds[0]), min(span[1], bounds[1])
    if start >= end:
        return
    yield tag.daterange(
        {
            "ID": name,
            "CLASS": kind,
            "START-DATE": tag.instant(moment_of(start)),
            "DURATION": (end - start) / TIMESCALE,
            **details,
        }
    )
