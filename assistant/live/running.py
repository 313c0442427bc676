"""An open room in the service: its tasks, by the machine's time, until it is closed or lost."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import structlog

from assistant.domain.live import AlertLevel, EventType, LiveEvent
from assistant.errors import LostLease
from assistant.live.pace import Pace
from assistant.live.room import LiveRoom
from assistant.live.seams import Batch, Feed, LiveClock, LiveRecords, Platform, PlatformState, Stage

log = structlog.get_logger()
LAST_CALL = 0.2
"""Seconds for which a room that ends still takes what is on its way in."""
AGAIN = 1.0
"""Seconds until a connector that broke is begun again."""
AT_ONCE = 2
"""Batches under way: one that is being placed and one that is being stored."""
TICK = 0.5
"""Seconds between two looks at speech, alerts and heartbeat."""


class Inlet(Feed, Protocol):
    """Where events enter a room: journaled, then fed to the engine (live.intake)."""

    async def receive(self, events: Sequence[LiveEvent]) -> None:
        """Take events; when it returns they are on disk."""
        ...

    async def close(self) -> None:
        """Write out what is held; no more events come."""
        ...


@dataclass(frozen=True, slots=True)
class Lease:
    """How a room is held: for how many seconds, by whom, under which token."""

    holder: str
    seconds: float
    token: int


@dataclass(slots=True)
class Running:
    """A room, and the tasks that drive it."""

    live: LiveRoom
    inlet: Inlet
    stage: Stage
    records: LiveRecords
    clock: LiveClock
    lease: Lease
    platforms: dict[str, Platform] = field(default_factory=dict)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _silent: set[str] = field(default_factory=set)
    _refusing: set[str] = field(default_factory=set)
    _draining: asyncio.Event = field(default_factory=asyncio.Event)
    _pace: Pace = field(init=False)

    def __post_init__(self) -> None:
        self._pace = Pace(self.live.alarm)

    def begin(self, failed: Callable[[BaseException], Awaitable[None]]) -> None:
        """Start the tasks; `failed` is called once, with what ended one of them."""
        works = (self._pump, self._tick, self._listen, self._renew)
        for work in works:
            self._tasks.append(asyncio.create_task(self._watched(work, failed)))
        for platform in self.platforms.values():
            self._run(platform)

    def attach(self, platform: Platform) -> None:
        """Read from a platform too."""
        self.platforms[platform.name] = platform
        self._run(platform)

    def states(self) -> list[PlatformState]:
        """How the connectors are doing."""
        return [platform.state for platform in self.platforms.values()]

    async def end(self) -> None:
        """End the tasks; what is on its way in is decided first, where that still works."""
        mine, pump = asyncio.current_task(), self._tasks[0] if self._tasks else None
        for task in self._tasks[1:]:
            if task is not mine:
                task.cancel()
        self._draining.set()
        tasks = [task for task in self._tasks if task is not mine]
        if mine in self._tasks and pump is not None and pump is not mine:
            pump.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._tasks.clear()
        await self.inlet.close()

    def _run(self, platform: Platform) -> None:
        self._tasks.append(asyncio.create_task(self._read(platform)))

    async def _watched(
        self,
        work: Callable[[], Awaitable[None]],
        failed: Callable[[BaseException], Awaitable[None]],
    ) -> None:
        try:
            await work()
        except Exception as error:
            log.exception("room_failed", room=self.live.room.id, kind=type(error).__name__)
            await failed(error)

    async def _pump(self) -> None:
        """Batches in their order; while one is stored the next is placed already."""
        under_way: set[asyncio.Task[None]] = set()
        try:
            while (batch := await self._next_while(under_way)) is not None:
                under_way.add(asyncio.create_task(self._take(batch)))
                while len(under_way) >= AT_ONCE:
                    await _some_done(under_way)
            while under_way:
                await _some_done(under_way)
        finally:
            for task in under_way:
                task.cancel()

    async def _next_while(self, under_way: set[asyncio.Task[None]]) -> Batch | None:
        """The next batch; raises at once what a batch under way raised."""
        coming = asyncio.create_task(self._next())
        try:
            while not coming.done():
                await _some_done(under_way, coming)
            return coming.result()
        finally:
            coming.cancel()

    async def _take(self, batch: Batch) -> None:
        if batch.comments:
            begun = time.monotonic()
            await self.live.take(batch.comments, batch.addresses)
            self.inlet.confirm(batch.comments)
            await self._pace.stalled(begun)
            await self._pace.taken(self.clock.now(), batch.comments[0].received_at)
        for event in batch.events:
            if event.type is EventType.PLATFORM_WARNING:
                text = f"{event.platform} 平台发出警告，请查看"
                await self.live.alarm("platform_warning", AlertLevel.URGENT, text)

    async def _next(self) -> Batch | None:
        """What came in; None when the room ends and nothing more comes."""
        coming = asyncio.ensure_future(self.inlet.next())
        ending = asyncio.ensure_future(self._draining.wait())
        try:
            await asyncio.wait({coming, ending}, return_when=asyncio.FIRST_COMPLETED)
            if not coming.done():
                await asyncio.wait({coming}, timeout=LAST_CALL)
            return coming.result() if coming.done() else None
        finally:
            coming.cancel()
            ending.cancel()

    async def _tick(self) -> None:
        while True:
            begun = time.monotonic()
            await self.live.advance()
            await self._hear_silence()
            await self._hear_refusals()
            await self.clock.sleep(TICK)
            await self._pace.look(begun)

    async def _listen(self) -> None:
        async for event in self.stage.events():
            await self.live.staged(event)

    async def _renew(self) -> None:
        room_id = self.live.room.id
        while True:
            await asyncio.sleep(self.lease.seconds / 3)
            held = await self.records.lease(room_id, self.lease.holder, self.lease.seconds)
            if held != self.lease.token:
                raise LostLease(f"直播间 {room_id} 已由另一个进程接管")

    async def _read(self, platform: Platform) -> None:
        """A connector reconnects by itself; one that ends all the same is begun again."""
        while True:
            try:
                await platform.run(self.inlet.receive)
            except Exception as error:
                log.exception("platform_failed", platform=platform.name, kind=type(error).__name__)
            else:
                return
            await self.clock.sleep(AGAIN)

    async def _hear_silence(self) -> None:
        """Alarm once when nothing came from a platform for longer than its set time."""
        for state in self.states():
            if state.is_silent and state.name not in self._silent:
                text = f"{state.name} 长时间没有收到消息，请检查连接"
                await self.live.alarm("silence", AlertLevel.WARNING, text)
        self._silent = {state.name for state in self.states() if state.is_silent}

    async def _hear_refusals(self) -> None:
        """Alarm once when a platform takes no replies; who asked there reads nothing."""
        refusing = self.live.refusing
        for name in sorted(refusing - self._refusing):
            text = f"{name} 平台不接收回复，网友收不到文字答复，请检查账号和连接"
            await self.live.alarm("replies_refused", AlertLevel.WARNING, text)
        if self._refusing and not refusing:
            await self.live.over("replies_refused", "平台已接收回复")
        self._refusing = set(refusing)


async def _some_done(tasks: set[asyncio.Task[None]], *others: asyncio.Task[Any]) -> None:
    """Wait until one of all is done; takes those of `tasks` out that are. Raises what they did."""
    await asyncio.wait({*tasks, *others}, return_when=asyncio.FIRST_COMPLETED)
    for task in [task for task in tasks if task.done()]:
        tasks.discard(task)
        task.result()
