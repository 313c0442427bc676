"""RTMP's messages in chunks (Adobe RTMP 1.0, §5.3), both ways."""

import asyncio
from dataclasses import dataclass, field
from enum import IntEnum

OUR_SIZE = 4096
"""Bytes of a chunk that we send; told to the server before."""
_FIRST_SIZE = 128
_EXTENDED = 0xFFFFFF
_LARGEST = 2**20
"""A server's messages are short; a longer one is not one of a server's."""


class Type(IntEnum):
    """The messages that are known here."""

    SET_CHUNK_SIZE = 1
    ABORT = 2
    ACKNOWLEDGEMENT = 3
    CONTROL = 4
    WINDOW = 5
    BANDWIDTH = 6
    AUDIO = 8
    VIDEO = 9
    DATA = 18
    COMMAND = 20


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `time` in milliseconds."""

    type: int
    body: bytes
    time: int = 0
    stream: int = 0


def chunked(message: Message, channel: int) -> bytes:
    """The chunks of a message on a channel (3–63), with a whole header each time."""
    time = message.time % 2**32
    late = time.to_bytes(4, "big") if time >= _EXTENDED else b""
    head = bytes((channel,)) + min(time, _EXTENDED).to_bytes(3, "big")
    head += len(message.body).to_bytes(3, "big") + bytes((message.type,))
    head += message.stream.to_bytes(4, "little") + late
    parts = [head, message.body[:OUR_SIZE]]
    for at in range(OUR_SIZE, len(message.body), OUR_SIZE):
        parts += [bytes((0xC0 | channel,)), late, message.body[at : at + OUR_SIZE]]
    return b"".join(parts)


@dataclass(slots=True)
class _Channel:
    time: int = 0
    length: int = 0
    type: int = 0
    stream: int = 0
    extended: bool = False
    body: bytearray = field(default_factory=bytearray)


class Incoming:
    """Puts a server's chunks together."""

    def __init__(self, stream: asyncio.StreamReader) -> None:
        self._stream = stream
        self._size = _FIRST_SIZE
        self._channels: dict[int, _Channel] = {}

    async def message(self) -> Message:
        """The next whole message. Raises IncompleteReadError at the end, ValueError."""
        while True:
            channel = await self._chunk()
            if len(channel.body) < channel.length:
                continue
            body, channel.body = bytes(channel.body), bytearray()
            if channel.type == Type.SET_CHUNK_SIZE:
                self._size = max(1, int.from_bytes(body[:4], "big") & 0x7FFFFFFF)
            return Message(channel.type, body, channel.time, channel.stream)

    async def _chunk(self) -> _Channel:
        first = await self._number(1)
        form, channel_id = first >> 6, first & 63
        if channel_id < 2:
            more = await self._stream.readexactly(channel_id + 1)
            channel_id = 64 + int.from_bytes(more, "little")
        channel = self._channels.setdefault(channel_id, _Channel())
        await self._header(channel, form)
        if channel.length > _LARGEST:
            raise ValueError("RTMP: a message too long")
        left = channel.length - len(channel.body)
        channel.body += await self._stream.readexactly(min(self._size, left))
        return channel

    async def _header(self, channel: _Channel, form: int) -> None:
        if form < 3:
            channel.time = await self._number(3)
            channel.extended = channel.time == _EXTENDED
        if form < 2:
            channel.length, channel.type = await self._number(3), await self._number(1)
        if form == 0:
            channel.stream = int.from_bytes(await self._stream.readexactly(4), "little")
        if channel.extended:
            channel.time = await self._number(4)

    async def _number(self, count: int) -> int:
        return int.from_bytes(await self._stream.readexactly(count), "big")
