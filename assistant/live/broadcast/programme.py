"""Begins what is due, by hand or by the schedule, and tells the studio what became of it.

A chore, in every process that serves. The room's own row says how a broadcast went; the stream
follows it. See decisions/0031.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import structlog

from assistant.access.accounts import Account
from assistant.domain.broadcast import Broadcast, BroadcastState, Taking
from assistant.domain.clock import Clock, NewId, china_day
from assistant.domain.live import AlertLevel, Room, RoomState
from assistant.domain.region import RegionTree
from assistant.domain.studio_flow import Stream, StreamState
from assistant.domain.workdays import Calendar
from assistant.errors import AssistantError, BadInput, Conflict
from assistant.jobs.chores import Chore
from assistant.live.beginning import go_on_air
from assistant.live.desk import LiveDesk
from assistant.live.orders import Begin
from assistant.live.states import ON_AIR
from assistant.studio.airing import Aired, Airing

log = structlog.get_logger()
PAUSE = 1.0
GRACE = timedelta(minutes=15)
"""So long after its time a stream is still begun by itself."""
LOST = timedelta(seconds=60)
"""A stream that is on air for longer, and that no room has begun, is not on air."""
ELSEWHERE = "稿子不是这个直播间所在地区的"
BY_ITSELF = "排期"
"""Who began what nobody pressed a button for."""


class Broadcasts(Protocol):
    """What rooms have stored (`records.live`)."""

    async def broadcasts_of(self, stream_id: str) -> Sequence[Broadcast]:
        """How often a script went on air, oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class ProgrammeParts:
    """What it works with. `taking` is each room's own setting."""

    desk: LiveDesk
    airing: Airing
    broadcasts: Broadcasts
    calendar: Callable[[], Awaitable[Calendar]]
    regions: RegionTree
    clock: Clock
    new_id: NewId
    taking: Callable[[str], Taking] = lambda _: Taking.AT_ONCE


