"""Matroska files written anew with other clusters and cues (RFC 9559)."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

EBML, SEGMENT, SEEK_HEAD, INFO, TRACKS, CUES, CLUSTER = (
    0x1A45DFA3,
    0x18538067,
    0x114D9B74,
    0x1549A966,
    0x1654AE6B,
    0x1C53BB6B,
    0x1F43B675,
)
SEEK, SEEK_ID, SEEK_POSITION = 0x4DBB, 0x53AB, 0x53AC
CUE, CUE_TIME, CUE_TRACK, CUE_OF, CUE_CLUSTER = 0xBB, 0xB3, 0xB7, 0xF7, 0xF1
TIME, SIMPLE_BLOCK, GROUP, BLOCK = 0xE7, 0xA3, 0xA0, 0xA1
TRACK, NUMBER, TYPE = 0xAE, 0xD7, 0x83
VOID = 0xEC


def element(kind: int, body: bytes) -> bytes:
    """Return an element whose length takes eight bytes."""
    return kind.to_bytes((kind.bit_length() + 7) // 8) + (1 << 56 | len(body)).to_bytes(8) + body


def number(kind: int, value: int) -> bytes:
    """Return an element of an unsigned integer of eight bytes."""
    return element(kind, value.to_bytes(8))


def children(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield kind and body of the elements that `data` is."""
    at = 0
    while at < len(data):
        long = 9 - data[at].bit_length()
        kind, at = int.from_bytes(data[at : at + long]), at + long
        wide = 9 - data[at].bit_length()
        length = int.from_bytes(data[at : at + wide]) & ((1 << 7 * wide) - 1)
        yield kind, data[at + wide : at + wide + length]
        at += wide + length


class Packet(NamedTuple):
    """A block: milliseconds, whether it is a key frame of the picture, its element's kind and body."""

    time: int
    key: bool
    kind: int
    body: bytes


def rewoven(path: Path, into: Path, seconds: float, *, offset: float = 0) -> Path:
    """Write `path`, a file of ffmpeg's whose first track is the picture, to `into`.

    Its clusters begin every `seconds`, the second one `offset` earlier, wherever key frames
    are; each key frame has a cue.
    """
    parts = list(children(path.read_bytes()))
    inside = list(children(dict(parts)[SEGMENT]))
    packets = [p for kind, body in inside if kind == CLUSTER for p in _packets(body)]
    fixed = [element(kind, body) for kind, body in inside if kind in (INFO, TRACKS)]
    head = len(_seek_head(0)) + sum(map(len, fixed))
    clusters, cues = b"", b""
    for first, some in _clusters(packets, round(seconds * 1000), round(offset * 1000)):
        for packet in some:
            if packet.key:
                where = number(CUE_OF, 1) + number(CUE_CLUSTER, head + len(clusters))
                cues += element(CUE, number(CUE_TIME, packet.time) + element(CUE_TRACK, where))
        clusters += element(CLUSTER, number(TIME, first) + b"".join(_moved(first, p) for p in some))
    body = b"".join([_seek_head(head + len(clusters)), *fixed, clusters, element(CUES, cues)])
    into.write_bytes(element(EBML, dict(parts)[EBML]) + element(SEGMENT, body))
    return into


def _seek_head(cues: int) -> bytes:
    named = element(SEEK_ID, CUES.to_bytes(4)) + number(SEEK_POSITION, cues)
    return element(SEEK_HEAD, element(SEEK, named))


def _packets(cluster: bytes) -> Iterator[Packet]:
    inside = list(children(cluster))
    first = int.from_bytes(dict(inside)[TIME])
    for kind, body in inside:
        if kind in (SIMPLE_BLOCK, GROUP):
            block = body if kind == SIMPLE_BLOCK else dict(children(body))[BLOCK]
            key = kind == SIMPLE_BLOCK and block[0] == 0x81 and bool(block[3] & 0x80)
            yield Packet(first + int.from_bytes(block[1:3], signed=True), key, kind, body)


def _clusters(
    packets: list[Packet], length: int, offset: int
) -> Iterator[tuple[int, list[Packet]]]:
    some: dict[int, list[Packet]] = {}
    at = 0
    for packet in packets:
        at = max(at, (packet.time + offset) // length)  # packets stay in their order
        some.setdefault(at, []).append(packet)
    for which, inside in some.items():
        yield max(0, which * length - offset), inside


def _moved(first: int, packet: Packet) -> bytes:
    """Return the element of `packet` in a cluster that begins at `first`."""
    time = (packet.time - first).to_bytes(2, signed=True)
    if packet.kind == SIMPLE_BLOCK:
        return element(SIMPLE_BLOCK, packet.body[:1] + time + packet.body[3:])
    return element(
        GROUP,
        b"".join(
            element(kind, body[:1] + time + body[3:] if kind == BLOCK else body)
            for kind, body in children(packet.body)
        ),
    )
