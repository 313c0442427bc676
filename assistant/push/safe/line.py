"""The line to the server: messages both ways, and what is fetched; reconnects for ever.

It lives in the event loop; the stage in a thread of its own (`pump`). What comes is put into the
stage's inbox as calls, what the stage tells or asks for is handed to the loop.
"""

import asyncio
import io
import json
import random
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import structlog
from PIL import Image
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from assistant.push.safe import facts
from assistant.push.safe.slide import draw_slide
from assistant.push.safe.sound import decoded
from assistant.push.safe.stage import SafeStage

log = structlog.get_logger()
FIRST_WAIT, LAST_WAIT = 0.5, 4.0
"""Seconds before it connects again: half to the whole of it, doubled each time."""
FACTS_AGAIN = 300.0
TRIES = 2
Inbox = SimpleQueue[Callable[[], None]]


class StageClient:
    """`url` is the server's, `key` lets it speak; `slide_size` is that of a slide's place."""

    def __init__(
        self, url: str, room_id: str, key: str, *, slide_size: tuple[int, int], facts_file: Path
    ) -> None:
        self._base = f"/stage/{quote(room_id)}"
        scheme = "wss" if url.startswith("https") else "ws"
        query = urlencode({"key": key, "role": "page"})
        self._address = f"{scheme}://{url.partition('://')[2]}{self._base}/line?{query}"
        self._http = httpx.AsyncClient(base_url=url, timeout=5.0, trust_env=False)
        self._room_id, self._slide_size, self._facts_file = room_id, slide_size, facts_file
        self._socket: ClientConnection | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._asked: set[str] = set()
        self._stage: SafeStage | None = None
        self.inbox: Inbox = SimpleQueue()

    async def run(self, stage: SafeStage) -> None:
        """Stay on the line until cancelled."""
        self._stage, self._loop = stage, asyncio.get_running_loop()
        self._start(self._keep_facts(stage))
        wait = FIRST_WAIT
        try:
            while True:
                with suppress(OSError, WebSocketException, TimeoutError):
                    async with connect(self._address, open_timeout=5, proxy=None) as socket:
                        wait = FIRST_WAIT
                        await self._on(socket, stage)
                self.inbox.put(partial(stage.connected, on=False))
                await asyncio.sleep(wait * random.uniform(0.5, 1))  # noqa: S311
                wait = min(wait * 2, LAST_WAIT)
        finally:
            await self._end()

    def tell(self, message: Mapping[str, Any]) -> None:
        """Send it where the line is up; from any thread."""
        self._outside(lambda: self._send(message))

    def load_sound(self, name: str) -> None:
        """Fetch a sound."""
        self._outside(lambda: self._load_sound(name))

    def load_slide(self, name: str) -> None:
        """Fetch and draw a slide."""
        self._outside(lambda: self._once(f"/slide/{quote(name)}", self._load_slide(name)))

    def load_code(self, source: str) -> None:
        """Fetch a QR code."""
        self._outside(lambda: self._once(f"/qr/{quote(source)}", self._load_code(source)))

    def _outside(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(lambda: self._start(work()))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _once(self, path: str, work: Coroutine[Any, Any, None]) -> None:
        """What is being fetched is not asked for a second time."""
        if path in self._asked:
            work.close()
            return
        self._asked.add(path)
        try:
            await work
        finally:
            self._asked.discard(path)

    async def _end(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._http.aclose()

    async def _on(self, socket: ClientConnection, stage: SafeStage) -> None:
        self._socket = socket
        self.inbox.put(partial(stage.connected, on=True))
        try:
            async for text in socket:
                self.inbox.put(partial(stage.take, json.loads(text)))
        finally:
            self._socket = None

    async def _send(self, message: Mapping[str, Any]) -> None:
        with suppress(WebSocketException, OSError):
            if self._socket is not None:
                await self._socket.send(json.dumps(message))

    async def _keep_facts(self, stage: SafeStage) -> None:
        while True:
            try:
                told = await facts.fetched(self._http, self._base)
            except (httpx.HTTPError, ValueError) as error:
                log.info("stage_facts_missing", room=self._room_id, kind=type(error).__name__)
                await asyncio.sleep(LAST_WAIT)
                continue
            self.inbox.put(partial(stage.know, told))
            await asyncio.to_thread(facts.keep, told, self._facts_file)
            await asyncio.sleep(FACTS_AGAIN)

    async def _load_sound(self, name: str) -> None:
        assert self._stage is not None
        data = await self._fetch(f"/audio/{quote(name)}")
        sound = None
        if data is not None:
            with suppress(ValueError):
                sound = await asyncio.to_thread(decoded, data)
        self.inbox.put(partial(self._stage.player.loaded, name, sound))

    async def _load_slide(self, name: str) -> None:
        assert self._stage is not None
        data = await self._fetch(f"/slide/{quote(name)}")
        if data is None:
            return
        try:
            drawn = await asyncio.to_thread(draw_slide, data.decode(), self._slide_size)
        except (ValueError, SyntaxError) as error:  # not well-formed, or not of our drawing
            log.warning("slide_not_drawn", slide=name, kind=type(error).__name__)
            return
        self.inbox.put(partial(self._stage.slide_loaded, name, drawn))

    async def _load_code(self, source: str) -> None:
        assert self._stage is not None
        data = await self._fetch(f"/qr/{quote(source)}?form=png")
        if data is not None:
            picture = await asyncio.to_thread(_opened, data)
            self.inbox.put(partial(self._stage.code_loaded, source, picture))

    async def _fetch(self, path: str) -> bytes | None:
        """None for what is not there, or cannot be had in two tries."""
        for _ in range(TRIES):
            with suppress(httpx.HTTPError):
                answer = await self._http.get(self._base + path)
                if answer.is_success:
                    return answer.content
                if answer.status_code == httpx.codes.NOT_FOUND:
                    return None
        return None


def _opened(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as read:
        return read.convert("RGB")
