"""Rundowns as day files: what is written is read, and what is not whole is refused."""

import struct
from datetime import UTC, datetime
from operator import lt
from zlib import crc32

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from media_pipeline.model.rundown import Card, Entry, Rundown, encode_value
from media_pipeline.model.stored import (
    BrokenDay,
    Day,
    decode_stored,
    encode_index,
    joined,
    pack_day,
    split,
)
from media_pipeline.model.ticks import TIMESCALE, ticks_of

MIDNIGHT = ticks_of(datetime(2026, 11, 25, tzinfo=UTC))
HOUR = 3600 * TIMESCALE

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
cards = st.lists(
    st.builds(
        Card,
        id=texts,
        offset=st.integers(0, 10**12),
        duration=st.integers(1, 10**12),
        name=texts,
        price=texts,
        unit=texts,
        stall=texts,
        place=texts,
        link=texts,
    ),
    max_size=2,
).map(tuple)


@st.composite
def rundowns(draw: st.DrawFn, most: int = 30) -> Rundown:
    """Any rundown: entries of 1 tick to two days, odd texts, numbers of many years."""
    start = MIDNIGHT + draw(st.integers(-50 * HOUR, 50 * HOUR))
    msn, dsn = draw(st.integers(0, 2**33)), draw(st.integers(0, 2**33))
    entries = []
    lengths = st.integers(1, 48 * HOUR) | st.integers(1, TIMESCALE)
    for number, duration in enumerate(draw(st.lists(lengths, min_size=1, max_size=most))):
        entry = Entry(
            id=f"{draw(texts)}{number}",
            start=start,
            duration=duration,
            publication=draw(st.sampled_from(["a" * 32, "b" * 32])),
            count=draw(st.integers(1, 20_000)),
            msn=msn,
            dsn=dsn,
            kind=draw(st.sampled_from(["programme", "promotion", "filler", "slate"])),
            title=draw(texts),
            first=draw(st.integers(0, 2**31)),
            note=draw(texts),
            rating=draw(st.sampled_from(["SU", "R", ""])),
            programme=draw(texts),
            cards=draw(cards),
        )
        entries.append(entry)
        start, msn, dsn = entry.end, msn + entry.count, dsn + 1
    moment = datetime(2026, 11, 24, tzinfo=UTC)
    return Rundown("c", "C", "Asia/Jakarta", 3, moment, tuple(entries), slate="s" * 32)


def stored(rundown: Rundown):
    index, files = split(rundown)
    read = decode_stored(encode_index(index))
    return joined(read, lambda ref: Day(files[ref.name]))


@given(rundowns())
def test_a_rundown_comes_back_from_its_day_files(rundown) -> None:
    found = stored(rundown)
    assert found.whole() == rundown
    assert [found.entries[n] for n in range(len(rundown.entries))] == list(rundown.entries)
    assert found.entries[-1] == rundown.entries[-1]
    assert found.entries[1:-2] == rundown.entries[1:-2]
    assert (found.channel, found.name, found.version, found.slate) == ("c", "C", 3, "s" * 32)


@given(rundowns(), st.data())
def test_moments_and_numbers_are_found_as_among_values(rundown, data) -> None:
    entries, found = rundown.entries, stored(rundown).entries
    edges = [tick + d for e in entries for tick in (e.start, e.end) for d in (-1, 0, 1)]
    tick = data.draw(st.sampled_from(edges))
    assert found.place_at(tick) == sum(e.start <= tick for e in entries) - 1
    msn = data.draw(st.sampled_from([e.msn + d for e in entries for d in (-1, 0, e.count)]))
    assert found.place_of(msn) == sum(e.msn <= msn for e in entries) - 1
    first, last = sorted(data.draw(st.tuples(*[st.integers(0, len(entries))] * 2)))
    assert found.publications(first, last) == {e.publication for e in entries[first:last]}


