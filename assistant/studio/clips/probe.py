"""What an MP4 file is, read from its boxes: length, tracks, codecs, size. Needs no ffprobe."""

import struct
from dataclasses import dataclass

from assistant.printing.mp4 import Box, boxes, inside, top


@dataclass(frozen=True, slots=True)
class Track:
    """`kind` is vide or soun, `codec` the sample entry (avc1, mp4a); 0 × 0 for sound."""

    kind: str
    codec: str
    seconds: float
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Probed:
    """`seconds` is that of the longest: the header's or any track's."""

    seconds: float
    tracks: tuple[Track, ...]


def probed(data: bytes) -> Probed:
    """Read a file. Raises ValueError for what is no MP4 file or breaks off."""
    moov = top(data, b"moov")
    header = inside(data, moov, b"mvhd") if moov else None
    if moov is None or header is None:
        raise ValueError("not an MP4 file: no header")
    try:
        found = [one for one in boxes(data, moov.body, moov.end) if one.kind == b"trak"]
        tracks = tuple(_track(data, one) for one in found)
        seconds = _seconds(data, header)
    except (struct.error, ZeroDivisionError) as error:
        raise ValueError("not an MP4 file: a box is too short") from error
    return Probed(max(seconds, *(one.seconds for one in tracks), 0.0), tracks)


def _track(data: bytes, trak: Box) -> Track:
    handler = inside(data, trak, b"mdia", b"hdlr")
    timing = inside(data, trak, b"mdia", b"mdhd")
    entries = inside(data, trak, b"mdia", b"minf", b"stbl", b"stsd")
    header = inside(data, trak, b"tkhd")
    if not (handler and timing and entries and header):
        raise ValueError("not an MP4 file: a track without description")
    entry = next(boxes(data, entries.body + 8, entries.end))
    width, height = struct.unpack_from(">II", data, header.end - 8)
    kind = data[handler.body + 8 : handler.body + 12].decode("ascii", "replace")
    codec = entry.kind.decode("ascii", "replace")
    return Track(kind, codec, _seconds(data, timing), width >> 16, height >> 16)


def _seconds(data: bytes, header: Box) -> float:
    """Of `mvhd` or `mdhd`: duration by timescale, in either version."""
    form = ">QQIQ" if data[header.body] else ">IIII"
    scale, length = struct.unpack_from(form, data, header.body + 4)[2:4]
    return float(length / scale)
