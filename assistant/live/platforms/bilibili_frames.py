"""Packets of Bilibili's live websocket.

A message of the socket holds packets one after the other: a header of 16 bytes, big-endian (total
length, header length, version, operation, sequence), then the body. Version 2 means that the body
is zlib and holds packets again. (open-live.bilibili.com, 长连接协议)
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

_HEADER = struct.Struct(">IHHII")
_LARGEST = 16 * 1024 * 1024
"""Bytes that a compressed body may grow to; more is an attack or garbage."""


class Operation(IntEnum):
    """What a packet is."""

    HEARTBEAT = 2
    HEARTBEAT_REPLY = 3
    MESSAGE = 5
    AUTH = 7
    AUTH_REPLY = 8


@dataclass(frozen=True, slots=True)
class Packet:
    """An operation (a number that `Operation` may not know) and its body, unpacked."""

    operation: int
    body: bytes = b""


class Malformed(ValueError):
    """Bytes that are no packet."""


def pack(operation: Operation, body: bytes = b"", version: int = 1) -> bytes:
    """One packet."""
    size = _HEADER.size
    return _HEADER.pack(size + len(body), size, version, operation, 1) + body


def unpack(data: bytes) -> tuple[list[Packet], bool]:
    """The packets of a message, and whether all of it could be read.

    What stands before the broken part is kept: one bad packet must not cost the others.
    """
    found: list[Packet] = []
    try:
        for packet in _packets(data):
            found.append(packet)  # noqa: PERF402 - what came before an error is kept
    except Malformed:
        return found, False
    return found, True


def _packets(data: bytes, *, nested: bool = False) -> Iterator[Packet]:
    rest = memoryview(data)
    while rest:
        if len(rest) < _HEADER.size:
            raise Malformed("header cut off")
        total, header, version, operation, _ = _HEADER.unpack_from(rest)
        if not _HEADER.size <= header <= total <= len(rest):
            raise Malformed("lengths do not fit")
        body, rest = bytes(rest[header:total]), rest[total:]
        if version == 2 and not nested:
            yield from _packets(_inflated(body), nested=True)
        elif version in {0, 1}:
            yield Packet(operation, body)
        else:
            raise Malformed(f"version {version}")


def _inflated(body: bytes) -> bytes:
    unzip = zlib.decompressobj()
    try:
        data = unzip.decompress(body, _LARGEST)
    except zlib.error as error:
        raise Malformed("not zlib") from error
    if unzip.unconsumed_tail or not unzip.eof:
        raise Malformed("zlib body cut off or too large")
    return data
