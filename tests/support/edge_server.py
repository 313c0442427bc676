"""A loopback server that speaks the network voice's protocol, well or badly (FIELD §4).

It says a tone for each character, with one boundary for each two characters at most.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from http import HTTPStatus

from websockets.asyncio.server import Request, Response, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from assistant.domain.speech import Sound
from assistant.voice import sound as sounds
from tests.voice.speaking import silence, tone

SYLLABLE = 0.25
TAIL = 0.6
FAULTS = ("refuse", "stall", "stall_midway", "truncate", "cut", "silent", "garbage", "unknown")


@cache
def speech(count: int, syllable: float = SYLLABLE) -> bytes:
    """MP3 of `count` syllables and the silence that the service leaves behind them."""
    return sounds.mp3(Sound(tone(syllable * count) + silence(TAIL), 24_000))


@dataclass
class EdgeServer:
    """`faults` are used up one a connection; "" is none, `always` is what comes after them.

    `latency` is before the first sound, `syllable` how long each character sounds: seconds.
    """

    faults: list[str] = field(default_factory=list)
    latency: float = 0.0
    syllable: float = SYLLABLE
    always: str = ""
    texts: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    date: str = ""
    url: str = ""

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["EdgeServer"]:
        async with serve(self._serve, "127.0.0.1", 0, process_request=self._process) as server:
            port = server.sockets[0].getsockname()[1]
            self.url = f"ws://127.0.0.1:{port}/edge/v1?TrustedClientToken=x"
            yield self

    def _fault(self) -> str:
        return self.faults.pop(0) if self.faults else self.always

    def _process(self, connection: ServerConnection, request: Request) -> Response | None:
        self.requests.append(request.path)
        connection.fault = fault = self._fault()
        if fault != "refuse":
            return None
        refusal = connection.respond(HTTPStatus.FORBIDDEN, "no")
        if self.date:
            del refusal.headers["Date"]
            refusal.headers["Date"] = self.date
        return refusal

    async def _serve(self, socket: ServerConnection) -> None:
        try:
            config, ssml = await socket.recv(), await socket.recv()
            assert "Path:speech.config" in config
            assert '"wordBoundaryEnabled":"true"' in config
            text = unescape(re.search(r"<prosody[^>]*>(.*)</prosody>", str(ssml), re.DOTALL)[1])
            self.texts.append(text)
            await self._answer(socket, text, socket.fault)
        except ConnectionClosed:
            pass

    async def _answer(self, socket: ServerConnection, text: str, fault: str) -> None:
        await socket.send(_frame("turn.start", {}))
        await socket.send(_frame("response", {}))
        await (socket.wait_closed() if fault == "stall" else asyncio.sleep(self.latency))
        words = re.findall(r"\w{1,2}", text)
        if fault == "unknown":
            await socket.send(_frame("surprise", {}))
        if fault != "silent" and words:
            await self._say(socket, words, fault)
        await socket.send(_frame("turn.end", {}))

    async def _say(self, socket: ServerConnection, words: list[str], fault: str) -> None:
        data = b"\0" * 3000 if fault == "garbage" else speech(len("".join(words)), self.syllable)
        if fault == "truncate":
            data = data[: len(data) // 2]
        parts = [data[at : at + 720] for at in range(0, len(data), 720)]
        for number, part in enumerate(parts):
            if fault == "cut" and number == len(parts) // 2:
                socket.transport.abort()
                raise ConnectionClosed(None, None)
            if fault == "stall_midway" and number == len(parts) // 2:
                await socket.wait_closed()
            await socket.send(_audio(part))
            if number == 0:
                await self._boundaries(socket, words)
        await socket.send(_audio(b""))

    async def _boundaries(self, socket: ServerConnection, words: list[str]) -> None:
        at = 0
        for word in words:
            data = {
                "Offset": round(at * self.syllable * 10_000_000),
                "Duration": round(len(word) * self.syllable * 10_000_000),
                "text": {"Text": word, "Length": len(word), "BoundaryType": "WordBoundary"},
            }
            at += len(word)
            body = {"Metadata": [{"Type": "WordBoundary", "Data": data}]}
            await socket.send(_frame("audio.metadata", body))


def _frame(path: str, body: object) -> str:
    head = f"X-RequestId:1\r\nContent-Type:application/json; charset=utf-8\r\nPath:{path}"
    return f"{head}\r\n\r\n{json.dumps(body, ensure_ascii=False)}"


def _audio(data: bytes) -> bytes:
    kind = "Content-Type:audio/mpeg\r\n" if data else ""
    head = f"X-RequestId:1\r\n{kind}X-StreamId:1\r\nPath:audio\r\n".encode()
    return len(head).to_bytes(2, "big") + head + data


@asynccontextmanager
async def edge_server(
    set_url: Callable[[str], object], *faults: str, **settings: object
) -> AsyncIterator[EdgeServer]:
    """The server, and the client told of it (`set_url` patches the address)."""
    async with EdgeServer(list(faults), **settings).serving() as server:
        set_url(server.url)
        yield server
