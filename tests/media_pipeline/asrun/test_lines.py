"""An origin's object of a minute: written, and read whatever became of it."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media_pipeline.asrun import (
    Line,
    coverage_of,
    decode_coverage,
    decode_minute,
    encode_coverage,
    encode_minute,
    lines,
    together,
    within,
)
from media_pipeline.model.ticks import TIMESCALE

START = 1_000_000 * 60 * TIMESCALE


def line(first: float, last: float, entry: str = "a", **more) -> Line:
    begin, end = (START + round(second * TIMESCALE) for second in (first, last))
    return Line("contoh", entry, "p" * 32, 4, begin, end, **more)


LINES = [line(-4, 12), line(12, 58, "b", lack="taken_down"), line(0, 58, "", relay=True)]


def test_what_is_written_is_read():
    read = decode_minute(encode_minute(LINES), START)
    assert (list(read.lines), read.faulty) == (LINES, 0)


@pytest.mark.parametrize(
    "garbage",
    [
        b"{}\n",
        b"null\n",
        b"\xff\xfe\n",
        b"[" * 2000 + b"\n",
        b'{"channel":"c","entry":"e","publication":"","version":1,"start":"x","end":2}\n',
        gzip.decompress(encode_minute([line(5, 5)])),
        gzip.decompress(encode_minute([line(9, 5)])),
        gzip.decompress(encode_minute([line(0, 3600)])),
        gzip.decompress(encode_minute([line(-3600, -3590)])),
    ],
)
def test_what_is_no_line_of_this_minute_is_counted_and_passed_over(garbage):
    whole = gzip.decompress(encode_minute(LINES))
    read = decode_minute(gzip.compress(whole + garbage + whole), START)
    assert (list(read.lines), read.faulty) == (LINES * 2, 1)


def test_of_an_object_that_is_cut_short_what_is_there_counts():
    many = [line(n / 100, (n + 1) / 100, f"entry-{n * 7919}") for n in range(5000)]
    data = encode_minute(many)
    read = decode_minute(data[: len(data) // 2], START)
    assert read.faulty == 1
    assert 0 < len(read.lines) < 5000
    assert list(read.lines) == many[: len(read.lines)]


@given(st.binary(max_size=200))
def test_any_bytes_are_read(data):
    assert decode_minute(data, START).lines == ()


def test_a_bomb_is_not_unpacked_whole(monkeypatch):
    monkeypatch.setattr(lines, "LARGEST", 1000)
    text = gzip.decompress(encode_minute([line(0, 1)]))
    read = decode_minute(gzip.compress(text * 1000), START)
    assert read.faulty == 1
    assert 0 < len(read.lines) <= 1000 // len(text)


@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(1, 9), st.sampled_from("abc"))))
def test_coverage_comes_back_as_it_was_and_its_parts_are_the_whole(found):
    whole = coverage_of(line(at, at + long, entry) for at, long, entry in found)
    assert decode_coverage(encode_coverage(whole)) == whole
    parts = [
        within(whole, START + a * TIMESCALE, START + (a + 20) * TIMESCALE)
        for a in (-60, -40, -20, 0, 20, 40)
    ]
    assert together(*parts) == whole
    assert together(whole, whole) == whole
