"""Keeps a connector connected for ever, and knows how it is doing."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from assistant.domain.live import LiveEvent
from assistant.errors import Unavailable
from assistant.live.platforms.courier import Courier
from assistant.live.platforms.tasks import described, first_of
from assistant.live.seams import LiveClock, PlatformState, Receive


class LinkFailed(Unavailable):
    """A connection did not come about or broke; `rest` is the least wait before the next try."""

    def __init__(self, message: str, *, rest: float = 0.0, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.rest = rest


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a connector waits, in seconds. None switches a watch off.

    `first` and `cap` bound the wait between two tries (full jitter: any part of it). A connection
    that held for `good_spell` forgets earlier failures. Without any sign of life (event or
    heartbeat) for `dead_after` a connection is made anew; without an event for `silent_after` too,
    and the platform counts as silent: some sockets go on beating and deliver nothing until they
    are opened again (ordinaryroad-live-chat-client #153).
    """

    first: float = 1.0
    cap: float = 60.0
    good_spell: float = 60.0
    dead_after: float | None = 90.0
    silent_after: float | None = 600.0


JITTER = random.SystemRandom().random


class Jitter(Protocol):
    """Gives a number from 0 to 1."""

    def __call__(self) -> float:
        """The next one."""
        ...


class Supervisor:
    """Runs one connection after the other, and holds the `PlatformState`.

    A connector calls `connected`, `beat` and `deliver`; everything else is done here.
    """

    def __init__(
        self,
        name: str,
        clock: LiveClock,
        patience: Patience | None = None,
        jitter: Jitter = JITTER,
        *,
        can_reply: bool = False,
    ) -> None:
        self._clock = clock
        self._patience = patience or Patience()
        self._jitter = jitter
        self._state = PlatformState(name, connected=False, can_reply=can_reply)
        self._courier = Courier(self._pause, self.note)
        self._running_since: datetime | None = None
        self._connected_at: datetime | None = None
        self._alive_at = self._fresh_at = clock.now()

    @property
    def state(self) -> PlatformState:
        """How the connector is doing now."""
        return replace(self._state, is_silent=self._is_silent())

    @property
    def repeats(self) -> int:
        """Events that came again and were not handed over again."""
        return self._courier.recent.repeats

    def connected(self) -> None:
        """The connection stands: the platform accepted us."""
        self._connected_at = self._clock.now()
        self._state = replace(self._state, connected=True, last_error="")
        self.beat()

    def beat(self) -> None:
        """A sign of life that is no event."""
        self._alive_at = self._clock.now()

    def note(self, error: str) -> None:
        """Remember what went wrong without ending the connection. No secrets, no comments."""
        self._state = replace(self._state, last_error=error)

    async def deliver(self, events: Sequence[LiveEvent]) -> None:
        """Give events to the courier; waits only where very many already wait."""
        if events:
            now = self._clock.now()
            self._alive_at = self._fresh_at = now
            self._state = replace(self._state, last_event_at=now)
            await self._courier.put(events)

    async def run(self, connect: Callable[[], Awaitable[None]], receive: Receive) -> None:
        """Connect again and again until cancelled. `connect` ends when its connection does.

        What was delivered is handed over by a task of its own, so that a connection that breaks
        takes no event with it.
        """
        self._running_since = self._clock.now()
        try:
            await first_of(self._connections(connect), self._courier.run(receive))
        finally:
            self._disconnected()
            self._running_since = None
            await self._courier.finish(receive)

    async def _connections(self, connect: Callable[[], Awaitable[None]]) -> None:
        failures = 0
        while True:
            rest = await self._try(connect)
            failures = 0 if self._was_good() else failures + 1
            self._disconnected()
            await self._clock.sleep(max(rest, self._wait(failures)))
            self._state = replace(self._state, reconnects=self._state.reconnects + 1)

    async def _try(self, connect: Callable[[], Awaitable[None]]) -> float:
        """One connection, to its end; the least wait that its failure asks for."""
        try:
            await self._connection(connect)
        except LinkFailed as error:
            self.note(str(error))
            return error.rest
        except Exception as error:  # noqa: BLE001 - a connector never gives up, whatever comes
            self.note(described(error))
        else:
            self.note("平台关闭了连接")
        return 0.0

    async def _connection(self, connect: Callable[[], Awaitable[None]]) -> None:
        self._alive_at = self._fresh_at = self._clock.now()
        await first_of(connect(), self._watch())

    async def _watch(self) -> None:
        """Ends with LinkFailed when the connection shows no life, or no event, for too long."""
        while True:
            left = self._seconds_left()
            if left is None:
                await asyncio.Event().wait()
            elif left <= 0:
                raise LinkFailed("长时间没有收到任何消息，正在重新连接")
            else:
                await self._clock.sleep(left)

    def _seconds_left(self) -> float | None:
        if self._courier.is_full:
            self._alive_at = self._fresh_at = self._clock.now()
        now, patience = self._clock.now(), self._patience
        watches = ((self._alive_at, patience.dead_after), (self._fresh_at, patience.silent_after))
        left = [limit - (now - at).total_seconds() for at, limit in watches if limit is not None]
        return min(left, default=None)

    def _is_silent(self) -> bool:
        limit = self._patience.silent_after
        if self._running_since is None or limit is None:
            return False
        last = max(self._state.last_event_at or self._running_since, self._running_since)
        return self._clock.now() - last >= timedelta(seconds=limit)

    def _was_good(self) -> bool:
        if self._connected_at is None:
            return False
        held = self._clock.now() - self._connected_at
        return held >= timedelta(seconds=self._patience.good_spell)

    def _disconnected(self) -> None:
        self._connected_at = None
        self._state = replace(self._state, connected=False)

    async def _pause(self, failures: int) -> None:
        await self._clock.sleep(self._wait(failures))

    def _wait(self, failures: int) -> float:
        """Capped exponential backoff with full jitter."""
        ceiling = min(self._patience.cap, self._patience.first * 2.0 ** min(failures, 30))
        return self._jitter() * ceiling
