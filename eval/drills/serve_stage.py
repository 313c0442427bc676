"""The stage outside the service: a page as static/stage.js is one, counting what it begins."""

import asyncio
import json
import random
import time
from contextlib import suppress
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

PACE = 4.0
"""Characters a second."""
FASTER = 0.1
"""A cue takes this share of its time, so that a drill hears many."""
RELOADS = 0.2
"""So many of the reconnections are a reload of the page: what it said is cut off."""
LONGEST_WAIT = 2.0


class StagePage:
    """Joins for ever; begins each cue once, acknowledges repeats at once."""

    def __init__(self, seed: int) -> None:
        self.begun: dict[str, float] = {}
        self.texts: dict[str, str] = {}
        self.offered_again = 0
        self.connections = 0
        self.held: list[float] = []
        self._held_since: float | None = None
        self.reloads = 0
        self._random = random.Random(seed)
        self._state: dict[str, str] = {}
        self._current: str | None = None
        self._saying: asyncio.Task[None] | None = None
        self._socket: ClientConnection | None = None

    async def run(self, address: str) -> None:
        """Stay on the line until cancelled."""
        wait = 0.2
        while True:
            with suppress(OSError, WebSocketException, TimeoutError):
                async with connect(address, open_timeout=5) as socket:
                    wait = 0.2
                    await self._on(socket)
            self._hold(holding=True)
            await asyncio.sleep(wait * (0.5 + self._random.random() / 2))
            wait = min(wait * 2, LONGEST_WAIT)

    async def _on(self, socket: ClientConnection) -> None:
        self._socket = socket
        self.connections += 1
        if self._random.random() < RELOADS:
            self.reloads += 1
            self._silence()
        await self._settle()
        async for text in socket:
            await self._take(json.loads(text))

    async def _settle(self) -> None:
        """What a reload cut off is over: it is not said again."""
        for cue, state in list(self._state.items()):
            if state == "started" and cue != self._current:
                self._state[cue] = "ended"
                await self._tell("ended", cue)

    async def _take(self, message: dict[str, Any]) -> None:
        match message["type"]:
            case "cue":
                await self._begin(message)
            case "notice":
                self._hold(holding=message["state"] in {"holding", "idle"})
            case "stop":
                self._silence(ended=True)
            case "ended" if message["cue_id"] == self._current:
                self._silence(ended=True)

    def _hold(self, *, holding: bool) -> None:
        """`held` are the seconds that viewers saw the holding card for, each time."""
        now = time.monotonic()
        if holding and self._held_since is None:
            self._held_since = now
        elif not holding and self._held_since is not None:
            self.held.append(now - self._held_since)
            self._held_since = None

    async def _begin(self, cue: dict[str, Any]) -> None:
        name = cue["id"]
        if name in self._state:
            self.offered_again += 1
            await self._tell("started", name)
            if self._current != name:
                await self._tell("ended", name)
            return
        self._silence(ended=True)
        self._current, self._state[name] = name, "started"
        self.begun[name] = time.monotonic()
        self.texts[name] = cue["text"]
        await self._tell("started", name)
        self._saying = asyncio.create_task(self._say(name, len(cue["spoken"]) / PACE * FASTER))

    async def _say(self, name: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self._state[name] = "ended"
        self._current = None
        await self._tell("ended", name)

    def _silence(self, *, ended: bool = False) -> None:
        """Fall silent; a reload forgets without noting the end."""
        if self._saying is not None:
            self._saying.cancel()
        if self._current is not None and ended:
            self._state[self._current] = "ended"
        self._current = None

    async def _tell(self, kind: str, cue: str) -> None:
        with suppress(WebSocketException):
            if self._socket is not None:
                await self._socket.send(json.dumps({"type": kind, "cue_id": cue}))
