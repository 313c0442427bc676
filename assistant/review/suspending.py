"""Learnt answers whose sources changed stop answering at once and come back for review."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol

import structlog

from assistant.domain.clock import Clock, NewId, china_day
from assistant.domain.review import SUSPENDED, DeskCase, LearnedAnswer, LearnedState
from assistant.domain.source import SourceHeader
from assistant.errors import NotFound
from assistant.records.events import EventRecords
from assistant.records.learned import SYSTEM, LearnedRecords
from assistant.records.sources import IndexChange
from assistant.review.chores import Chore
from assistant.review.learnt_faqs import LearntFaqs
from assistant.review.standing import Standing

log = structlog.get_logger()
CHANGES, DAYS = "suspending", "suspending_days"
"""Under which names it is remembered how far the looks at changes and at days have come."""
BATCH = 1000


class Changes(Protocol):
    """What changed among the sources (`SourceRepository`)."""

    async def changes(self, after: int, limit: int = ...) -> list[IndexChange]:
        """Rows after a number, in order."""
        ...

    async def superseding(self) -> list[SourceHeader]:
        """The headers of sources in use that take the place of others."""
        ...


@dataclass(frozen=True, slots=True)
class SuspendingParts:
    """What it works with."""

    records: LearnedRecords
    faqs: LearntFaqs
    standing: Standing
    changes: Changes
    offsets: EventRecords
    clock: Clock
    new_id: NewId


class Suspending:
    """Follows the sources, and once a day looks at all dates."""

    def __init__(self, on: SuspendingParts) -> None:
        self._on = on
        self.chore = Chore("suspending", self.run)

    async def run(self) -> bool:
        """Look at some changes, or at the day where it is a new one; whether there was anything."""
        on = self._on
        batch = await on.changes.changes(await on.offsets.at(CHANGES), BATCH)
        if not batch:
            return await self._new_day()
        for row in await self._resting_on({change.source_id for change in batch}):
            await self.check(row)
        await on.offsets.done(CHANGES, batch[-1].seq)
        return True

    async def check(self, row: LearnedAnswer) -> None:
        """Suspend an answer that cannot stand as it is; one that can follows its sources."""
        if row.state is not LearnedState.ACTIVE or not row.basis:
            return
        why = await self._on.standing.why_not(row.basis, china_day(self._on.clock()))
        if why:
            await self._suspend(row, why)
            return
        basis = await self._on.standing.current(row.basis)
        if basis != row.basis:
            new = replace(row, basis=basis, changed_at=self._on.clock())
            await self._on.records.keep(new, row, SYSTEM)

    async def _suspend(self, row: LearnedAnswer, why: str) -> None:
        """The row first: from then on, whatever happens, the FAQ follows it out of use."""
        on = self._on
        lead = await self._lead(row)
        case = asked_again(lead, SUSPENDED, f"{why}，请重新确认这条答复", on.clock, on.new_id)
        state, now = LearnedState.SUSPENDED, on.clock()
        new = replace(row, state=state, why=why, case_id=case.id, changed_at=now)
        if await on.records.keep(new, row, SYSTEM, case):
            log.info("learned_suspended", faq=row.faq_id, case=case.id)
        await on.faqs.follow(row.faq_id)

    async def _lead(self, row: LearnedAnswer) -> DeskCase:
        """The case that it came from; one without a room where that was purged."""
        try:
            return (await self._on.records.decided(row.resolution_id)).lead
        except NotFound:
            return DeskCase("", "", "", "", SUSPENDED, "", row.changed_at, region=row.region)

    async def _new_day(self) -> bool:
        """Look at all dates, and at all FAQs that the program left behind when it stopped."""
        day = china_day(self._on.clock()).toordinal()
        if await self._on.offsets.at(DAYS) >= day:
            return False
        rows = await self._on.records.of_states(LearnedState)
        for row in rows:
            await self.check(row)
        for row in await self._on.faqs.astray(rows):
            await self._on.faqs.follow(row.faq_id)
        await self._on.offsets.done(DAYS, day)
        return True

    async def _resting_on(self, changed: Iterable[str]) -> list[LearnedAnswer]:
        """Answers that rest on what changed, or on what it takes the place of."""
        rows = [row for row in await self._on.records.of_states([LearnedState.ACTIVE]) if row.basis]
        if not rows:
            return []
        newer = [one for one in await self._on.changes.superseding() if one.id in changed]
        touched = {*changed, *(old for one in newer for old in one.supersedes)}
        return [row for row in rows if any(one.source_id in touched for one in row.basis)]


def asked_again(lead: DeskCase, code: str, reason: str, clock: Clock, new_id: NewId) -> DeskCase:
    """A case of the desk's own about what was asked before; no room waits for it."""
    now = clock()
    return DeskCase(
        id=new_id(),
        room_id=lead.room_id,
        session_id=lead.session_id,
        question_id=lead.question_id,
        code=code,
        reason=reason,
        made_at=now,
        settled_at=now,
        region=lead.region,
    )
