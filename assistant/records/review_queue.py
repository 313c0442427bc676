"""The queue as rows: groups by urgency, what the night left, then by deadline, then by id.

A group is as urgent, and due as soon, as the first of its cases. The groups are formed in the
database, what a page shows of them is read afterwards: 10,000 open cases cost some milliseconds.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, case, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.domain.live import Urgency
from assistant.domain.review import NIGHT, CaseState, DeskCase, key_of
from assistant.records.accounts_schema import accounts
from assistant.records.database import AnyQuery, AnyRow, Database
from assistant.records.review_groups import CASES, ids_of
from assistant.records.schema import UtcDateTime
from assistant.records.schema_live import live_questions as questions
from assistant.records.schema_live import live_sessions as sessions
from assistant.records.schema_live import review_cases as cases
from assistant.records.schema_live import rooms

NO_DEADLINE = datetime(9999, 12, 30, tzinfo=UTC)
"""Stands for the deadline of a case that has none: it comes last."""
RANKS = (Urgency.EMERGENCY, Urgency.URGENT, Urgency.NORMAL, Urgency.NORMAL)
"""How urgent a group is, by its rank; what the night left goes before the rest."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a group stands in the queue."""

    rank: int
    due_at: datetime
    key: str


@dataclass(frozen=True, slots=True)
class Filter:
    """Which cases are looked at; `regions` and `rooms` of None mean all."""

    state: CaseState = CaseState.WAITING
    room_id: str | None = None
    code: str | None = None
    text: str = ""
    regions: Collection[str] | None = None
    rooms: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A group in the queue, with the names that are shown."""

    place: Place
    lead: DeskCase
    question: str
    room_name: str
    holder_name: str
    on_air: bool
    cases: int
    asked_by: int

    @property
    def due_at(self) -> datetime | None:
        """When the first of its cases is due."""
        return None if self.place.due_at >= NO_DEADLINE else self.place.due_at


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows; `waiting` and `overdue` count all cases that the filter lets through."""

    rows: Sequence[Row]
    more: bool
    waiting: int
    overdue: int


