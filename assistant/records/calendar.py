"""The days that an office set in its calendar; every change is in the audit chain."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.domain.audit import AuditEvent
from assistant.domain.clock import Clock
from assistant.domain.review import CaseState
from assistant.domain.workdays import CalendarDay
from assistant.errors import NotFound
from assistant.records import live_writes
from assistant.records.accounts_audit import AuditRecords
from assistant.records.database import Database
from assistant.records.schema_live import review_cases
from assistant.records.schema_review import calendar_days

OPEN = (CaseState.WAITING, CaseState.SENDING)


class CalendarRecords:
    """The calendar of one organisation. A change lets open cases get their deadlines anew."""

    def __init__(
        self, database: Database, organization: str, clock: Clock, audit: AuditRecords
    ) -> None:
        self._database = database
        self._organization = organization
        self._clock = clock
        self._audit = audit

    async def days(self) -> list[CalendarDay]:
        """All days that the office set, in order."""
        c = calendar_days.c
        query = select(c.day, c.is_workday, c.name).where(self._mine())
        async with self._database.read() as connection:
            rows = await connection.execute(query.order_by(c.day))
            return [CalendarDay(day, works, name, own=True) for day, works, name in rows]

    async def put(
        self, days: Sequence[CalendarDay], event: AuditEvent, recount: Collection[str]
    ) -> None:
        """Set days; cases of the classes in `recount` get their deadlines anew."""
        statement = live_writes.upsert(self._database.dialect, calendar_days)
        rows = [self._values(day, event.actor) for day in days]
        async with self._database.write() as connection:
            await self._recount(connection, recount)
            await connection.execute(statement, rows)
            await self._audit.append(connection, event)

    async def remove(self, day: date, event: AuditEvent, recount: Collection[str]) -> None:
        """Let a day be again as it was before the office set it. Raises NotFound."""
        gone = delete(calendar_days).where(self._mine(), calendar_days.c.day == day)
        async with self._database.write() as connection:
            await self._recount(connection, recount)
            if not (await connection.execute(gone)).rowcount:
                raise NotFound(f"{day} 没有单独设置过")
            await self._audit.append(connection, event)

    async def _recount(self, connection: AsyncConnection, classes: Collection[str]) -> None:
        """Open cases whose deadlines count workdays are received again (`review.reception`)."""
        c = review_cases.c
        own = c.organization_id == self._organization
        counted = own & c.state.in_(OPEN) & c.due_class.in_(classes) & (c.step == 0)
        await connection.execute(update(review_cases).where(counted).values(due_at=None))

    def _mine(self) -> ColumnElement[bool]:
        return calendar_days.c.organization_id == self._organization

    def _values(self, day: CalendarDay, actor: str) -> dict[str, object]:
        return {
            "organization_id": self._organization,
            "day": day.day,
            "is_workday": day.is_workday,
            "name": day.name,
            "actor": actor,
            "changed_at": self._clock(),
        }
