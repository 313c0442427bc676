"""FLV tags: what ffmpeg writes to us, and what RTMP carries, body by body.

Adobe Flash Video File Format Specification 10.1, annex E.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Self

HEADER = b"FLV\x01\x05\x00\x00\x00\x09" + bytes(4)
"""The beginning of a file with picture and sound."""
_TAG = 11
_WRAP = 2**32
_KEY_H264, _H264, _AAC = 0x17, 7, 10


class Kind(IntEnum):
    """What a tag holds; the numbers of RTMP's messages are the same."""

    AUDIO = 8
    VIDEO = 9
    DATA = 18


@dataclass(frozen=True, slots=True)
class Tag:
    """`time` in milliseconds; decoding and showing times are equal (no B-frames)."""

    kind: Kind
    time: int
    body: bytes

    @property
    def is_header(self) -> bool:
        """Whether it sets up the decoder rather than carrying a frame."""
        if len(self.body) < 2 or self.body[1] != 0:
            return False
        if self.kind is Kind.VIDEO:
            return self.body[0] & 15 == _H264
        return self.kind is Kind.AUDIO and self.body[0] >> 4 == _AAC

    @property
    def is_keyframe(self) -> bool:
        """Whether decoding can begin here."""
        video = self.kind is Kind.VIDEO and len(self.body) > 1
        return video and self.body[0] == _KEY_H264 and self.body[1] == 1

    def at(self, time: int) -> Self:
        """The same at another time."""
        return replace(self, time=time)

    def written(self) -> bytes:
        """The tag with its length behind it, as it stands in a file."""
        size, time = len(self.body), self.time % _WRAP
        head = bytes((self.kind,)) + size.to_bytes(3, "big")
        head += (time & 0xFFFFFF).to_bytes(3, "big") + bytes((time >> 24, 0, 0, 0))
        return head + self.body + (_TAG + size).to_bytes(4, "big")


async def tags(stream: asyncio.StreamReader) -> AsyncIterator[Tag]:
    """The tags of a stream as they come, to its end. Raises ValueError for what is no FLV."""
    with suppress(asyncio.IncompleteReadError):
        if (await stream.readexactly(len(HEADER)))[:3] != HEADER[:3]:
            raise ValueError("not an FLV stream")
        while True:
            yield await _tag(stream)


async def _tag(stream: asyncio.StreamReader) -> Tag:
    head = await stream.readexactly(_TAG)
    body = await stream.readexactly(int.from_bytes(head[1:4], "big") + 4)
    time = int.from_bytes(head[4:7], "big") | head[7] << 24
    return Tag(Kind(head[0] & 31), time, body[:-4])
