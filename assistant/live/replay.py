"""A recorded stream fed through the whole live path on one virtual clock (FORMATS §5)."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import cast

from assistant.domain.clock import NewId, china_day
from assistant.domain.live import Alert, Comment, EventType, LiveSession, Room, RoomState
from assistant.errors import Conflict, LostLease
from assistant.live.clocks import VirtualClock
from assistant.live.incoming import Incoming
from assistant.live.platforms.recording import RecordedEvent
from assistant.live.replay_events import batches
from assistant.live.room import LiveRoom
from assistant.live.seams import LiveClock, LiveRecords
from assistant.live.services import RoomConfig, RoomServices
from assistant.live.simulated import SimulatedStage

LEASE = 30.0
"""Seconds for which a replay holds its room before it renews."""
CONFIG = RoomConfig(heartbeat=None, escalate_after=1e9)
"""A recording has no officer: none is missed, and nobody is called."""
Progress = Callable[[int, int], None]
Build = Callable[[VirtualClock, SimulatedStage], RoomServices]


@dataclass(frozen=True, slots=True)
class Replayed:
    """A replay that ran to its end: its session, and the moment of its second 0."""

    session_id: str
    began: datetime
    ended: datetime


@dataclass(frozen=True, slots=True)
class Parts:
    """What a replay works with, each made on the replay's own clock."""

    records: LiveRecords
    incoming: Callable[[LiveClock, NewId], Incoming]
    build: Build


async def nobody(officer: str, alert: Alert) -> None:
    """A recorded emergency is over: nobody is told of it."""
    del officer, alert


class Replay:
    """One run of a recording through one room, in a session of its own.

    It begins now, or at another moment that is `began` (UTC); then it has its own time.
    """

    def __init__(
        self,
        parts: Parts,
        room: Room,
        session_id: str,
        *,
        automatic: bool,
        began: datetime | None = None,
    ) -> None:
        self._parts = parts
        self._stored = room
        self._room = replace(room, state=RoomState.OPEN, automatic=automatic, officers=())
        self._session_id = session_id
        self._began = began or datetime.now(UTC).replace(microsecond=0)
        self._clock = VirtualClock(self._began)
        self._stage = SimulatedStage(self._clock)
        self._numbers = count(1)
        self._renewed = 0.0
        self._incoming = parts.incoming(self._clock, self._new_id)
        self._event_ids: dict[str, str] = {}

    async def run(
        self,
        events: Sequence[RecordedEvent],
        *,
        speed: float | None = None,
        progress: Progress | None = None,
    ) -> Replayed:
        """Feed the events, each at its time; then let what waits be said.

        Raises Conflict where another process holds the room.
        """
        records = self._parts.records
        token = await self._lease()
        await records.open_session(LiveSession(self._session_id, self._room.id, self._began))
        live = LiveRoom(self._services(), self._room, self._session_id, token)
        try:
            await live.start()
            await self._feed(live, events, speed, progress)
            await self._drain(live)
            await live.close()
        finally:
            await live.stop()
            await records.put_room(self._stored)
            await records.release(self._room.id, token)
        return Replayed(self._session_id, self._began, self._clock.now())

    def _services(self) -> RoomServices:
        day = china_day(self._began)
        return replace(
            self._parts.build(self._clock, self._stage),
            records=cast("LiveRecords", _RoomStays(self._parts.records)),
            new_id=self._new_id,
            notify=nobody,
            repliers={},
            config=CONFIG,
            today=lambda _: day,
        )

    async def _feed(
        self,
        live: LiveRoom,
        events: Sequence[RecordedEvent],
        speed: float | None,
        progress: Progress | None,
    ) -> None:
        wall, done = time.monotonic(), 0
        for batch in batches(events):
            at = batch[-1].seconds
            if speed is not None:
                await asyncio.sleep(max(0.0, wall + at / speed - time.monotonic()))
            await self._until(live, self._began + timedelta(seconds=at))
            await live.take([self._comment(one) for one in batch if _is_comment(one)])
            await live.settle()
            await live.advance()
            await self._renew()
            done += len(batch)
            if progress:
                progress(done, len(events))

    async def _until(self, live: LiveRoom, moment: datetime) -> None:
        """Go on to a moment, stopping wherever the stage has something to tell."""
        while (due := self._stage.due) is not None and due <= moment:
            await self._step(live, due)
        self._clock.set(moment)

    async def _step(self, live: LiveRoom, moment: datetime) -> None:
        self._clock.set(moment)
        for event in self._stage.step():
            await live.staged(event)
        await live.advance()

    async def _drain(self, live: LiveRoom) -> None:
        """What still waits when the recording ends is said."""
        while (due := self._stage.due) is not None:
            await self._step(live, due)
            await self._renew()
        await live.settle()

    def _comment(self, one: RecordedEvent) -> Comment:
        """The event as the intake makes it; its stored id carries the session: see `event_id`."""
        incoming = self._incoming.records(self._room.id, self._session_id, [one.event])
        made = incoming[0].comment
        stored = f"{self._session_id}/{made.event_id}"
        self._event_ids[stored] = one.event.event_id
        at = self._began + timedelta(seconds=one.seconds)
        return replace(made, event_id=stored, received_at=at)

    def event_id(self, stored: str) -> str:
        """The recording's own id of an event."""
        return self._event_ids.get(stored, stored)

    def _new_id(self) -> str:
        """Ids in the order of making, so that equals stand alike in every run."""
        return f"{self._session_id}-{next(self._numbers):08d}"

    async def _lease(self) -> int:
        token = await self._parts.records.lease(self._room.id, self._session_id, LEASE)
        if token is None:
            hint = "请先结束直播，或换一个直播间编号"
            raise Conflict(f"直播间 {self._room.id} 正由另一个进程运行", hint=hint)
        self._renewed = time.monotonic()
        return token

    async def _renew(self) -> None:
        if time.monotonic() - self._renewed < LEASE / 3:
            return
        if await self._parts.records.lease(self._room.id, self._session_id, LEASE) is None:
            raise LostLease(f"直播间 {self._room.id} 已由另一个进程接管")
        self._renewed = time.monotonic()


def _is_comment(one: RecordedEvent) -> bool:
    return one.event.type is EventType.COMMENT


class _RoomStays:
    """Records in which a replay leaves the room's own row as it is."""

    def __init__(self, records: LiveRecords) -> None:
        self._records = records

    async def put_room(self, room: Room) -> None:
        """The room of a replay is not the real one: its state is stored nowhere."""

    def __getattr__(self, name: str) -> object:
        return getattr(self._records, name)
