"""What stands around the service in a drill: a model that misbehaves, an alarm bell."""

import asyncio
import json
import time
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from assistant.domain.live import AlertLevel

MARK = "9999"
"""Stands in each lie of the model; no source of the drill holds it."""
LIE = f"办理需要缴纳{MARK}元保证金，当场办结，不需要任何材料。"
_STALL = 120.0


class Mood(StrEnum):
    """How the model behaves."""

    FINE = "fine"
    STALLS = "stalls"
    LIES = "lies"
    REFUSES = "refuses"
    BREAKS_OFF = "breaks off"
    TALKS_RUBBISH = "talks rubbish"


class OpenAIServer:
    """Chat completions in a mood."""

    def __init__(self) -> None:
        self.chat = Mood.FINE
        self.asked = 0

    async def start(self) -> str:
        """Listen; gives the base address."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"

    async def close(self) -> None:
        """Listen no more."""
        self._server.close()
        await asyncio.sleep(0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                await _request(reader)
                self.asked += 1
                await self._answer(writer)
        writer.close()

    async def _answer(self, writer: asyncio.StreamWriter) -> None:
        mood = self.chat
        if mood is Mood.STALLS:
            await asyncio.sleep(_STALL)
        if mood is Mood.REFUSES:
            writer.write(_http(b'{"error":{"message":"overloaded"}}', status="503 Busy"))
            return
        writer.write(_words(mood))
        await writer.drain()
        if mood is Mood.BREAKS_OFF:
            writer.transport.abort()


@dataclass(frozen=True, slots=True)
class Rung:
    """An alarm that came, by the drill's clock."""

    at: float
    code: str
    told: dict[str, Any]

    @property
    def goes_on(self) -> bool:
        """Whether one person after the other is called until somebody answers."""
        return self.told.get("level") in {AlertLevel.URGENT, AlertLevel.EMERGENCY}


class Line:
    """A connection's way to a server; while it is cut nothing comes through, and nobody is told."""

    def __init__(self) -> None:
        self._whole = asyncio.Event()
        self._whole.set()

    def cut(self) -> None:
        """From now on."""
        self._whole.clear()

    def mend(self) -> None:
        """What was lost stays lost."""
        self._whole.set()

    async def lost(self) -> bool:
        """Whether what came now is lost; tells it when the line is mended."""
        was_cut = not self._whole.is_set()
        await self._whole.wait()
        return was_cut


class Bell:
    """Takes alarms over HTTP (`ASSISTANT_ALERT_URL`); may be deaf."""

    def __init__(self) -> None:
        self.rung: list[Rung] = []
        self.is_deaf = False
        self.line = Line()

    async def start(self) -> str:
        """Listen; gives the address."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/alarms"

    def since(self, moment: float) -> list[Rung]:
        """The alarms that came since then."""
        return [one for one in self.rung if one.at >= moment]

    async def close(self) -> None:
        """Listen no more."""
        self._server.close()
        await asyncio.sleep(0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                body = await _request(reader)
                if await self.line.lost():
                    break
                if self.is_deaf:
                    writer.write(_http(b"{}", status="500 Deaf"))
                    continue
                told = json.loads(body)
                self.rung.append(Rung(time.monotonic(), str(told.get("code", "")), told))
                writer.write(_http(b"{}"))
        writer.close()


def _words(mood: Mood) -> bytes:
    moody = {Mood.LIES: LIE, Mood.TALKS_RUBBISH: "}{<think>", Mood.BREAKS_OFF: LIE}
    said = moody.get(mood, "没有要补充的。")
    body = {
        "id": "c",
        "object": "chat.completion",
        "created": 0,
        "model": "drill",
        "choices": [
            {
                "index": 0,
                "finish_reason": "stop",
                "message": {"role": "assistant", "content": said},
            }
        ],
    }
    made = _http(json.dumps(body, ensure_ascii=False).encode())
    return made[: len(made) // 2] if mood is Mood.BREAKS_OFF else made


async def _request(reader: asyncio.StreamReader) -> bytes:
    _, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {n.lower(): v.strip() for n, _, v in (one.partition(":") for one in lines if one)}
    return await reader.readexactly(int(headers.get("content-length", "0")))


def _http(body: bytes, *, status: str = "200 OK") -> bytes:
    kind = "application/json"
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body
