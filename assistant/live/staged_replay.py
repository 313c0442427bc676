"""A recorded stream fed through a room of the running service, in real time, its stage open.

The replay of live.replay steps one virtual clock; a page speaks by the machine's own. So here the
room is opened as on any day, the events enter it by its journal, and what a page acknowledges
counts. Nobody is alarmed and nobody is answered outside: the recording is over.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.domain.live import LiveEvent, Room
from assistant.errors import Conflict
from assistant.live.desk import LiveDesk
from assistant.live.export import Ended
from assistant.live.orders import Automatic, Beat
from assistant.live.platforms.recording import RecordedEvent
from assistant.live.replay import Progress
from assistant.live.replay_events import batches
from assistant.live.seams import LiveClock, LiveRecords
from assistant.live.states import ON_AIR

ACTOR = "回放"
BEAT = 20.0
LOOK = 0.5
"""Seconds between two looks at what is left at the end."""
LONGEST_END = 1800.0
"""Seconds for which what still waits at the end is said."""


@dataclass(frozen=True, slots=True)
class StagedReplay:
    """One run. `event_id` gives the recording's own id of a stored one."""

    desk: LiveDesk
    records: LiveRecords
    clock: LiveClock

    async def run(
        self,
        room: Room,
        events: Sequence[RecordedEvent],
        *,
        automatic: bool,
        progress: Progress | None = None,
    ) -> Ended:
        """Open the room, feed the events, let what waits be said, close the room.

        Raises Conflict where the room is on air.
        """
        if room.state in ON_AIR:
            hint = "请先结束直播，或换一个直播间编号"
            raise Conflict(f"直播间 {room.id} 正在直播", hint=hint)
        await self.records.put_room(replace(room, automatic=False, officers=()))
        live = await self.desk.open(room.id)
        beating = asyncio.create_task(self._beat(room.id))
        try:
            if automatic:
                await self.desk.command(room.id, Automatic(on=True), ACTOR)
            began = self.clock.now()
            await self._feed(room.id, live.session_id, events, progress)
            await self._until_said(room.id, live.session_id)
            await self.desk.close(room.id, ACTOR)
        finally:
            beating.cancel()
        await self.records.put_room(room)
        return Ended(room.id, live.session_id, began, self.clock.now())

    async def _feed(
        self,
        room_id: str,
        session_id: str,
        events: Sequence[RecordedEvent],
        progress: Progress | None,
    ) -> None:
        began, done = time.monotonic(), 0
        inlet = self.desk.inlet(room_id)
        for batch in batches(events):
            await asyncio.sleep(max(0.0, began + batch[-1].seconds - time.monotonic()))
            await inlet.receive([self._event(one, session_id) for one in batch])
            done += len(batch)
            if progress:
                progress(done, len(events))

    def _event(self, one: RecordedEvent, session_id: str) -> LiveEvent:
        """The event as if it happened now; its id carries the session: see `event_id`."""
        stored = f"{session_id}/{one.event.event_id}"
        return replace(one.event, event_id=stored, at=self.clock.now(), reply_to="")

    async def _until_said(self, room_id: str, session_id: str) -> None:
        """What still waits when the recording ends is said."""
        limit = time.monotonic() + LONGEST_END
        while time.monotonic() < limit:
            await asyncio.sleep(LOOK)
            now = self.desk.snapshot(room_id)
            undecided = (await self.records.backlog(session_id)).comments
            if not (undecided or now.current or now.waiting):
                return

    async def _beat(self, room_id: str) -> None:
        """Whoever replays is there."""
        while True:
            await asyncio.sleep(BEAT)
            await self.desk.command(room_id, Beat(), ACTOR)


def event_id(stored: str) -> str:
    """The recording's own id of an event that a replay stored."""
    return stored.partition("/")[2] or stored
