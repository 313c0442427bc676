"""A stream's last steps: it goes on air, and what became of it there.

A room says it (`live.broadcast`); the studio follows what the room has stored. All but `begin` are
the program's own steps and do nothing where the stream has come on by then.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from assistant.access.accounts import Account
from assistant.domain.audit import AuditEvent
from assistant.domain.clock import Clock, china_day
from assistant.domain.studio import StreamDraft
from assistant.domain.studio_flow import Approval, Step, Stream, StreamState, holds
from assistant.errors import Conflict
from assistant.records.studio import StudioRecords
from assistant.studio.desk import StudioDesk
from assistant.studio.rights import StudioRights
from assistant.studio.seams import Tell, untold
from assistant.studio.stepping import after, blocked

SYSTEM = "system"
PLANNED = frozenset({StreamState.SCHEDULED, StreamState.ON_AIR})
READY = frozenset({StreamState.APPROVED, StreamState.SCHEDULED})


@dataclass(frozen=True, slots=True)
class AiringParts:
    """What it works with; `tell` raises the alarm."""

    records: StudioRecords
    desk: StudioDesk
    rights: StudioRights
    clock: Clock
    tell: Tell = untold


@dataclass(frozen=True, slots=True)
class Aired:
    """What a room may say: a stream with its approval."""

    stream: Stream
    approval: Approval


class Airing:
    """Raises NotFound, Forbidden, and Conflict where a stream may not go on air."""

    def __init__(self, on: AiringParts) -> None:
        self._on = on

    async def ready(self, account: Account) -> list[Stream]:
        """What someone may put on air today, the next one first."""
        on = self._on
        today = china_day(on.clock())
        found = await on.desk.streams(account, READY)
        mine = (one for one in found if Step.AIR in on.rights.steps(account, one))
        due = [one for one in mine if one.day in (None, today)]
        return sorted(due, key=lambda one: (one.starts_at is None, one.starts_at, one.id))

    async def planned(self) -> list[Stream]:
        """What is scheduled, and what is on air."""
        return await self._on.records.listed(PLANNED)

    async def begin(self, account: Account | None, stream_id: str, room_id: str) -> Aired:
        """It goes on air in a room, by someone's hand or by the schedule.

        Raises Conflict where its words are not the approved ones, or do not hold today.
        """
        on = self._on
        stream = await on.records.get(stream_id)
        if account is not None:
            on.rights.step(account, stream, Step.AIR)
        approval = await self.check(stream)
        now = on.clock()

        def change(one: Stream) -> Stream:
            if one.approval != approval:
                raise Conflict("这场直播的状态变了，现在不能这样做", hint="请刷新页面")
            aired = replace(one, aired_at=now, room_id=room_id, alarm="")
            return after(aired, Step.AIR)

        by = account.id if account else SYSTEM
        event = AuditEvent(by, "studio.air", stream_id, {"room": room_id})
        moved = await on.records.move(stream_id, event, lambda one, _: change(one))
        return Aired(moved, approval)

    async def check(self, stream: Stream) -> Approval:
        """The approval by which a stream may be said today. Raises Conflict where it may not."""
        words = (await self._on.records.version(stream.id)).draft
        if stream.approval is None or not holds(stream.approval, words):
            raise Conflict("现在的稿子和批准的不一致，不能播出")
        await self._check(stream, words)
        return stream.approval

    async def ended(self, stream_id: str) -> None:
        """It was said to its end."""
        await self._program(stream_id, Step.END)

    async def stopped(self, stream_id: str) -> None:
        """It was ended before; the approval stands."""
        await self._program(stream_id, Step.STOP, lambda one: replace(one, starts_at=None))

    async def returned(self, stream_id: str, why: str) -> None:
        """A part of it fell: it goes back into review. The room tells of it."""
        await self._program(stream_id, Step.RETURN, lambda one: replace(one, alarm=why))

    async def not_begun(self, stream: Stream, why: str) -> None:
        """It did not go on air when it should have, and somebody is told why."""

        def change(one: Stream) -> Stream:
            return replace(one, alarm=why) if one.state in READY else one

        event = AuditEvent(SYSTEM, "studio.not_begun", stream.id, {"why": why})
        moved = await self._on.records.move(stream.id, event, lambda one, _: change(one))
        if moved.alarm == why:
            await self._on.tell(moved, f"直播稿《{moved.title}》没有按时开播：{why}")

    async def _check(self, stream: Stream, words: StreamDraft) -> None:
        """The day that the words name, and everything that blocks them today."""
        now: datetime = self._on.clock()
        if words.brief.day and words.brief.day != china_day(now):
            raise Conflict(
                f"稿子里写的是 {words.brief.day} 播", hint="到那一天再播，或按新日期重新起草并审核"
            )
        _, found = await self._on.desk.judged(replace(stream, starts_at=None), words)
        blocked(found, words)

    async def _program(
        self, stream_id: str, step: Step, change: Callable[[Stream], Stream] = lambda one: one
    ) -> None:
        def move(one: Stream, _: StreamDraft) -> Stream:
            return after(change(one), step) if one.state is StreamState.ON_AIR else one

        event = AuditEvent(SYSTEM, f"studio.{step}", stream_id, {})
        await self._on.records.move(stream_id, event, move)
