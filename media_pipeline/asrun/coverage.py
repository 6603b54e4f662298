"""What the journals of all origins say together: for each entry, when it was on air.

It is a union: the order of journals, a line that is read twice and a second origin
that says the same change nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import msgspec

from media_pipeline.asrun.lines import Lack, Line
from media_pipeline.asrun.spans import Spans, common, union
from media_pipeline.model.entry_ids import part_of
from media_pipeline.model.reading import decoded

RELAY = ""
"""Stands for whatever a channel took from its parent."""

Seen = tuple[str, Lack]
"""An entry, and why nobody saw it; "" where it was seen."""

Coverage = Mapping[Seen, Spans]


def coverage_of(lines: Iterable[Line]) -> Coverage:
    """Return what `lines`, all of one channel, say."""
    found: dict[Seen, list[tuple[int, int]]] = defaultdict(list)
    for line in lines:
        entry = RELAY if line.relay else part_of(line.entry)
        found[entry, line.lack].append((line.start, line.end))
    return {seen: union(spans) for seen, spans in found.items()}


def together(*many: Coverage) -> Coverage:
    """Return what all of `many` say."""
    found: dict[Seen, list[Spans]] = defaultdict(list)
    for each in many:
        for seen, spans in each.items():
            found[seen].append(spans)
    return {seen: union(*spans) for seen, spans in found.items()}


def within(coverage: Coverage, start: int, end: int) -> Coverage:
    """Return what it says of the ticks [start, end)."""
    clipped = {seen: common(spans, ((start, end),)) for seen, spans in coverage.items()}
    return {seen: spans for seen, spans in clipped.items() if spans}


def encode_coverage(coverage: Coverage) -> bytes:
    """Return `coverage` as bytes; the same for the same."""
    return msgspec.json.encode([(*seen, spans) for seen, spans in sorted(coverage.items())])


def decode_coverage(data: bytes) -> Coverage:
    """Return what `encode_coverage` wrote; raise msgspec.DecodeError for what it did not."""
    rows = decoded(data, list[tuple[str, Lack, Spans]])
    return {(entry, lack): spans for entry, lack, spans in rows}
