"""A connection that publishes one stream, in the steps that librtmp (and so OBS) takes."""

import asyncio
import fcntl
import os
import socket
import ssl
import struct
import termios
from collections.abc import Mapping
from contextlib import suppress
from typing import Self

from assistant.errors import Unavailable
from assistant.push.flv import Kind, Tag
from assistant.push.rtmp import amf
from assistant.push.rtmp.chunks import OUR_SIZE, Incoming, Message, Type, chunked
from assistant.push.targets import Address

PATIENCE = 5.0
"""Seconds for which a server may take nothing, or not answer, before it counts as hung."""
_HANDSHAKE = 1536
_WAITING = 64 * 1024
"""Bytes that wait in this process, and below in the kernel's queue (which takes twice that).

Enough for 2.5 Mbit/s over 200 ms; more would hide a server that hangs for many seconds.
"""
_KERNEL = 64 * 1024
_PING, _PONG = 6, 7
_CONTROL_CHANNEL, _COMMAND_CHANNEL, _MEDIA_CHANNEL = 2, 3, 4
_AGENT = "FMLE/3.0 (compatible; livestream-question-desk)"


class Refused(Unavailable):
    """The server answered, and does not take this stream."""


class Publication:
    """An open stream. Made by `open`; whatever is wrong is raised as OSError or Refused."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._incoming = Incoming(reader)
        self._hearing: asyncio.Task[None] | None = None
        self._ended = asyncio.Event()
        self._why = ""
        self._stream = 0
        self._calls = 0

    @classmethod
    async def open(cls, address: Address, key: str) -> Self:
        """Connect and begin publishing. Raises OSError (TimeoutError with it) or Refused."""
        async with asyncio.timeout(2 * PATIENCE):
            secure = ssl.create_default_context() if address.is_secure else None
            reader, writer = await asyncio.open_connection(address.host, address.port, ssl=secure)
        one = cls(reader, writer)
        try:
            async with asyncio.timeout(2 * PATIENCE):
                one._spare()
                await _shake_hands(reader, writer)
                await one._begin(address, key)
        except BaseException as error:
            await one.close()
            if isinstance(error, asyncio.IncompleteReadError | ValueError):
                raise ConnectionResetError("服务器中断了握手") from error
            raise
        one._hearing = asyncio.create_task(one._hear())
        return one

    async def send(self, tag: Tag) -> int:
        """Send a tag; gives its bytes on the wire. Raises OSError, TimeoutError where it hangs."""
        if self._ended.is_set():
            raise ConnectionResetError(self._why or "服务器断开了连接")
        data = chunked(Message(tag.kind, tag.body, tag.time, self._stream), _MEDIA_CHANNEL)
        self._writer.write(data)
        async with asyncio.timeout(PATIENCE):
            await self._writer.drain()
        return len(data)

    async def describe(self, facts: Mapping[str, amf.Value]) -> None:
        """Tell the server what the stream is made of."""
        body = amf.written(["@setDataFrame", "onMetaData", facts])
        await self.send(Tag(Kind.DATA, 0, body))

    @property
    def unsent(self) -> int:
        """Bytes that the server has not acknowledged: in this process and in the kernel."""
        sock = self._writer.get_extra_info("socket")
        kernel = 0
        with suppress(OSError, ValueError):
            answer = fcntl.ioctl(sock.fileno(), termios.TIOCOUTQ, bytes(4))
            kernel = struct.unpack("i", answer)[0]
        waiting = self._writer.transport.get_write_buffer_size()
        return kernel + int(waiting)

    async def close(self) -> None:
        """Hang up at once."""
        if self._hearing is not None:
            self._hearing.cancel()
            await asyncio.gather(self._hearing, return_exceptions=True)
        self._writer.transport.abort()
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(1):
                await self._writer.wait_closed()

    def _spare(self) -> None:
        """Short queues: a server that hangs is seen within seconds."""
        self._writer.transport.set_write_buffer_limits(high=_WAITING)
        sock = self._writer.get_extra_info("socket")
        with suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _KERNEL)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    async def _begin(self, address: Address, key: str) -> None:
        self._tell(Type.SET_CHUNK_SIZE, OUR_SIZE.to_bytes(4, "big"), _CONTROL_CHANNEL)
        facts: dict[str, amf.Value] = {"app": address.app, "type": "nonprivate"}
        facts |= {"flashVer": _AGENT, "swfUrl": address.url, "tcUrl": address.url}
        await self._answered(self._call("connect", facts))
        self._call("releaseStream", None, key)
        self._call("FCPublish", None, key)
        answer = await self._answered(self._call("createStream", None))
        number = answer[3] if len(answer) > 3 else None
        if not isinstance(number, float):
            raise Refused("服务器没有给出推流编号")
        self._stream = int(number)
        self._call("publish", None, key, "live")
        while not (status := _status(await self._command())):
            pass
        if status != "NetStream.Publish.Start":
            raise Refused("服务器拒绝了推流", hint=status)

    def _call(self, name: str, *values: amf.Value) -> float:
        self._calls += 1
        body = amf.written([name, float(self._calls), *values])
        self._tell(Type.COMMAND, body, _COMMAND_CHANNEL)
        return float(self._calls)

    def _tell(self, kind: Type, body: bytes, channel: int) -> None:
        stream = self._stream if kind is Type.COMMAND else 0
        self._writer.write(chunked(Message(kind, body, stream=stream), channel))

    async def _answered(self, number: float) -> list[amf.Value]:
        """The answer to a call. Raises Refused."""
        while True:
            said = await self._command()
            if len(said) > 1 and said[0] in {"_result", "_error"} and said[1] == number:
                if said[0] == "_error":
                    raise Refused("服务器拒绝了连接", hint=_status(said))
                return said

    async def _command(self) -> list[amf.Value]:
        """The next command; what comes before it is answered."""
        while True:
            message = await self._incoming.message()
            if message.type == Type.COMMAND:
                return amf.read(message.body)
            self._take(message)

    async def _hear(self) -> None:
        """Answer pings until the server hangs up or stops the stream."""
        try:
            while True:
                status = _status(await self._command())
                if status.startswith("NetStream.Publish.") and "Start" not in status:
                    self._why = f"服务器停止了推流：{status}"
                    return
        except (OSError, asyncio.IncompleteReadError, ValueError):
            self._why = "服务器断开了连接"
        finally:
            self._ended.set()

    def _take(self, message: Message) -> None:
        if message.type == Type.CONTROL and message.body[:2] == _PING.to_bytes(2, "big"):
            pong = _PONG.to_bytes(2, "big") + message.body[2:6]
            self._tell(Type.CONTROL, pong, _CONTROL_CHANNEL)


async def _shake_hands(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """The simple handshake (§5.2): ours, theirs, and theirs given back."""
    writer.write(b"\x03" + bytes(8) + os.urandom(_HANDSHAKE - 8))
    version = await reader.readexactly(1)
    theirs = await reader.readexactly(_HANDSHAKE)
    if version != b"\x03":
        raise ValueError("not an RTMP server")
    writer.write(theirs)
    await reader.readexactly(_HANDSHAKE)


def _status(said: list[amf.Value]) -> str:
    """The code of a status or an error; "" where it is none."""
    if not said or said[0] not in {"onStatus", "_error"}:
        return ""
    facts = [one for one in said if isinstance(one, Mapping)]
    return next((str(one["code"]) for one in reversed(facts) if "code" in one), str(said[0]))
