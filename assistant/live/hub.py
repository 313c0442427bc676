"""What a room committed, told to whoever watches: console, stage, viewer page."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from assistant.domain.live import Room
from assistant.domain.live_commit import Commit

LONGEST = 256
"""Events that may wait for a subscriber; a slower one is dropped and reads a snapshot again."""


@dataclass(frozen=True, slots=True)
class RoomEvent:
    """What changed in one step: exactly what was committed, harmful texts hidden.

    `number` grows by one a step of the room in this process; it joins a snapshot to the events
    after it. `room` is there where the room itself changed.
    """

    room_id: str
    number: int
    at: datetime
    changed: Commit
    room: Room | None = None


class Subscription:
    """The events for one subscriber; iteration ends when it is dropped or the room closes."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[RoomEvent | None] = asyncio.Queue(LONGEST)
        self.dropped = False

    def put(self, event: RoomEvent) -> bool:
        """Hand over an event; False where the subscriber is too slow and was dropped."""
        try:
            self._queue.put_nowait(event)
        except asyncio.QueueFull:
            self.dropped = True
            self._queue.get_nowait()
            self._queue.put_nowait(None)
        return not self.dropped

    def end(self) -> None:
        """No more events will come."""
        with suppress(asyncio.QueueFull):
            self._queue.put_nowait(None)

    def ready(self) -> list[RoomEvent]:
        """What has come and was not read yet; the end is left for the iteration."""
        events: list[RoomEvent] = []
        while not self._queue.empty():
            event = self._queue.get_nowait()
            if event is None:
                self._queue.put_nowait(None)
                break
            events.append(event)
        return events

    async def __aiter__(self) -> AsyncIterator[RoomEvent]:
        """The events, as they come."""
        while (event := await self._queue.get()) is not None:
            yield event


class Hub:
    """The subscribers of one room."""

    def __init__(self) -> None:
        self._subscriptions: list[Subscription] = []

    def subscribe(self) -> Subscription:
        """A new subscriber; take a snapshot after this, and drop events up to its number."""
        subscription = Subscription()
        self._subscriptions.append(subscription)
        return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        """The subscriber has gone."""
        with suppress(ValueError):
            self._subscriptions.remove(subscription)

    def tell(self, event: RoomEvent) -> None:
        """Hand an event to all; never waits."""
        self._subscriptions = [one for one in self._subscriptions if one.put(event)]

    def end(self) -> None:
        """Tell all that the room is closed here."""
        for one in self._subscriptions:
            one.end()
        self._subscriptions.clear()

    def __len__(self) -> int:
        return len(self._subscriptions)
