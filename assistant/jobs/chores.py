"""What a room does by itself, again and again, in every process that serves."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import structlog

from assistant.errors import Conflict

log = structlog.get_logger()
LONGEST = 30.0
"""Seconds at most between two tries of what fails."""


@dataclass(slots=True)
class Chore:
    """Something idempotent: `run` does what there is to do and says whether there was anything.

    `pause` are the seconds until it looks again; `wake` makes it look at once. What fails is tried
    again, ever more rarely, and is never given up.
    """

    name: str
    run: Callable[[], Awaitable[bool]]
    pause: float = 0.5
    _woken: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """Look at once."""
        self._woken.set()

    async def keep(self) -> None:
        """Do it until cancelled."""
        failures = 0
        while True:
            self._woken.clear()
            try:
                more = await self.run()
                failures = 0
            except Conflict as error:  # another process did it first
                log.info("chore_overtaken", chore=self.name, kind=type(error).__name__)
                more, failures = False, failures + 1
            except Exception as error:
                log.exception("chore_failed", chore=self.name, kind=type(error).__name__)
                more, failures = False, failures + 1
            if not more:
                await self._rest(min(LONGEST, self.pause * 2**failures))

    async def _rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._woken.wait()


@asynccontextmanager
async def keeping(chores: Sequence[Chore]) -> AsyncIterator[None]:
    """Keep chores going while the block runs."""
    tasks = [asyncio.create_task(chore.keep(), name=chore.name) for chore in chores]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
