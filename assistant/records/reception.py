"""Cases that nobody has received yet, those that they may be like, and deadlines that move on.

Each change is one conditional UPDATE: with several processes one of them makes it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.domain.live import Urgency
from assistant.domain.review import CaseState, DeskCase, key_of
from assistant.records.database import AnyQuery, AnyRow, Database
from assistant.records.review_groups import CASES
from assistant.records.schema_live import live_questions as questions
from assistant.records.schema_live import live_sessions as sessions
from assistant.records.schema_live import review_cases as cases
from assistant.records.schema_live import rooms

IN_LIMIT = 400


@dataclass(frozen=True, slots=True)
class Arrival:
    """A waiting case with the question's words, its region, and whether its session is on air."""

    case: DeskCase
    question: str
    region: str | None
    on_air: bool


@dataclass(frozen=True, slots=True)
class Deadline:
    """What is written of a deadline."""

    due_at: datetime
    due_class: str
    due_from: datetime


class ReceptionRecords:
    """What reception reads and writes of one organisation's cases."""

    def __init__(self, database: Database, organization: str) -> None:
        self._database = database
        self._organization = organization

    async def arrivals(self, limit: int = 100) -> list[Arrival]:
        """Waiting cases without a deadline, oldest first."""
        return await self._arrivals(cases.c.due_at.is_(None), limit=limit)

    async def of(self, case_ids: Collection[str]) -> list[Arrival]:
        """Those of some cases that still wait."""
        return await self._arrivals(cases.c.id.in_(case_ids))

    async def received(self, but_for: Collection[str]) -> set[str]:
        """The ids of the waiting cases with a deadline, but for those of some codes."""
        where = self._waiting(), cases.c.due_at.is_not(None), cases.c.code.not_in(but_for)
        async with self._database.read() as connection:
            return {row[0] for row in await connection.execute(select(cases.c.id).where(*where))}

    async def receive(
        self, case_id: str, region: str | None, deadline: Deadline, like: str | None
    ) -> bool:
        """Give a new case its deadline and the group of one that it is like.

        False where another process has received it. Where that other one waits no longer, the
        case is alone.
        """
        async with self._database.write() as connection:
            group_id = await self._key(connection, like, region) if like else None
            values = _columns(deadline) | {"region": region, "group_id": group_id}
            return await self._set(connection, case_id, cases.c.due_at.is_(None), values)

    async def recount(self, case_id: str, deadline: Deadline) -> bool:
        """Give a case that was received before its deadline anew."""
        async with self._database.write() as connection:
            return await self._set(
                connection, case_id, cases.c.due_at.is_(None), _columns(deadline)
            )

    async def to_move(self, stream: str, urgent: str, emergency: str) -> list[Arrival]:
        """Cases whose class no longer fits: their session has ended, or they are more urgent now.

        The arguments name the classes.
        """
        c = cases.c
        ended = and_(c.due_class == stream, sessions.c.closed_at.is_not(None))
        is_urgent = or_(c.is_urgent, c.urgency == Urgency.URGENT)
        is_emergency = c.urgency == Urgency.EMERGENCY
        more = and_(is_urgent, ~is_emergency, c.due_class.not_in((stream, urgent)))
        most = and_(is_emergency, c.due_class != emergency)
        less = and_(~is_urgent, ~is_emergency, c.due_class == urgent)
        return await self._arrivals(c.due_at.is_not(None), or_(ended, more, most, less), limit=100)

    async def move(self, case: DeskCase, deadline: Deadline) -> bool:
        """Let another deadline count, unless it has changed meanwhile; its escalation begins."""
        same = cases.c.due_at == case.due_at, cases.c.due_class == case.due_class
        values = _columns(deadline) | {"step": 0}
        async with self._database.write() as connection:
            return await self._set(connection, case.id, and_(*same), values)

    async def _key(self, connection: AsyncConnection, like: str, region: str | None) -> str | None:
        """The group of a case that still waits in the same region."""
        same = cases.c.region.is_(None) if region is None else cases.c.region == region
        query = select(*CASES.columns).where(self._waiting(), cases.c.id == like, same)
        row = (await connection.execute(query.with_for_update())).first()
        return None if row is None else key_of(CASES.value(row))

    async def _set(
        self,
        connection: AsyncConnection,
        case_id: str,
        still: ColumnElement[bool],
        values: dict[str, Any],
    ) -> bool:
        changed = update(cases).where(self._waiting(), cases.c.id == case_id, still)
        return (await connection.execute(changed.values(**values))).rowcount > 0

    def _waiting(self) -> ColumnElement[bool]:
        return and_(
            cases.c.organization_id == self._organization, cases.c.state == CaseState.WAITING
        )

    async def _arrivals(
        self, *where: ColumnElement[bool], limit: int | None = None
    ) -> list[Arrival]:
        query = self._joined().where(self._waiting(), *where).order_by(cases.c.id).limit(limit)
        async with self._database.read() as connection:
            return [_arrival(row) for row in await connection.execute(query)]

    def _joined(self) -> AnyQuery:
        region = func.coalesce(cases.c.region, questions.c.region, rooms.c.region)
        room = and_(
            rooms.c.organization_id == cases.c.organization_id, rooms.c.id == cases.c.room_id
        )
        on_air = and_(sessions.c.id.is_not(None), sessions.c.closed_at.is_(None))
        named = func.coalesce(questions.c.text, "").label("question"), region, on_air
        return (
            select(*CASES.columns, *named)
            .outerjoin(questions, questions.c.id == cases.c.question_id)
            .outerjoin(rooms, room)
            .outerjoin(sessions, sessions.c.id == cases.c.session_id)
        )


def _columns(deadline: Deadline) -> dict[str, Any]:
    return {
        "due_at": deadline.due_at,
        "due_class": deadline.due_class,
        "due_from": deadline.due_from,
    }


def _arrival(row: AnyRow) -> Arrival:
    *case, question, region, on_air = row
    return Arrival(CASES.value(case), question, region, bool(on_air))


def parts(ids: Sequence[str]) -> list[Sequence[str]]:
    """Ids in lists that fit into one query."""
    return [ids[at : at + IN_LIMIT] for at in range(0, len(ids), IN_LIMIT)]
