"""Sets of moments: stretches [start, end) of ticks, ascending, none touching the next."""

from collections.abc import Iterable, Sequence

from media_pipeline.model.spans import Span, united

Spans = tuple[Span, ...]


def union(*many: Iterable[Span]) -> Spans:
    """What is in any of `many`; stretches without length are left out."""
    return united(span for spans in many for span in spans)


def common(one: Sequence[Span], other: Sequence[Span]) -> Spans:
    """What is in both."""
    found: list[Span] = []
    a = b = 0
    while a < len(one) and b < len(other):
        start, end = max(one[a][0], other[b][0]), min(one[a][1], other[b][1])
        if start < end:
            found.append((start, end))
        if one[a][1] < other[b][1]:
            a += 1
        else:
            b += 1
    return tuple(found)


def without(one: Sequence[Span], other: Sequence[Span]) -> Spans:
    """What is in `one` and not in `other`."""
    if not one:
        return ()
    begin, finish = one[0][0], one[-1][1]
    edges = [begin, *(edge for span in other for edge in span), finish]
    outside = [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b]
    return common(one, outside)


def length(spans: Iterable[Span]) -> int:
    """How many ticks they are together."""
    return sum(end - start for start, end in spans)
