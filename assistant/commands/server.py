"""uvicorn as this service needs it: it says when it is ready, and leaves before it stops."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from types import FrameType
from typing import Any

import structlog
import uvicorn

from assistant.commands.systemd import beat_every, notify

log = structlog.get_logger()
STOPS_WITHIN = 10
"""Seconds for requests that are under way when the server stops."""


class LeavingServer(uvicorn.Server):
    """At the first signal `leave` runs while it still serves; a second one ends it at once.

    `ready` is called once it listens. systemd is told of both, and that the loop goes round.
    """

    def __init__(
        self,
        app: Any,
        ready: Callable[[], None],
        leave: Callable[[], Awaitable[None]],
        *,
        beat: float | None = None,
    ) -> None:
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=STOPS_WITHIN,
        )
        super().__init__(config)
        self._ready = ready
        self._leave = leave
        self._leaving: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._every = beat if beat is not None else beat_every()
        if self._every is not None:
            config.timeout_notify = max(1, int(self._every))
            config.callback_notify = _beat

    async def startup(self, sockets: list[Any] | None = None) -> None:
        """Open the knowledge, listen, and only then say so."""
        async with beating(self._every):  # uvicorn itself beats only once it serves
            await super().startup(sockets)
        if self.started:
            self._loop = asyncio.get_running_loop()
            notify("READY=1")
            self._ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """The first signal lets go of the rooms; what else comes stops the server."""
        if self._loop is None or self._leaving is not None:
            super().handle_exit(sig, frame)
            return
        self._loop.call_soon_threadsafe(self._begin_to_leave, sig)

    def _begin_to_leave(self, sig: int) -> None:
        if self._leaving is None:
            notify("STOPPING=1")
            self._leaving = asyncio.create_task(self._left(sig))

    async def _left(self, sig: int) -> None:
        try:
            await self._leave()
        except Exception as error:
            log.exception("leaving_failed", kind=type(error).__name__)
        finally:
            super().handle_exit(sig, None)


@asynccontextmanager
async def beating(every: float | None) -> AsyncIterator[None]:
    """Tell systemd that the loop goes round, each so many seconds; None: it does not ask."""
    task = asyncio.create_task(_beats(every)) if every is not None else None
    try:
        yield
    finally:
        if task:
            task.cancel()


async def _beats(every: float) -> None:
    while True:
        await _beat()
        await asyncio.sleep(every)


async def _beat() -> None:
    notify("WATCHDOG=1")
