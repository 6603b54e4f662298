"""Boxes of the ISO base media file format (ISO/IEC 14496-12, 4.2), read strictly."""

from collections.abc import Iterator

from media_pipeline.verify.findings import Damaged


class Reader:
    """Bytes that are taken from the front; running out is Damaged."""

    def __init__(self, data: bytes, place: str) -> None:
        self._data, self._at, self._place = data, 0, place

    def take(self, count: int) -> bytes:
        """Return the next `count` bytes."""
        if count < 0 or self._at + count > len(self._data):
            raise Damaged("the box ends before what it has to hold", self._place)
        self._at += count
        return self._data[self._at - count : self._at]

    def number(self, width: int, *, signed: bool = False) -> int:
        """Return the next `width` bytes as a number."""
        return int.from_bytes(self.take(width), signed=signed)

    def rest(self) -> bytes:
        """Return all that is left."""
        return self.take(len(self._data) - self._at)


class Box:
    """One box: its four letters, its offset in the file, its header's length and its body."""

    def __init__(self, kind: str, offset: int, header: int, body: bytes) -> None:
        self.kind, self.offset, self.header, self.body = kind, offset, header, body

    @property
    def end(self) -> int:
        """Where the next box starts."""
        return self.offset + self.header + len(self.body)

    def reader(self) -> Reader:
        """Return a reader of the body."""
        return Reader(self.body, self.kind)

    def full(self) -> tuple[int, int, Reader]:
        """Return version, flags and a reader of what follows (4.2, FullBox)."""
        reader = self.reader()
        return reader.number(1), reader.number(3), reader

    def children(self, skip: int = 0) -> list["Box"]:
        """Return the boxes inside, after `skip` bytes."""
        return list(boxes(self.body[skip:], self.offset + self.header + skip))

    def find(self, *path: str) -> "Box | None":
        """Return the first box at `path`, or None."""
        box: Box | None = self
        for kind in path:
            box = next((b for b in box.children() if b.kind == kind), None) if box else None
        return box

    def need(self, *path: str) -> "Box":
        """Return the first box at `path`; raise Damaged without."""
        found = self.find(*path)
        if found is None:
            raise Damaged(f"there is no {path[-1]} box", "/".join((self.kind, *path[:-1])))
        return found


def boxes(data: bytes, offset: int = 0) -> Iterator[Box]:
    """Yield the boxes that fill `data`, whose first byte is at `offset` of its file."""
    at = 0
    while at < len(data):
        head = Reader(data[at : at + 16], f"byte {offset + at}")
        size, kind = head.number(4), head.take(4).decode("latin-1")
        header = 8
        if size == 1:
            size, header = head.number(8), 16
        if size == 0:  # to the end of the file
            size = len(data) - at
        if size < header or at + size > len(data):
            raise Damaged(f"a {kind!r} box claims {size} bytes", f"byte {offset + at}")
        yield Box(kind, offset + at, header, data[at + header : at + size])
        at += size
