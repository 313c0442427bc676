"""The hidden label in an MP4 file: `moov.udta.meta`, key `AIGC` (GB 45438-2025; DOMAIN §3).

As ffmpeg writes it with `-movflags use_metadata_tags`: handler `mdta`, the key in `keys`, its
value in `ilst`. Written here without ffmpeg, so that any MP4 file can be marked and read back.
"""

import struct

from assistant.printing.aigc import KEY, AigcLabel, label_of
from assistant.printing.mp4 import Box, boxes, inside, made, shifted, top

_FULL = bytes(4)
"""Version and flags of a full box."""
_UTF8 = 1


def into_mp4(data: bytes, label: AigcLabel) -> bytes:
    """The file with the label; other tags of `moov.udta.meta` give way. Raises ValueError."""
    moov = top(data, b"moov")
    if moov is None:
        raise ValueError("not an MP4 file: no moov")
    parts = [
        data[one.start : one.end] for one in boxes(data, moov.body, moov.end) if one.kind != b"udta"
    ]
    new = made(b"moov", *parts, made(b"udta", *_kept(data, moov), _meta(label)))
    longer = len(new) - (moov.end - moov.start)
    media = top(data, b"mdat")
    if media is not None and media.start > moov.start:
        new = shifted(new, longer)
    return data[: moov.start] + new + data[moov.end :]


def from_mp4(data: bytes) -> AigcLabel | None:
    """The label of an MP4 file; None without one. Raises ValueError for what is no MP4."""
    moov = top(data, b"moov")
    meta = inside(data, moov, b"udta", b"meta") if moov else None
    if meta is None:
        return None
    children = {one.kind: one for one in boxes(data, meta.body + len(_FULL), meta.end)}
    keys, values = children.get(b"keys"), children.get(b"ilst")
    number = _number(data, keys) if keys else 0
    return _value(data, values, number) if values and number else None


def _kept(data: bytes, moov: Box) -> list[bytes]:
    """What else stands in `udta`."""
    udta = inside(data, moov, b"udta")
    if udta is None:
        return []
    found = boxes(data, udta.body, udta.end)
    return [data[one.start : one.end] for one in found if one.kind != b"meta"]


def _meta(label: AigcLabel) -> bytes:
    handler = made(b"hdlr", _FULL, bytes(4), b"mdta", bytes(12), b"\0")
    keys = made(b"keys", _FULL, struct.pack(">I", 1), made(b"mdta", KEY.encode()))
    value = made(b"data", struct.pack(">II", _UTF8, 0), label.text().encode("ascii"))
    listed = made(b"ilst", struct.pack(">II", len(value) + 8, 1), value)
    return made(b"meta", _FULL, handler, keys, listed)


def _number(data: bytes, keys: Box) -> int:
    """Which of the keys is ours, from 1; 0 where none is."""
    names = (data[one.body : one.end] for one in boxes(data, keys.body + 8, keys.end))
    return next((n for n, name in enumerate(names, start=1) if name == KEY.encode()), 0)


def _value(data: bytes, values: Box, number: int) -> AigcLabel | None:
    for one in boxes(data, values.body, values.end):
        value = inside(data, one, b"data") if one.kind == struct.pack(">I", number) else None
        if value is not None:
            return label_of(data[value.body + 8 : value.end].decode("utf-8", "replace"))
    return None
