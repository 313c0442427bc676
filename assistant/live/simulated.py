"""A stage without a voice: each cue takes the time that saying it would, in the room's time."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta

from assistant.domain.live import NOBODY, Asking, Cue, StageEvent, StageEventKind
from assistant.domain.speech import Said, Voiced
from assistant.live.seams import LiveClock
from assistant.stage.timing import plain

REMEMBERED = 10_000
"""Cues that the stage knows to have begun; one of these is never begun again."""


class SimulatedStage:
    """Plays one cue at a time. A recording steps it; the service iterates over `events`."""

    def __init__(self, clock: LiveClock) -> None:
        self._clock = clock
        self._played: dict[str, None] = {}
        self._current: Cue | None = None
        self._ends: datetime | None = None
        self._said: list[StageEvent] = []
        self._changed = asyncio.Event()

    @property
    def due(self) -> datetime | None:
        """When something happens next; None while nothing is said."""
        return self._said[0].at if self._said else self._ends

    @property
    def played(self) -> list[str]:
        """Ids of the cues that were begun, oldest first."""
        return list(self._played)

    async def play(self, cue: Cue, asking: Asking = NOBODY) -> None:
        """Begin a cue, unless it was begun before: then only say so again."""
        del asking
        now = self._clock.now()
        if cue.id not in self._played:
            self._played[cue.id] = None
            if len(self._played) > REMEMBERED:
                del self._played[next(iter(self._played))]
            self._current, self._ends = cue, now + timedelta(seconds=cue.seconds)
        self._tell(StageEvent(cue.id, StageEventKind.STARTED, now))
        if self._current is None or self._current.id != cue.id:
            self._tell(StageEvent(cue.id, StageEventKind.ENDED, now))

    async def rejoin(self, cue: Cue, asking: Asking = NOBODY) -> None:
        """Nobody was heard: what had begun is over."""
        del cue, asking

    async def stop(self) -> Said | None:
        """Fall silent. Nobody reports what was heard."""
        self._current = self._ends = None
        self._changed.set()
        return None

    def progress(self, cue_id: str) -> Said | None:
        """By the time that has passed."""
        cue, ends = self._current, self._ends
        if cue is None or cue.id != cue_id or ends is None or not cue.seconds:
            return None
        left = (ends - self._clock.now()).total_seconds() / cue.seconds
        sentences = [one.display for one in plain(cue.spoken)]
        heard = int(sum(map(len, sentences)) * min(1.0, 1 - left))
        return Said(heard, tuple(map(Voiced, sentences)))

    def ahead(self, waiting: Sequence[tuple[Cue, Asking]], script: Cue | None = None) -> None:
        """Nothing is shown or voiced."""

    def step(self) -> list[StageEvent]:
        """What has happened up to now."""
        if self._ends is not None and self._ends <= self._clock.now() and self._current:
            self._tell(StageEvent(self._current.id, StageEventKind.ENDED, self._ends))
            self._current = self._ends = None
        happened, self._said = self._said, []
        return happened

    async def events(self) -> AsyncIterator[StageEvent]:
        """Starts and ends as they happen, for ever."""
        while True:
            self._changed.clear()
            for event in self.step():
                yield event
            await self._wait()

    async def _wait(self) -> None:
        """Until the current cue ends, or something else happens."""
        changed = asyncio.create_task(self._changed.wait())
        tasks: list[asyncio.Task[object]] = [changed]
        if self._ends is not None:
            left = (self._ends - self._clock.now()).total_seconds()
            tasks.append(asyncio.create_task(self._clock.sleep(max(0.0, left))))
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()

    def _tell(self, event: StageEvent) -> None:
        self._said.append(event)
        self._changed.set()
