"""Names of codecs from their configuration (RFC 6381), and key frames from their bytes."""

from media_pipeline.verify.findings import Damaged
from media_pipeline.verify.reading.boxes import Box, Reader


def codec_of(entry: str, inside: list[Box]) -> tuple[str, int]:
    """Return the name of the codec, and how many bytes tell the length of a NAL unit (0: none)."""
    if entry in ("avc1", "avc3"):
        reader = _box(inside, "avcC").reader()
        reader.take(1)
        name = f"{entry}.{reader.take(3).hex()}"
        return name, (reader.number(1) & 3) + 1
    if entry == "av01":
        return f"av01.{_av1(_box(inside, 'av1C').reader())}", 0
    if entry == "mp4a":
        return f"mp4a.40.{_aac(_box(inside, 'esds'))}", 0
    if entry == "Opus":
        _box(inside, "dOps")
        return "opus", 0
    raise Damaged(f"nothing is known of samples called {entry!r}", "stsd")


def _box(inside: list[Box], kind: str) -> Box:
    found = next((box for box in inside if box.kind == kind), None)
    if found is None:
        raise Damaged(f"there is no {kind} box", "stsd")
    return found


def _av1(reader: Reader) -> str:
    """Profile, level, tier and bits (AV1 in ISOBMFF, 2.3.3 and 5)."""
    reader.take(1)
    profile = reader.number(1)
    bits = reader.number(1)
    tier = "H" if bits & 0x80 else "M"
    depth = (12 if bits & 0x20 else 10) if bits & 0x40 else 8
    return f"{profile >> 5}.{profile & 31:02}{tier}.{depth:02}"


def _aac(esds: Box) -> int:
    """Return the audio object type (ISO/IEC 14496-1, 7.2.6; 14496-3, 1.6.2.1)."""
    _, _, reader = esds.full()
    if _tag(reader) != 3:
        raise Damaged("there is no ES descriptor", "esds")
    reader.take(3)
    if _tag(reader) != 4 or reader.number(1) != 0x40:
        raise Damaged("its sound is not MPEG-4", "esds")
    reader.take(12)
    if _tag(reader) != 5:
        raise Damaged("there is no decoder description", "esds")
    bits = reader.number(2)
    kind = bits >> 11
    return kind if kind != 31 else 32 + (bits >> 5 & 0x3F)


def _tag(reader: Reader) -> int:
    """Return the next descriptor's tag, and step over its length."""
    tag = reader.number(1)
    while reader.number(1) & 0x80:
        pass
    return tag


def is_key_frame(codec: str, length_size: int, data: bytes) -> bool:
    """Say whether the bytes of a picture are one that needs no other."""
    if codec.startswith("avc"):
        return _has_idr(length_size, data)
    if codec.startswith("av01"):
        # A sequence header stands before every AV1 key frame (AV1 in ISOBMFF, 2.4).
        return any(kind == 1 for kind in _obus(data))
    return True


def _has_idr(length_size: int, data: bytes) -> bool:
    """Say whether the first coded slice is of an IDR picture (ISO/IEC 14496-10, 7.4.1)."""
    reader = Reader(data, "mdat")
    left = len(data)
    while left > length_size:
        size = reader.number(length_size)
        unit = reader.take(size)
        kind = unit[0] & 31 if unit else 0
        if 1 <= kind <= 5:
            return kind == 5
        left -= length_size + size
    return False


def _obus(data: bytes) -> list[int]:
    """Return the kinds of the open bitstream units (AV1, 5.3) in `data`."""
    kinds: list[int] = []
    at = 0
    while at < len(data):
        head = data[at]
        kinds.append(head >> 3 & 15)
        at += 2 if head & 4 else 1
        if not head & 2:  # without a size it is the last
            break
        size = shift = 0
        while at < len(data):
            size |= (data[at] & 0x7F) << shift
            shift += 7
            at += 1
            if not data[at - 1] & 0x80:
                break
        at += size
    return kinds
