"""For any history and any fault: what must hold of as-run."""

from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media_pipeline.asrun import Line, Written, judging
from media_pipeline.asrun.airing import Airing
from media_pipeline.asrun.spans import common, length, union, without
from media_pipeline.model.rundown import Entry
from media_pipeline.model.spans import united
from tests.media_pipeline.asrun.made import LONG, ZERO, chain, judge, line, written

MARGIN = 12
RANK = {"missed": 0, "cut": 1, "aired": 2}
KINDS = ("programme", "promotion", "azan", "filler", "slate")


@dataclass
class Case:
    """Versions of a rundown, lines of journals, and some of them that come later."""

    versions: list[Written]
    lines: list[Line]
    late: list[Line]
    complete: float


def second(moment: int) -> float:
    return (moment - ZERO) / 90_000


@st.composite
def entries(draw: st.DrawFn, names: str, start: float) -> list[Entry]:
    """Entries end to end, of ids that versions share."""
    parts = draw(
        st.lists(
            st.tuples(st.sampled_from(names), st.integers(1, 900), st.sampled_from(KINDS)),
            min_size=1,
            max_size=6,
            unique_by=lambda part: part[0],
        )
    )
    return chain(*((f"{kind}-{name}", length, kind) for name, length, kind in parts), start=start)


@st.composite
def histories(draw: st.DrawFn) -> list[Written]:
    """Versions of which each keeps what was frozen when it was written."""
    start = draw(st.integers(-600, 3600))
    versions = [written(1, start - draw(st.integers(64, 100_000)), draw(entries("abcdef", start)))]
    at = second(versions[0].written)
    for version in range(2, 2 + draw(st.integers(0, 4))):
        at = draw(st.integers(round(at), start + 4000))
        before = list(versions[-1].entries)
        kept = [e for e in before if second(e.start) < at + MARGIN]
        begins = second(kept[-1].end) if kept else second(before[0].start)
        known = {e.id for e in kept}
        more = [e for e in draw(entries("abcdefgh", begins)) if e.id not in known]
        more = chain(*((e.id, e.duration / 90_000, e.kind) for e in more), start=begins)
        versions.append(written(version, at, [*kept, *more]))
    return versions


@st.composite
def journals(draw: st.DrawFn, versions: list[Written]) -> list[Line]:
    """Lines of what some version has, or of nothing that any has."""
    found = []
    every = [e for version in versions for e in version.entries]
    for _ in range(draw(st.integers(0, 8))):
        of = draw(st.sampled_from(every))
        begin, end = sorted(draw(st.tuples(st.integers(0, 100), st.integers(0, 100))))
        spread = second(of.end) - second(of.start)
        moved = draw(st.sampled_from((0, 0, 0, -30, 400)))
        first, last = (second(of.start) + spread * part / 100 + moved for part in (begin, end))
        if first < last:
            lack = draw(st.sampled_from(("", "", "", "taken_down", "unreadable")))
            name = draw(st.sampled_from((of.id, of.id, of.id, "stranger")))
            found.append(line(name, first, last, lack=lack))
    return found


@st.composite
def cases(draw: st.DrawFn) -> Case:
    versions = draw(histories())
    lines, late = draw(journals(versions)), draw(journals(versions))
    return Case(versions, lines, late, draw(st.sampled_from((LONG, 2000, 4000))))


def told(case: Case, lines: list[Line]) -> dict[str, Airing]:
    return judge(case.versions, lines, complete=case.complete)


@given(cases())
def test_each_entry_is_aired_cut_or_missed_within_what_was_promised_and_the_clock(case):
    found = told(case, case.lines)
    for airing in found.values():
        assert 0 <= airing.shown <= airing.promised
        assert (airing.status == "missed") == (airing.shown == 0)
        assert airing.shown <= length(airing.pieces)
        assert (airing.why == "") == (airing.status == "aired")
    pieces = [piece for airing in found.values() for piece in airing.pieces]
    # No moment counts twice, whoever else was on air then.
    assert length(pieces) == length(union(pieces))


@given(cases(), st.randoms())
def test_the_order_of_journals_and_how_often_they_are_read_change_nothing(case, random):
    lines = [*case.lines, *case.lines]
    random.shuffle(lines)
    assert told(case, lines) == told(case, case.lines)


@given(cases(), st.integers(1, 99))
def test_lines_of_any_length_say_the_same(case, share):
    halves = []
    for each in case.lines:
        middle = each.start + (each.end - each.start) * share // 100
        name, lack = each.entry, each.lack
        halves += [
            line(name, second(a), second(b), lack=lack)
            for a, b in ((each.start, middle), (middle, each.end))
            if a < b
        ]
    assert told(case, halves) == told(case, case.lines)


@given(cases())
def test_a_journal_that_comes_late_only_ever_moves_missed_to_cut_to_aired(case):
    with pytest.MonkeyPatch.context() as patch:
        # What only a hole between two moments counts for, it may say otherwise of.
        patch.setattr(judging, "HOLE", 0)
        before, after = told(case, case.lines), told(case, [*case.lines, *case.late])
    assert before.keys() == after.keys()
    for entry, airing in before.items():
        assert RANK[after[entry].status] >= RANK[airing.status]
        assert after[entry].shown >= airing.shown
        assert after[entry].promised == airing.promised


@given(cases())
def test_what_was_on_air_is_never_missed_by_a_journal_that_comes_late(case):
    before, after = told(case, case.lines), told(case, [*case.lines, *case.late])
    for entry, airing in before.items():
        assert (after[entry].status == "missed") <= (airing.status == "missed")


@given(cases())
def test_time_that_passes_only_adds_to_what_is_known(case):
    early = judge(case.versions, case.lines, complete=2000)
    late = judge(case.versions, case.lines, complete=LONG)
    wished = {n: a for n, a in early.items() if a.kind not in ("filler", "slate")}
    assert wished.items() <= late.items()


@given(histories())
def test_an_origin_that_was_always_on_leaves_only_what_the_plan_took(versions):
    newest = versions[-1].entries
    lines = [line(e.id, second(e.start), second(e.end)) for v in versions for e in v.entries]
    for airing in judge(versions, lines).values():
        assert airing.why in ("", "azan", "edited")
        if airing.entry in {e.id for e in newest} and airing.status == "missed":
            raise AssertionError(airing)


stretches = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda pair: tuple(sorted(pair)))
)


@given(stretches, stretches, st.integers(0, 9))
def test_sets_of_moments_are_sets_of_moments(some, more, hole):
    one, other = union(some), union(more)
    moments = [{n for a, b in spans for n in range(a, b)} for spans in (some, more)]
    found = (union(some, more), common(one, other), without(one, other))
    meant = (moments[0] | moments[1], moments[0] & moments[1], moments[0] - moments[1])
    assert [{n for a, b in spans for n in range(a, b)} for spans in found] == list(meant)
    wide = united(one, hole)
    assert length(wide) >= length(one)
    assert all(b[0] - a[1] > hole for a, b in pairwise(wide))
