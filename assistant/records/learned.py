"""Learnt answers as stored, the decisions that they came from, the cases that ask about them.

The row of a learnt answer is the truth about it; its FAQ among the sources follows the row.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Update, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.domain.audit import AuditEvent
from assistant.domain.live import LiveQuestion
from assistant.domain.review import (
    CaseState,
    DeskCase,
    LearnedAnswer,
    LearnedState,
    Resolution,
)
from assistant.domain.source import NATIONAL
from assistant.errors import NotFound
from assistant.records.accounts_audit import AuditRecords
from assistant.records.database import Database
from assistant.records.live_rows import QUESTIONS, Rows, T
from assistant.records.live_writes import new_only
from assistant.records.review_groups import CASES
from assistant.records.review_resolutions import RESOLUTIONS
from assistant.records.schema_live import live_questions, review_cases
from assistant.records.schema_review import learned_answers, review_resolutions

LEARNED = Rows(LearnedAnswer, learned_answers)

SYSTEM = "system"
"""The actor of what no person did."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A resolution with the cases that it settled, the lead first, and what they ask."""

    resolution: Resolution
    cases: tuple[DeskCase, ...]
    questions: tuple[LiveQuestion, ...]
    """In the order of the cases."""

    @property
    def lead(self) -> DeskCase:
        """The case that the reviewer had before them."""
        return self.cases[0]

    @property
    def asked(self) -> LiveQuestion:
        """Its question."""
        return self.questions[0]

    @property
    def region(self) -> str:
        """Where the answer holds."""
        return self.lead.region or self.asked.region or NATIONAL


class LearnedRecords:
    """The learnt answers of one organisation."""

    def __init__(self, database: Database, organization: str, audit: AuditRecords) -> None:
        self._database = database
        self._organization = organization
        self._audit = audit

    async def decided(self, resolution_id: str) -> Decided:
        """A resolution with what it settled. Raises NotFound."""
        found = await self._all(RESOLUTIONS, review_resolutions.c.id == resolution_id)
        if not found:
            raise NotFound("没有这条处理结果")
        ids = found[0].case_ids
        cases = {one.id: one for one in await self._all(CASES, review_cases.c.id.in_(ids))}
        wanted = [one.question_id for one in cases.values()]
        rows = await self._all(QUESTIONS, live_questions.c.id.in_(wanted))
        asked = {one.id: one for one in rows}
        known = [one for i in ids if (one := cases.get(i)) and one.question_id in asked]
        if not known:
            raise NotFound("这条处理结果没有问题")
        return Decided(found[0], tuple(known), tuple(asked[one.question_id] for one in known))

    async def get(self, faq_id: str) -> LearnedAnswer | None:
        """A learnt answer by the id of its FAQ."""
        found = await self._all(LEARNED, learned_answers.c.faq_id == faq_id)
        return found[0] if found else None

    async def of_case(self, case_id: str) -> LearnedAnswer | None:
        """The learnt answer that a case is about."""
        found = await self._all(LEARNED, learned_answers.c.case_id == case_id)
        return found[0] if found else None

    async def of_states(
        self, states: Iterable[LearnedState], region: str | None = None
    ) -> list[LearnedAnswer]:
        """Learnt answers in some states, of one region or of all, by id."""
        where: list[ColumnElement[bool]] = [
            learned_answers.c.state.in_([state.value for state in states])
        ]
        if region is not None:
            where.append(learned_answers.c.region == region)
        return await self._all(LEARNED, *where)

    async def keep(
        self,
        new: LearnedAnswer,
        before: LearnedAnswer | None,
        actor: str,
        case: DeskCase | None = None,
    ) -> bool:
        """Write an answer as it is now; False where it is no longer as it was `before`.

        `case` is opened with it. What another case still asked about it is settled by this.
        """
        async with self._database.write() as connection:
            if not await self._written(connection, new, before):
                return False
            if before is not None and before.case_id not in (None, new.case_id):
                await connection.execute(self._closed(before.case_id))
            if case is not None:
                row = CASES.values(self._organization, case)
                await connection.execute(insert(review_cases).values(row))
            told = {"resolution": new.resolution_id, "case": new.case_id, "why": new.why}
            event = AuditEvent(actor, f"learned.{new.state}", new.faq_id, told)
            await self._audit.append(connection, event)
        return True

    async def agreed(self, resolution_id: str, account_id: str, at: datetime) -> None:
        """Note who agreed to an answer without a source; the first one stays."""
        c = review_resolutions.c
        own = c.organization_id == self._organization, c.id == resolution_id
        noted = update(review_resolutions).where(*own, c.second_by.is_(None))
        async with self._database.write() as connection:
            await connection.execute(noted.values(second_by=account_id, second_at=at))

    async def close(self, case_id: str) -> None:
        """A case that waits has nothing left to ask."""
        async with self._database.write() as connection:
            await connection.execute(self._closed(case_id))

    async def _written(
        self, connection: AsyncConnection, new: LearnedAnswer, before: LearnedAnswer | None
    ) -> bool:
        row, c = LEARNED.values(self._organization, new), learned_answers.c
        if before is None:
            made = new_only(self._database.dialect, learned_answers).returning(c.faq_id)
            return (await connection.execute(made, [row])).first() is not None
        as_it_was = (
            c.organization_id == self._organization,
            c.faq_id == before.faq_id,
            c.resolution_id == before.resolution_id,
            c.state == before.state,
            c.changed_at == before.changed_at,
        )
        changed = update(learned_answers).where(*as_it_was).values(row)
        return (await connection.execute(changed)).rowcount > 0

    def _closed(self, case_id: str | None) -> Update:
        c = review_cases.c
        own = c.organization_id == self._organization, c.id == case_id
        waiting = update(review_cases).where(*own, c.state == CaseState.WAITING)
        return waiting.values(state=CaseState.RESOLVED, holder=None, held_until=None)

    async def _all(self, kind: Rows[T], *where: ColumnElement[bool]) -> list[T]:
        own = kind.table.c.organization_id == self._organization
        query = select(*kind.columns).where(own, *where)
        async with self._database.read() as connection:
            rows = await connection.execute(query.order_by(*kind.table.primary_key))
            return [kind.value(row) for row in rows]
