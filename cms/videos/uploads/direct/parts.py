"""How a file is cut into the parts of an S3 upload, and which of them are there. Pure."""

from collections.abc import Mapping
from typing import NamedTuple

MOST_PARTS = 10_000
"""What S3 joins to one object."""
SMALLEST = 5 * 2**20
"""Bytes that S3 wants of each part but the last; small, since a cut line costs the part."""
_STEP = 2**20


class Part(NamedTuple):
    """A part as the bucket has it."""

    etag: str
    size: int


def part_size(size: int) -> int:
    """Return the bytes of each part but the last, for a file of `size` bytes."""
    least = -(-size // MOST_PARTS)
    return max(SMALLEST, -(-least // _STEP) * _STEP)


def part_count(size: int, each: int) -> int:
    """Return how many parts of `each` bytes a file of `size` bytes has."""
    return -(-size // each)


def part_length(size: int, each: int, number: int) -> int:
    """Return the bytes of part `number`, which counts from 1; raise ValueError if there is none."""
    if not 1 <= number <= part_count(size, each):
        raise ValueError(f"a file of {size} bytes has no part {number}")
    return min(each, size - (number - 1) * each)


def whole(size: int, each: int, found: Mapping[int, Part]) -> list[int]:
    """Return the numbers of the parts that are there with all their bytes, in order."""
    numbers = range(1, part_count(size, each) + 1)
    return [n for n in numbers if n in found and found[n].size == part_length(size, each, n)]