@given(rundowns(), rundowns(8))
def test_days_that_an_edit_leaves_alone_keep_their_files(rundown, other) -> None:
    before, files = split(rundown)
    assert split(rundown) == (before, files)
    changed = msgspec.structs.replace(rundown, version=4, name=other.name, slate="t" * 32)
    assert split(changed)[1] == files
    cut = msgspec.structs.replace(rundown, entries=rundown.entries[: len(rundown.entries) // 2])
    if cut.entries:
        after, _ = split(cut)
        whole = [d for d in before.days if d.end <= cut.entries[-1].start]
        assert list(after.days[: len(whole)]) == whole


@given(rundowns(5), st.integers(0), st.integers(1, 255))
def test_a_day_with_one_byte_changed_is_refused(rundown, place, change) -> None:
    for data in split(rundown)[1].values():
        broken = bytearray(data)
        broken[place % len(data)] ^= change
        with pytest.raises(BrokenDay):
            Day(bytes(broken))


@given(rundowns(5), st.integers(0), st.binary(max_size=9))
def test_a_day_that_is_cut_short_or_longer_is_refused(rundown, length, more) -> None:
    for data in split(rundown)[1].values():
        with pytest.raises(BrokenDay):
            Day(data[: length % len(data)])
        if more:
            with pytest.raises(BrokenDay):
                Day(data + more)


def _with_columns(data: bytes, starts: list[int], msns: list[int]) -> bytes:
    """The day file `data` with other columns, and the checksum of those."""
    columns = struct.pack(f"={2 * len(starts)}q", *starts, *msns)
    changed = data[:48] + columns + data[48 + len(columns) :]
    return changed[:8] + struct.pack("=I", crc32(changed[12:])) + changed[12:]


ticks = st.integers(0, 5) | st.integers(0, 2**63 - 1)


@given(st.lists(st.tuples(ticks, ticks), min_size=1, max_size=6))
def test_a_day_whose_entries_are_not_in_order_is_refused(numbers) -> None:
    entries, start = [], MIDNIGHT
    for place in range(len(numbers)):
        entries.append(Entry(str(place), start, 1, "a" * 32, 1, place, place, "slate", ""))
        start += 1
    starts, msns = [start for start, _ in numbers], [msn for _, msn in numbers]
    data = _with_columns(pack_day(entries), starts, msns)
    if all(map(lt, starts, [*starts[1:], start])) and all(map(lt, msns, [*msns[1:], len(msns)])):
        assert [entry.start for entry in Day(data).entries()] == starts
    else:
        with pytest.raises(BrokenDay, match="order"):
            Day(data)


@given(st.binary(max_size=300))
def test_whatever_the_bytes_are_there_is_one_kind_of_error(data) -> None:
    with pytest.raises(BrokenDay):
        Day(data)
    try:
        decode_stored(data)
    except msgspec.DecodeError:
        return
    raise AssertionError


ENTRY = Entry("1", MIDNIGHT, HOUR, "a" * 32, 900, 0, 0, "programme", "Contoh")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"start": ENTRY.end + 1}, id="a gap"),
        pytest.param({"start": ENTRY.end - 1}, id="an overlap"),
        pytest.param({"msn": 901}, id="numbers that were never shown"),
        pytest.param({"msn": 899}, id="a number twice"),
        pytest.param({"dsn": 2}, id="a discontinuity left out"),
        pytest.param({"count": 0}, id="no segments"),
        pytest.param({"duration": 0}, id="no time"),
    ],
)
def test_a_fault_of_numbers_cannot_be_written(change) -> None:
    following = msgspec.structs.replace(ENTRY, id="2", start=ENTRY.end, msn=900, dsn=1)
    assert pack_day([ENTRY, following])
    with pytest.raises(ValueError, match="entry"):
        pack_day([ENTRY, msgspec.structs.replace(following, **change)])


def test_a_day_without_entries_is_no_file() -> None:
    with pytest.raises(ValueError, match="without entries"):
        pack_day([])


def three_days() -> Rundown:
    length = 20 * HOUR
    entries = tuple(
        msgspec.structs.replace(
            ENTRY, id=str(n), start=MIDNIGHT + n * length, duration=length, msn=n * 900, dsn=n
        )
        for n in range(4)
    )
    moment = datetime(2026, 11, 24, tzinfo=UTC)
    return Rundown("c", "C", "Asia/Jakarta", 1, moment, entries, slate="s" * 32)


def test_an_index_with_a_day_left_out_or_exchanged_is_refused() -> None:
    index, files = split(three_days())

    def day(ref) -> Day:
        return Day(files[ref.name])

    assert joined(index, day).whole() == three_days()
    gap = msgspec.structs.replace(index, days=(index.days[0], index.days[2]))
    with pytest.raises(BrokenDay, match="does not go on"):
        joined(gap, day)
    with pytest.raises(BrokenDay, match="not the one that the index means"):
        joined(index, lambda _: Day(files[index.days[0].name]))


def test_a_rundown_as_it_was_written_before_day_files_is_read() -> None:
    old = three_days()
    assert decode_stored(encode_value(old)) == old


@pytest.mark.parametrize("data", [b'{"format":3}', b'{"format":2}', b'{"format":"2"}', b"{}"])
def test_a_rundown_of_another_format_is_refused(data) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode_stored(data)
