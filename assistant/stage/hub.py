"""The stage of one room: pages that show and say cues, or the simulation while none is open.

The first page that joins with the room's key speaks: what it acknowledges counts. Others mirror it
in silence. A page knows the cues it has played by their ids, so a cue that is offered twice is
played once.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Protocol

from assistant.domain.live import Cue, StageEvent, StageEventKind
from assistant.stage import messages
from assistant.stage.messages import Message

AWAITED = timedelta(seconds=20)
"""For so long a page that was there before is waited for: it reconnects within fifteen seconds."""
LONGEST = 64
"""Messages that may wait for a page; a slower one is dropped and joins again."""


class Fallback(Protocol):
    """A stage without a page."""

    async def play(self, cue: Cue) -> None:
        """Play a cue."""
        ...

    async def stop(self) -> None:
        """Fall silent."""
        ...

    def events(self) -> AsyncIterator[StageEvent]:
        """Starts and ends."""
        ...


class StageLine:
    """The connection to one page. Iterate for the messages to send; ends when it is dropped."""

    def __init__(self, *, may_speak: bool) -> None:
        self.may_speak = may_speak
        self._queue: asyncio.Queue[Message | None] = asyncio.Queue(LONGEST)

    def put(self, message: Message) -> bool:
        """Hand over a message; False where the page is too slow and was dropped."""
        try:
            self._queue.put_nowait(message)
        except asyncio.QueueFull:
            self.end()
            return False
        return True

    def end(self) -> None:
        """Nothing more will come."""
        if self._queue.full():
            self._queue.get_nowait()
        with suppress(asyncio.QueueFull):
            self._queue.put_nowait(None)

    async def __aiter__(self) -> AsyncIterator[Message]:
        """The messages, as they come."""
        while (message := await self._queue.get()) is not None:
            yield message


class StageHub:
    """`Stage` of a room (live.seams). `now` gives the room's time."""

    def __init__(self, fallback: Fallback, now: Callable[[], datetime]) -> None:
        self._fallback = fallback
        self._now = now
        self._lines: list[StageLine] = []
        self._current: Cue | None = None
        self._has_begun = False
        self._notice: Message = messages.notice("idle", "")
        self._happened: asyncio.Queue[StageEvent] = asyncio.Queue()
        self._awaited_until: datetime | None = None

    @property
    def pages(self) -> int:
        """Pages that are open."""
        return len(self._lines)

    @property
    def speaker(self) -> StageLine | None:
        """The page whose acknowledgements count."""
        return next((line for line in self._lines if line.may_speak), None)

    async def play(self, cue: Cue) -> None:
        """Hand a cue to every page; without one that may speak, its time is simulated.

        While a page is awaited nothing is: who plays is asked again soon (live.speech).
        """
        self._has_begun = self._has_begun and self._is_current(cue.id)
        self._current = cue
        self._tell(messages.cue(cue))
        if self.speaker is None and not self._is_page_awaited:
            await self._fallback.play(cue)

    async def stop(self) -> None:
        """Stop what is being said."""
        self._current = None
        self._tell(messages.stop())
        await self._fallback.stop()

    async def events(self) -> AsyncIterator[StageEvent]:
        """Starts and ends, from the speaking page or from the simulation, for ever."""
        forward = asyncio.create_task(self._forward())
        try:
            while True:
                yield await self._happened.get()
        finally:
            forward.cancel()
            with suppress(asyncio.CancelledError):
                await forward

    def notice(self, state: str, line: str) -> None:
        """What the stage shows while nothing is said: paused, taken over, a holding line."""
        self._notice = messages.notice(state, line)
        self._tell(self._notice)

    def join(self, *, may_speak: bool) -> StageLine:
        """A page has come: it is told what the stage shows now."""
        line = StageLine(may_speak=may_speak)
        self._lines.append(line)
        line.put(self._notice)
        if self._current is not None and (self.speaker is not line or not self._has_begun):
            line.put(messages.cue(self._current))
        return line

    def await_page(self) -> None:
        """A page that spoke is gone for a moment, or was there before a restart."""
        self._awaited_until = self._now() + AWAITED

    def leave(self, line: StageLine) -> None:
        """A page has gone."""
        if line is self.speaker:
            self.await_page()
        with suppress(ValueError):
            self._lines.remove(line)

    def heard(self, line: StageLine, said: Mapping[str, Any]) -> None:
        """A page's acknowledgement; of a mirror, or of no known form, it changes nothing."""
        event = messages.acknowledged(said, self._now())
        if event is None or line is not self.speaker:
            return
        self._happen(event)

    @property
    def _is_page_awaited(self) -> bool:
        return self._awaited_until is not None and self._now() < self._awaited_until

    def _is_current(self, cue_id: str) -> bool:
        return self._current is not None and self._current.id == cue_id

    async def _forward(self) -> None:
        """What the simulation acknowledges, also of a cue that it began before a page came."""
        async for event in self._fallback.events():
            if event.kind is StageEventKind.ENDED:
                self._tell(messages.ended(event.cue_id))
            self._happen(event)

    def _happen(self, event: StageEvent) -> None:
        if self._is_current(event.cue_id):
            self._has_begun = True
            if event.kind is StageEventKind.ENDED:
                self._current = None
        self._happened.put_nowait(event)

    def _tell(self, message: Message) -> None:
        self._lines = [line for line in self._lines if line.put(message)]
