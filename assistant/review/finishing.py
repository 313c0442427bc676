"""Resolutions become final when the time for taking them back is over: once, in any process."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from assistant.domain.clock import Clock
from assistant.records.review_resolutions import ResolutionRecords
from assistant.review.chores import Chore

PAUSE = 0.5
"""Seconds until another process's resolutions are looked for."""


class Finishing:
    """The chore that makes them final; `chore.wake()` when one was made or hurried.

    `finished` is told at once: what is final is on its way into a room.
    """

    def __init__(
        self, resolutions: ResolutionRecords, clock: Clock, finished: Callable[[], None]
    ) -> None:
        self._resolutions = resolutions
        self._clock = clock
        self._finished = finished
        self.chore = Chore("review.finishing", self.run, PAUSE)

    async def run(self) -> bool:
        """Finish what is due; whether there was anything."""
        done = False
        for resolution in await self._resolutions.due():
            done = await self._resolutions.finish(resolution) or done
        if done:
            self._finished()
        else:
            self._look_again_at(await self._resolutions.next_due())
        return done

    def _look_again_at(self, due: datetime | None) -> None:
        """The next one may be due before the chore looks by itself."""
        seconds = (due - self._clock()).total_seconds() if due else PAUSE
        if seconds < PAUSE:
            asyncio.get_running_loop().call_later(max(0.0, seconds), self.chore.wake)