class ReviewQueue:
    """The queue of one organisation."""

    def __init__(self, database: Database, organization: str) -> None:
        self._database = database
        self._organization = organization

    async def page(self, which: Filter, now: datetime, after: Place | None, limit: int) -> Page:
        """The groups after a place."""
        groups = self._groups(which)
        query = select(groups.c.lead).order_by(*_order(groups)).limit(limit + 1)
        if after is not None:
            query = query.where(_behind(groups, after))
        async with self._database.read_one_state() as connection:
            leads = [row[0] for row in await connection.execute(query)]
            counted = (await connection.execute(self._counted(which, now))).one()
            rows = await self._rows(connection, leads[:limit])
        return Page(rows, len(leads) > limit, counted[0], counted[1] or 0)

    async def row(self, lead_id: str) -> Row:
        """One group, wherever it stands."""
        async with self._database.read_one_state() as connection:
            return (await self._rows(connection, [lead_id]))[0]

    async def next(
        self, which: Filter, now: datetime, actor: str, after: DeskCase | None
    ) -> str | None:
        """The lead of the next group that no other holds: behind a case, else from the beginning.

        What is more urgent than the case and was never looked at comes before all others.
        """
        place = (await self.row(after.id)).place if after else Place(0, now, "")
        groups = self._groups(which)
        new = and_(groups.c.rank < place.rank, cases.c.token == 0)
        bucket = case((new, 0), (_behind(groups, place), 1), else_=2) if after else literal(0)
        free = or_(cases.c.holder.is_(None), cases.c.held_until <= now, cases.c.holder == actor)
        query = select(groups.c.lead).join(cases, cases.c.id == groups.c.lead).where(free)
        if after:
            query = query.where(groups.c.key != place.key)
        async with self._database.read() as connection:
            found: str | None = await connection.scalar(
                query.order_by(bucket, *_order(groups)).limit(1)
            )
        return found

    async def members(self, ids: Sequence[str]) -> list[tuple[str, str, int, str]]:
        """Some cases as (id, question, viewers who ask it, room), by id."""
        asked = func.coalesce(questions.c.asked_by, 0).label("asked_by")
        query = self._shown(ids).add_columns(asked).order_by(cases.c.id)
        async with self._database.read() as connection:
            return [
                (row.id, row.question or "", row.asked_by, row.room_name or row.room_id)
                for row in await connection.execute(query)
            ]

    async def regions(self, state: CaseState) -> list[str]:
        """The regions that cases of a state have."""
        query = select(cases.c.region).where(*self._own(state), cases.c.region.is_not(None))
        async with self._database.read() as connection:
            return [row[0] for row in await connection.execute(query.distinct())]

    def _groups(self, which: Filter) -> Subquery:
        leads = case((cases.c.group_id.is_(None), cases.c.id))
        lead = func.coalesce(func.max(leads), func.min(cases.c.id)).label("lead")
        query = select(*_summary(), lead).where(*self._where(which)).group_by(_key())
        return query.subquery()

    def _counted(self, which: Filter, now: datetime) -> AnyQuery:
        late = func.sum(case((cases.c.due_at < now, 1), else_=0))
        return select(func.count(), late).select_from(cases).where(*self._where(which))

    def _where(self, which: Filter) -> list[ColumnElement[bool]]:
        where = list(self._own(which.state))
        if which.room_id is not None:
            where.append(cases.c.room_id == which.room_id)
        if which.code is not None:
            where.append(cases.c.code == which.code)
        if which.regions is not None:
            where.append(cases.c.region.in_(sorted(which.regions)))
        if which.rooms is not None:
            where.append(cases.c.room_id.in_(sorted(which.rooms)))
        if which.text:
            same = questions.c.id == cases.c.question_id
            has = questions.c.text.icontains(which.text, autoescape=True)
            where.append(select(questions.c.id).where(same, has).exists())
        return where

    def _own(self, state: CaseState) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return cases.c.organization_id == self._organization, cases.c.state == state

    async def _rows(self, connection: AsyncConnection, leads: Sequence[str]) -> list[Row]:
        """What is shown of some groups of one state, in the order in which they are given."""
        if not leads:
            return []
        shown = {row.id: row for row in await connection.execute(self._shown(leads))}
        found = {one: CASES.value(shown[one][: len(CASES.names)]) for one in leads}
        sums = self._sums([key_of(one) for one in found.values()], found[leads[0]].state)
        summed = {row.key: row for row in await connection.execute(sums)}
        return [_row(one, shown[one.id], summed[key_of(one)]) for one in found.values()]

    def _shown(self, leads: Sequence[str]) -> AnyQuery:
        """By id alone, as this organisation's queries gave them: SQLite would go by its index."""
        named = (
            questions.c.text.label("question"),
            rooms.c.name.label("room_name"),
            accounts.c.display_name.label("holder_name"),
            and_(sessions.c.id.is_not(None), sessions.c.closed_at.is_(None)).label("on_air"),
        )
        room = and_(
            rooms.c.organization_id == cases.c.organization_id, rooms.c.id == cases.c.room_id
        )
        return (
            select(*CASES.columns, *named)
            .outerjoin(questions, questions.c.id == cases.c.question_id)
            .outerjoin(rooms, room)
            .outerjoin(sessions, sessions.c.id == cases.c.session_id)
            .outerjoin(accounts, accounts.c.id == cases.c.holder)
            .where(cases.c.id.in_(leads))
        )

    def _sums(self, keys: Sequence[str], state: CaseState) -> AnyQuery:
        """How many cases and viewers each group has, whatever the filter showed of it."""
        ids = ids_of(self._organization, state, keys).subquery()
        asked = func.sum(func.coalesce(questions.c.asked_by, 0)).label("asked_by")
        return (
            select(*_summary(), func.count().label("cases"), asked)
            .select_from(ids)
            .join(cases, cases.c.id == ids.c.id)
            .outerjoin(questions, questions.c.id == cases.c.question_id)
            .group_by(_key())
        )


def _key() -> ColumnElement[str]:
    return func.coalesce(cases.c.group_id, cases.c.id)


def _summary() -> tuple[ColumnElement[Any], ...]:
    urgent = or_(cases.c.is_urgent, cases.c.urgency == Urgency.URGENT)
    night = cases.c.due_class == NIGHT
    rank = case((cases.c.urgency == Urgency.EMERGENCY, 0), (urgent, 1), (night, 2), else_=3)
    due = func.min(func.coalesce(cases.c.due_at, _moment(NO_DEADLINE)))
    return _key().label("key"), func.min(rank).label("rank"), due.label("due")


def _order(groups: Subquery) -> tuple[ColumnElement[Any], ...]:
    return groups.c.rank, groups.c.due, groups.c.key


def _behind(groups: Subquery, place: Place) -> ColumnElement[bool]:
    c, due = groups.c, _moment(place.due_at)
    later = or_(c.due > due, and_(c.due == due, c.key > place.key))
    return or_(c.rank > place.rank, and_(c.rank == place.rank, later))


def _moment(at: datetime) -> ColumnElement[datetime]:
    return literal(at, UtcDateTime())


def _row(lead: DeskCase, shown: AnyRow, summed: AnyRow) -> Row:
    return Row(
        place=Place(summed.rank, summed.due, summed.key),
        lead=lead,
        question=shown.question or "",
        room_name=shown.room_name or lead.room_id,
        holder_name=shown.holder_name or "",
        on_air=bool(shown.on_air),
        cases=summed.cases,
        asked_by=summed.asked_by,
    )
