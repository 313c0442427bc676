"""Streams whose sources changed: parts are marked, an approval is taken back with an alarm."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol

import structlog

from assistant.domain.audit import AuditEvent
from assistant.domain.clock import Clock, china_day
from assistant.domain.source import SourceHeader
from assistant.domain.studio import StreamDraft
from assistant.domain.studio_flow import Step, Stream, StreamState
from assistant.jobs.chores import Chore
from assistant.records.events import EventRecords
from assistant.records.sources import IndexChange
from assistant.records.studio import StudioRecords
from assistant.studio.resting import of_facts
from assistant.studio.seams import Tell, untold
from assistant.studio.standing import Ground, Grounds
from assistant.studio.stepping import after

log = structlog.get_logger()
CHANGES, DAYS = "studio.sources", "studio.days"
BATCH = 1000
SYSTEM = "system"
LIVING = frozenset(
    {
        StreamState.DRAFT,
        StreamState.IN_REVIEW,
        StreamState.CHANGES_ASKED,
        StreamState.APPROVED,
        StreamState.SCHEDULED,
        StreamState.ON_AIR,
    }
)
APPROVED = frozenset({StreamState.APPROVED, StreamState.SCHEDULED, StreamState.ON_AIR})


class Changes(Protocol):
    """What changed among the sources (`SourceRepository`)."""

    async def changes(self, after: int, limit: int = ...) -> list[IndexChange]:
        """Rows after a number, in order."""
        ...

    async def superseding(self) -> list[SourceHeader]:
        """The headers of sources in use that take the place of others."""
        ...


@dataclass(frozen=True, slots=True)
class FollowingParts:
    """What it works with; `tell` raises the alarm."""

    records: StudioRecords
    grounds: Grounds
    changes: Changes
    offsets: EventRecords
    clock: Clock
    tell: Tell = untold


class StudioFollowing:
    """Follows the sources, and once a day looks at all dates. Idempotent."""

    def __init__(self, on: FollowingParts) -> None:
        self._on = on
        self.chore = Chore("studio.sources", self.run)

    async def run(self) -> bool:
        """Look at some changes, or at the day where it is a new one; whether there was anything."""
        on = self._on
        batch = await on.changes.changes(await on.offsets.at(CHANGES), BATCH)
        if not batch:
            return await self._new_day()
        touched = await self._touched({change.source_id for change in batch})
        for stream in await on.records.listed(LIVING):
            if touched & set(stream.sources):
                await self.check(stream)
        await on.offsets.done(CHANGES, batch[-1].seq)
        return True

    async def check(self, stream: Stream) -> None:
        """Mark what no longer rests on anything; take an approval of it back."""
        on = self._on
        words = (await on.records.version(stream.id)).draft
        day = china_day(stream.starts_at) if stream.starts_at else words.brief.day
        today = china_day(on.clock())
        grounds = await on.grounds.of(words.facts, max(day or today, today))
        fallen = [ground for ground in grounds if not ground.stands]
        if not fallen:
            return
        why = "；".join(map(_why, fallen))
        changed = frozenset(_facts(words, fallen))
        event = AuditEvent(SYSTEM, "studio.source_changed", stream.id, {"why": why})

        def mark(now: Stream, draft: StreamDraft) -> Stream:
            marks = of_facts(draft, changed, why, now.marks, on.clock())
            if now.state not in APPROVED:
                return replace(now, marks=marks)
            return replace(after(now, Step.RETURN), marks=marks, alarm=why)

        moved = await on.records.move(stream.id, event, mark)
        if stream.state in APPROVED and moved.state is StreamState.IN_REVIEW:
            log.warning("studio_approval_returned", stream=stream.id, sources=len(fallen))
            await on.tell(moved, f"直播稿《{moved.title}》已退回审核：{why}")

    async def _new_day(self) -> bool:
        on = self._on
        day = china_day(on.clock()).toordinal()
        if await on.offsets.at(DAYS) >= day:
            return False
        for stream in await on.records.listed(APPROVED):
            await self.check(stream)
        await on.offsets.done(DAYS, day)
        return True

    async def _touched(self, changed: set[str]) -> set[str]:
        """What changed, and what it takes the place of."""
        newer = [one for one in await self._on.changes.superseding() if one.id in changed]
        return changed | {old for one in newer for old in one.supersedes}


def _why(ground: Ground) -> str:
    return f"依据《{ground.title}》{ground.why or '的内容有改动'}"


def _facts(words: StreamDraft, fallen: Iterable[Ground]) -> Iterable[str]:
    """The facts that fell: all of a source that does not hold, else those that changed."""
    for ground in fallen:
        if ground.why:
            yield from (one.id for one in words.facts if one.source_id == ground.source_id)
        else:
            yield from ground.changed
