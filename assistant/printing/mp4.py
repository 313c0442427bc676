"""Boxes of an MP4 file (ISO/IEC 14496-12): found, read, put together again. No codec is needed."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

CONTAINERS = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl", b"udta"})


@dataclass(frozen=True, slots=True)
class Box:
    """A box of a file: its kind, and where it starts, where its body starts, where it ends."""

    kind: bytes
    start: int
    body: int
    end: int


def boxes(data: bytes, start: int = 0, end: int | None = None) -> Iterator[Box]:
    """The boxes of a stretch, in order. Raises ValueError where they do not fit into it."""
    at, last = start, len(data) if end is None else end
    while at < last:
        if at + 8 > last:
            if not data[at:last].strip(b"\0"):
                return  # QuickTime ends a list of boxes with four zero bytes
            raise ValueError("not an MP4 file: a box is cut off")
        size, kind = struct.unpack_from(">I4s", data, at)
        body = at + 8
        if size == 1 and at + 16 <= last:
            size, body = struct.unpack_from(">Q", data, body)[0], at + 16
        stop = last if size == 0 else at + size
        if stop < body or stop > last:
            raise ValueError("not an MP4 file: a box is longer than what holds it")
        yield Box(kind, at, body, stop)
        at = stop


def inside(data: bytes, box: Box, *path: bytes) -> Box | None:
    """The first box at a path below another; None where there is none."""
    for kind in path:
        found = next((one for one in boxes(data, box.body, box.end) if one.kind == kind), None)
        if found is None:
            return None
        box = found
    return box


def top(data: bytes, kind: bytes) -> Box | None:
    """The first box of a kind at the top of a file."""
    return next((one for one in boxes(data) if one.kind == kind), None)


def made(kind: bytes, *parts: bytes) -> bytes:
    """A box of parts."""
    body = b"".join(parts)
    return struct.pack(">I4s", len(body) + 8, kind) + body


def shifted(moov: bytes, by: int) -> bytes:
    """The bytes of a `moov` box whose chunks lie further behind by so many bytes."""
    found = bytearray(moov)
    for table in _offsets(moov, next(boxes(moov))):
        form = ">I" if table.kind == b"stco" else ">Q"
        size = struct.calcsize(form)
        (count,) = struct.unpack_from(">I", moov, table.body + 4)
        for place in range(table.body + 8, table.body + 8 + count * size, size):
            (offset,) = struct.unpack_from(form, moov, place)
            struct.pack_into(form, found, place, offset + by)
    return bytes(found)


def _offsets(data: bytes, box: Box) -> Iterator[Box]:
    for one in boxes(data, box.body, box.end):
        if one.kind in (b"stco", b"co64"):
            yield one
        elif one.kind in CONTAINERS and one.kind != b"udta":
            yield from _offsets(data, one)
