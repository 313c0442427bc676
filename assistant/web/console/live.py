"""A room's changes as server-sent events: a snapshot, then what changes; joined by `number`."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable

from assistant.errors import NotFound
from assistant.live.desk import LiveDesk
from assistant.live.hub import RoomEvent, Subscription
from assistant.live.room import LiveRoom
from assistant.web.console.views import changes_view, snapshot_view
from assistant.web.live.sse import Event

GATHER = 0.15
"""Seconds for which changes are gathered: a page draws a few times a second, not a thousand."""
CHECK = 30.0
"""Seconds between two looks whether the reader may still read."""


async def room_events(
    desk: LiveDesk, room_id: str, may_go_on: Callable[[], Awaitable[bool]]
) -> AsyncIterator[Event]:
    """The room for one console, until it ends here. A console that fell behind begins anew."""
    while True:
        try:
            live = desk.live(room_id)
        except NotFound:
            yield "closed", {}
            return
        subscription = live.subscribe()
        try:
            async for event in _followed(live, subscription, may_go_on):
                yield event
        finally:
            live.unsubscribe(subscription)
        if not subscription.dropped:
            yield ("closed" if room_id not in desk.open_rooms else "over"), {}
            return


async def _followed(
    live: LiveRoom, subscription: Subscription, may_go_on: Callable[[], Awaitable[bool]]
) -> AsyncIterator[Event]:
    now = live.snapshot()
    yield "snapshot", snapshot_view(now)
    number, checked = now.number, time.monotonic()
    async for first in subscription:
        await asyncio.sleep(GATHER)
        events = _after(number, [first, *subscription.ready()])
        if events:
            number = events[-1].number
            yield "changes", changes_view(events, live.snapshot())
        if time.monotonic() - checked > CHECK:
            if not await may_go_on():
                return
            checked = time.monotonic()


def _after(number: int, events: list[RoomEvent]) -> list[RoomEvent]:
    """What the snapshot does not hold yet."""
    return [event for event in events if event.number > number]
