"""The 台账 as stored: pages, counts, and all rows in batches for an export."""

from collections.abc import AsyncIterator, Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.domain.clock import Clock
from assistant.domain.ledger import LedgerCounts, LedgerFilter, LedgerPage, LedgerRow
from assistant.domain.live import OutcomeKind
from assistant.domain.review import WITHDRAWN
from assistant.records.database import AnyRow, Database
from assistant.records.ledger_query import LedgerQuery
from assistant.records.ledger_rows import COLUMNS, completed
from assistant.records.schema_live import decisions, live_questions, review_cases, rooms
from assistant.records.schema_review import incidents

BATCH = 500
_KINDS = {
    "spoken": OutcomeKind.SPOKEN,
    "replied": OutcomeKind.REPLIED,
    "to_person": OutcomeKind.QUEUED_FOR_REVIEW,
    "merged": OutcomeKind.MERGED,
    "set_aside": OutcomeKind.SET_ASIDE,
}


class LedgerReads:
    """The ledger of one organisation. `clock` says what is overdue."""

    def __init__(self, database: Database, organization: str, clock: Clock) -> None:
        self._database = database
        self._organization = organization
        self._clock = clock

    async def page(
        self, which: LedgerFilter, limit: int = 50, cursor: str | None = None
    ) -> LedgerPage:
        """Rows, newest first, after a cursor."""
        async with self._database.read() as connection:
            rows = await self._rows(connection, which, limit + 1, cursor)
            more = len(rows) > limit
            found = await completed(connection, self._organization, rows[:limit])
        return LedgerPage(found, found[-1].id if more else None)

    async def batches(self, which: LedgerFilter) -> AsyncIterator[list[LedgerRow]]:
        """All rows, newest first, some hundred at a time."""
        cursor: str | None = None
        while True:
            page = await self.page(which, BATCH, cursor)
            yield list(page.rows)
            if page.cursor is None:
                return
            cursor = page.cursor

    async def of_question(self, question_id: str, limit: int = 200) -> list[LedgerRow]:
        """The rows that asked one question, oldest first."""
        own = decisions.c.question_id == question_id
        query = self._query(LedgerFilter()).select(*COLUMNS).where(own)
        async with self._database.read() as connection:
            found = await connection.execute(query.order_by(decisions.c.comment_id).limit(limit))
            return await completed(connection, self._organization, found.all())

    async def regions(self) -> list[str]:
        """The region codes that questions and rooms have."""
        asked = select(live_questions.c.region).where(
            live_questions.c.organization_id == self._organization,
            live_questions.c.region.is_not(None),
        )
        of_rooms = select(rooms.c.region).where(
            rooms.c.organization_id == self._organization, rooms.c.region.is_not(None)
        )
        async with self._database.read() as connection:
            return sorted(row[0] for row in await connection.execute(asked.union(of_rooms)))

    async def incidents(self, question_ids: Collection[str]) -> dict[str, str]:
        """The newest incident in which the answer to each question was taken back.

        It names one question of its stream itself; the others with the same answer are in the
        group of its case.
        """
        asked = review_cases.c
        same = (incidents.c.case_id == asked.id) | (incidents.c.case_id == asked.group_id)
        query = (
            select(asked.question_id, incidents.c.id)
            .join(incidents, same & (incidents.c.session_id == asked.session_id))
            .where(asked.organization_id == self._organization, asked.code == WITHDRAWN)
            .where(incidents.c.organization_id == self._organization)
            .where(asked.question_id.in_(sorted(question_ids)))
        )
        async with self._database.read() as connection:
            found = await connection.execute(query.order_by(incidents.c.id))
            return {row[0]: row[1] for row in found}

    async def counts(self, which: LedgerFilter) -> LedgerCounts:
        """How many rows the filter lets through, and how they ended."""
        query = self._query(which)
        columns = {name: _sum(decisions.c.kind == kind) for name, kind in _KINDS.items()}
        columns |= {
            "rows": func.count(),
            "questions": _sum(decisions.c.is_question),
            "waiting": _sum(query.waiting()),
            "handed": _sum(query.handed()),
            "overdue": _sum(query.overdue()),
        }
        counted = query.select(*(column.label(name) for name, column in columns.items()))
        async with self._database.read() as connection:
            row = (await connection.execute(counted)).one()
        return replace(
            LedgerCounts(), **{name: value or 0 for name, value in row._asdict().items()}
        )

    def _query(self, which: LedgerFilter) -> LedgerQuery:
        now: datetime = self._clock()
        return LedgerQuery(self._organization, self._database.dialect, which, now)

    async def _rows(
        self, connection: AsyncConnection, which: LedgerFilter, limit: int, cursor: str | None
    ) -> list[AnyRow]:
        query = self._query(which).select(*COLUMNS)
        if cursor is not None:
            query = query.where(decisions.c.comment_id < cursor)
        ordered = query.order_by(decisions.c.comment_id.desc()).limit(limit)
        return list((await connection.execute(ordered)).all())


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
