"""All rooms that this process holds: opened, taken up again, driven, watched, closed."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from assistant.domain.clock import NewId
from assistant.domain.live import AlertLevel, LiveSession, Room
from assistant.errors import Conflict, LostLease, NotFound
from assistant.live.export import Ended, summarised
from assistant.live.hub import Subscription
from assistant.live.opening import on_air
from assistant.live.orders import Change
from assistant.live.outcome_lines import LineMaker, OutcomeLine, lines_of
from assistant.live.room import LiveRoom
from assistant.live.room_ids import check_room_id
from assistant.live.running import Inlet, Lease, Running
from assistant.live.seams import LiveClock, LiveRecords, Platform, PlatformState, Stage
from assistant.live.services import RoomServices
from assistant.live.snapshot import Snapshot
from assistant.live.states import ON_AIR, Move
from assistant.live.summary import Summary

if TYPE_CHECKING:
    from assistant.live.orders import Order

log = structlog.get_logger()
ADDRESSES = timedelta(days=7)
"""For how long a viewer can be reached with a late answer."""
AGAIN = 1.0
"""Seconds until a room that failed, or is held still, is tried again."""
TAKEN_UP = "服务上一次没有正常结束，直播间已接着运行，请看一眼画面和评论"
REOPENED = "直播间出错后已重新运行，收到的提问都在，请看一眼画面和评论"


@dataclass(frozen=True, slots=True)
class DeskParts:
    """What the rooms of a process work with.

    `services` makes a room's services on its stage; `inlet` opens where its events enter;
    `platforms` are the connectors of a room. `lease_seconds` is for how long a room stays ours
    without a renewal.
    """

    records: LiveRecords
    clock: LiveClock
    new_id: NewId
    services: Callable[[Room, Stage], RoomServices]
    stage: Callable[[Room], Stage]
    inlet: Callable[[Room, str], Awaitable[Inlet]]
    platforms: Callable[[Room], Sequence[Platform]]
    lease_seconds: float = 15.0
    opened: Callable[[LiveRoom], None] = lambda _: None
    """Told of each room that goes on air here."""


class LiveDesk:
    """The rooms of this process; the pages' one way to them."""

    def __init__(self, parts: DeskParts) -> None:
        self._parts = parts
        self._holder = parts.new_id()
        self._open: dict[str, Running] = {}
        self._lock = asyncio.Lock()
        self._again: set[asyncio.Task[None]] = set()
        self._leaving = False

    @property
    def open_rooms(self) -> Mapping[str, LiveRoom]:
        """The rooms on air here, by id."""
        return {room_id: running.live for room_id, running in self._open.items()}

    async def start(self) -> list[str]:
        """Take up the rooms that were on air when their process ended; gives those it has now.

        One that is held still, mostly by a lease that a killed process left, is taken up as soon
        as that has run out. Addresses that nobody answered to in time are erased.
        """
        taken = []
        await self._parts.records.expire_addresses(self._parts.clock.now() - ADDRESSES)
        for room in await self._parts.records.rooms():
            if room.state in ON_AIR and room.session_id:
                try:
                    await self._go_on(room.id)
                    taken.append(room.id)
                except Conflict:
                    log.warning("room_held_elsewhere", room=room.id)
                    self._later(self._take_up(room.id))
        return taken

    async def rooms(self) -> list[Room]:
        """All rooms of the organisation; those that are open here as they are now."""
        stored = await self._parts.records.rooms()
        return [self._open[one.id].live.room if one.id in self._open else one for one in stored]

    async def put(self, room: Room) -> None:
        """Create a room, or change its name, region, topic or officers while it is not on air.

        Raises BadInput for an id that cannot be one.
        """
        check_room_id(room.id)
        if room.id in self._open:
            raise Conflict("直播中不能修改直播间，请先结束直播")
        await self._parts.records.put_room(room)

    async def open(self, room_id: str) -> LiveRoom:
        """Put a room on air, or go on with its session.

        Raises NotFound for an unknown room, Conflict where another process holds it.
        """
        if self._leaving:
            raise Conflict("本进程正在停止，不再开播", hint="请稍后再试")
        async with self._lock:
            if room_id in self._open:
                return self._open[room_id].live
            running = await self._running(room_id)
            self._open[room_id] = running
            running.begin(lambda error: self._failed(room_id, error))
            self._parts.opened(running.live)
            return running.live

    async def close(self, room_id: str, actor: str) -> str:
        """End a room's session: what came in is decided first. Gives the session's id."""
        running = self._running_room(room_id)
        session_id = running.live.session_id
        await running.live.last_words()
        await running.live.command(Change(Move.CLOSE), actor)
        del self._open[room_id]
        await running.end()
        await running.live.close()
        await self._parts.records.release(room_id, running.lease.token)
        return session_id

    async def leave(self, limit: float) -> None:
        """Let go of all rooms for another process: what is being said may end before.

        Comments are taken until then; no room waits longer than `limit` seconds.
        """
        self._leaving = True
        speaking = [running.live.finish_speaking(limit) for running in self._open.values()]
        await asyncio.gather(*speaking, return_exceptions=True)
        await self.stop()

    async def stop(self) -> None:
        """Let go of all rooms without ending their sessions: another process may go on."""
        waiting = list(self._again)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        held = [(room_id, self._open.pop(room_id)) for room_id in list(self._open)]
        ended = await asyncio.gather(
            *(self._given_back(*one) for one in held), return_exceptions=True
        )
        if failed := [one for one in ended if isinstance(one, Exception)]:
            log.warning("rooms_not_given_back", rooms=len(failed), kind=type(failed[0]).__name__)

    async def _given_back(self, room_id: str, running: Running) -> None:
        await running.end()
        await running.live.stop()
        await self._parts.records.release(room_id, running.lease.token)

    async def reopened(self) -> None:
        """Wait until the rooms that broke are on air again, or given up."""
        while self._again:
            await asyncio.gather(*self._again)

    def live(self, room_id: str) -> LiveRoom:
        """An open room. Raises NotFound where it is not on air here."""
        return self._running_room(room_id).live

    async def command(self, room_id: str, order: "Order", actor: str) -> None:
        """Carry out a person's order in a room."""
        await self.live(room_id).command(order, actor)

    def snapshot(self, room_id: str) -> Snapshot:
        """A room as it is now."""
        return self.live(room_id).snapshot()

    def subscribe(self, room_id: str) -> Subscription:
        """What a room does from now on."""
        return self.live(room_id).subscribe()

    def attach(self, room_id: str, platform: Platform) -> None:
        """Read from one platform more."""
        self._running_room(room_id).attach(platform)

    def platform_states(self, room_id: str) -> list[PlatformState]:
        """How the connectors of a room are doing."""
        return self._running_room(room_id).states()

    def inlet(self, room_id: str) -> Inlet:
        """Where events enter a room, for platforms that are pushed to us."""
        return self._running_room(room_id).inlet

    async def outcomes(self, session: LiveSession) -> list[OutcomeLine]:
        """One line for every comment of a session (FORMATS §5)."""
        records = self._parts.records
        questions = (await records.backlog(session.id)).questions
        maker = LineMaker(questions, await records.cues(session.id), session.opened_at)
        return await lines_of(records, session.id, maker)

    async def review(self, session: LiveSession) -> Summary:
        """The 复盘 of a session, as far as it has come."""
        until = session.closed_at or self._parts.clock.now()
        ended = Ended(session.room_id, session.id, session.opened_at, until)
        return await summarised(self._parts.records, ended)

    def _running_room(self, room_id: str) -> Running:
        try:
            return self._open[room_id]
        except KeyError:
            raise NotFound(f"直播间 {room_id} 没有在本进程开播") from None

    async def _running(self, room_id: str) -> Running:
        """The room under our lease, its session taken up or begun."""
        parts = self._parts
        token = await parts.records.lease(room_id, self._holder, parts.lease_seconds)
        if token is None:
            raise Conflict(f"直播间 {room_id} 正由另一个进程运行")
        try:
            room = await on_air(parts.records, parts.clock, parts.new_id, room_id)
            return await self._begun(room, token)
        except BaseException:
            await parts.records.release(room_id, token)
            raise

    async def _begun(self, room: Room, token: int) -> Running:
        parts = self._parts
        stage = parts.stage(room)
        live = LiveRoom(parts.services(room, stage), room, str(room.session_id), token)
        try:
            await live.start()
            inlet = await parts.inlet(room, live.session_id)
        except BaseException:
            await live.stop()
            raise
        lease = Lease(self._holder, parts.lease_seconds, token)
        running = Running(live, inlet, stage, parts.records, parts.clock, lease)
        running.platforms.update({one.name: one for one in parts.platforms(room)})
        return running

    async def _failed(self, room_id: str, error: BaseException) -> None:
        """A room that broke is taken up again from its records; a lost one is another's now."""
        running = self._open.pop(room_id, None)
        if running is not None:
            again = not isinstance(error, LostLease)
            self._later(self._let_go(room_id, running, again=again))

    def _later(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._again.add(task)
        task.add_done_callback(self._again.discard)

    async def _take_up(self, room_id: str) -> None:
        """Wait for a lease to run out, for as long as the room is on air."""
        while True:
            await asyncio.sleep(AGAIN)
            try:
                room = await self._parts.records.room(room_id)
                if room is None or room.state not in ON_AIR:
                    return
                await self._go_on(room_id)
            except Conflict:
                continue
            except Exception as error:
                log.exception("room_not_taken_up", room=room_id, kind=type(error).__name__)
            else:
                return

    async def _go_on(self, room_id: str) -> None:
        """Open it; people are told where its last process ended without letting go of it."""
        last = await self._parts.records.holder(room_id)
        live = await self.open(room_id)
        if last and last != self._holder:
            await live.alarm("taken_up", AlertLevel.WARNING, TAKEN_UP)

    async def _let_go(self, room_id: str, running: Running, *, again: bool) -> None:
        await running.end()
        await running.live.stop()
        while again:
            await asyncio.sleep(AGAIN)
            try:
                live = await self.open(room_id)
                await live.alarm("reopened", AlertLevel.WARNING, REOPENED)
            except (Conflict, NotFound) as error:
                log.warning("room_not_reopened", room=room_id, why=type(error).__name__)
                return
            except Exception as error:
                log.exception("room_not_reopened", room=room_id, kind=type(error).__name__)
            else:
                return