class Programme:
    """The broadcasts of one organisation."""

    def __init__(self, on: ProgrammeParts) -> None:
        self._on = on
        self.chore = Chore("live.programme", self.run, PAUSE)

    async def ready(self, account: Account, room: Room) -> list[Stream]:
        """What someone may put on air in a room."""
        found = await self._on.airing.ready(account)
        return [one for one in found if self._is_for(one, room)]

    async def begin(
        self, account: Account, room_id: str, stream_id: str, taking: Taking | None = None
    ) -> None:
        """Put an approved stream on air in an open room.

        Raises NotFound, Forbidden; Conflict where room or stream is not ready for it.
        """
        self._free(room_id)
        aired = await self._on.airing.begin(account, stream_id, room_id)
        if not self._is_for(aired.stream, self._on.desk.live(room_id).room):
            await self._on.airing.stopped(stream_id)
            raise Conflict(ELSEWHERE)
        await self._begin(aired, room_id, account.display_name, taking)

    async def run(self) -> bool:
        """Look at everything that is planned or on air; nothing is left for at once."""
        for stream in await self._on.airing.planned():
            if stream.state is StreamState.ON_AIR:
                await self._follow(stream)
            elif stream.starts_at and stream.starts_at <= self._on.clock():
                await self._due(stream)
        return False

    async def _follow(self, stream: Stream) -> None:
        """The stream goes where its broadcast has gone."""
        on = self._on
        begun = [
            one
            for one in await on.broadcasts.broadcasts_of(stream.id)
            if stream.aired_at is None or one.begun_at >= stream.aired_at
        ]
        if not begun:
            if stream.aired_at is None or on.clock() - stream.aired_at > LOST:
                log.warning("broadcast_lost", stream=stream.id)
                await on.airing.stopped(stream.id)
        elif begun[-1].fallen:
            await on.airing.returned(stream.id, "；".join(one.why for one in begun[-1].fallen))
        elif begun[-1].state is BroadcastState.DONE:
            await on.airing.ended(stream.id)
        elif begun[-1].state is BroadcastState.STOPPED:
            await on.airing.stopped(stream.id)

    async def _due(self, stream: Stream) -> None:
        """Begin it in its room; where that cannot be, say why, and try again for a while."""
        try:
            await self._start(stream)
        except AssistantError as error:
            await self._told(stream, error.message)

    async def _told(self, stream: Stream, why: str) -> None:
        """Once for each reason: to the studio, by the alerts' way out, and in the room."""
        if stream.alarm == why:
            return
        log.warning("broadcast_not_begun", stream=stream.id)
        await self._on.airing.not_begun(stream, why)
        if stream.room_id and stream.room_id in self._on.desk.open_rooms:
            text = f"直播稿《{stream.title}》没有按时开播：{why}"
            live = self._on.desk.live(stream.room_id)
            await live.alarm("broadcast_not_begun", AlertLevel.URGENT, text)

    async def _start(self, stream: Stream) -> None:
        on = self._on
        if stream.starts_at and on.clock() - stream.starts_at > GRACE:
            raise Conflict("错过了播出时间，请在直播间手动播出或重新排期")
        days, today = await on.calendar(), china_day(on.clock())
        if not days.is_workday(today) and not stream.on_free_day:
            raise Conflict("今天按工作日历不上班，没有自动开播；要播请在直播间手动播出")
        if not stream.room_id:
            raise Conflict("排期时没有选直播间")
        room = await self._room(stream.room_id)
        if not self._is_for(stream, room):
            raise Conflict(ELSEWHERE)
        await on.airing.check(stream)
        if not await self._is_here(room):
            return
        self._free(room.id)
        aired = await on.airing.begin(None, stream.id, room.id)
        await self._begin(aired, room.id, BY_ITSELF)
        await self._tell_if_held(room.id, stream)

    async def _is_here(self, room: Room) -> bool:
        """Open it, if it is not; False where another process has it, which looks too."""
        desk = self._on.desk
        if room.id in desk.open_rooms:
            return True
        if room.state not in ON_AIR:
            with suppress(Conflict):
                await go_on_air(desk, room)
        return room.id in desk.open_rooms

    async def _begin(
        self, aired: Aired, room_id: str, actor: str, taking: Taking | None = None
    ) -> None:
        on = self._on
        live = on.desk.live(room_id)
        one = Broadcast(
            on.new_id(),
            room_id,
            live.session_id,
            aired.stream.id,
            aired.stream.title,
            aired.approval,
            actor,
            on.clock(),
            taking or on.taking(room_id),
        )
        try:
            await on.desk.command(room_id, Begin(one), actor)
        except BaseException:
            await on.airing.stopped(aired.stream.id)
            raise

    async def _tell_if_held(self, room_id: str, stream: Stream) -> None:
        """The script waits where the room may not speak: somebody must know."""
        room = self._on.desk.live(room_id).room
        if room.state is RoomState.OPEN and not room.muted:
            return
        text = (
            f"到了《{stream.title}》的播出时间，但直播间已暂停、停播报或由人工接管，恢复后自动开始"
        )
        await self._on.desk.live(room_id).alarm("broadcast_held", AlertLevel.URGENT, text)

    def _free(self, room_id: str) -> None:
        now = self._on.desk.live(room_id).broadcast
        if now is not None:
            raise Conflict(f"直播间正在播《{now.title}》", hint="先结束它，再播另一场")

    async def _room(self, room_id: str) -> Room:
        for room in await self._on.desk.rooms():
            if room.id == room_id:
                return room
        raise BadInput("排期时选的直播间已经没有了")

    def _is_for(self, stream: Stream, room: Room) -> bool:
        """A room says what its own region and those above it publish."""
        if stream.region is None or room.region is None:
            return True
        return stream.region in self._on.regions.lineage(room.region)
