"""What a morning's report is made of, beside the ledger: streams, alerts, withdrawals, gaps."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from assistant.domain.answer import Draft
from assistant.domain.live import Alert, LiveQuestion, LiveSession, QuestionState, Room, Urgency
from assistant.domain.review import Incident
from assistant.domain.source import SourceKind
from assistant.domain.verdict import Action
from assistant.records.codec import from_json
from assistant.records.database import AnyQuery, AnyRow, Database
from assistant.records.live_rows import ALERTS, INCIDENTS, QUESTIONS, ROOMS, SESSIONS, Rows
from assistant.records.reception import parts
from assistant.records.schema import questions as outcomes
from assistant.records.schema import sources
from assistant.records.schema_live import (
    comments,
    live_questions,
    live_sessions,
    review_cases,
)
from assistant.records.schema_review import review_resolutions as resolutions

RoomIds = Collection[str] | None
"""The rooms that are looked at; None: every one."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """A question that no source answered, and the item that its draft was about, if any."""

    question: LiveQuestion
    source_id: str = ""
    item: str = ""


class MorningReads:
    """Rows of one organisation that touch a time from `since` up to `until`, oldest first."""

    def __init__(self, database: Database, organization: str) -> None:
        self._database = database
        self._organization = organization

    async def rooms(self) -> list[Room]:
        """All rooms, by id."""
        own = ROOMS.table.c.organization_id == self._organization
        rows = await self._rows(select(*ROOMS.columns).where(own).order_by(ROOMS.table.c.id))
        return [ROOMS.value(row) for row in rows]

    async def sessions(
        self, since: datetime, until: datetime, rooms: RoomIds = None
    ) -> list[LiveSession]:
        """Streams that were on air at some moment of the time."""
        table = live_sessions.c
        still = or_(table.closed_at.is_(None), table.closed_at > since)
        query = self._query(SESSIONS, rooms, still, table.opened_at < until)
        return [SESSIONS.value(row) for row in await self._rows(query.order_by(table.opened_at))]

    async def received(self, since: datetime, until: datetime, rooms: RoomIds = None) -> int:
        """Comments that came."""
        table = live_sessions.c
        still = or_(table.closed_at.is_(None), table.closed_at >= since)
        of = self._where(live_sessions, rooms, still, table.opened_at < until)
        c = comments.c
        own = c.organization_id == self._organization, c.session_id.in_(select(table.id).where(*of))
        when = c.received_at >= since, c.received_at < until
        rows = await self._rows(select(func.count()).select_from(comments).where(*own, *when))
        return int(rows[0][0])

    async def alerts(self, since: datetime, until: datetime, rooms: RoomIds = None) -> list[Alert]:
        """What somebody was called for."""
        at = ALERTS.table.c.raised_at
        query = self._query(ALERTS, rooms, at >= since, at < until).order_by(at, ALERTS.table.c.id)
        return [ALERTS.value(row) for row in await self._rows(query)]

    async def withdrawals(
        self, since: datetime, until: datetime, rooms: RoomIds = None
    ) -> list[Incident]:
        """Answers that were taken back."""
        at = INCIDENTS.table.c.made_at
        query = self._query(INCIDENTS, rooms, at >= since, at < until)
        rows = await self._rows(query.order_by(at, INCIDENTS.table.c.id))
        return [INCIDENTS.value(row) for row in rows]

    async def lacking(
        self, since: datetime, until: datetime, rooms: RoomIds = None
    ) -> list[Lacking]:
        """Questions asked first in the time that no source answered, and no person since."""
        c = live_questions.c
        when = c.first_at >= since, c.first_at < until
        unanswered = and_(
            c.state == QuestionState.IN_REVIEW,
            c.action == Action.REVIEW,
            c.urgency != Urgency.EMERGENCY,
            c.id.not_in(self._settled()),
        )
        query = self._query(QUESTIONS, rooms, unanswered, *when).add_columns(outcomes.c.draft)
        joined = query.outerjoin(outcomes, outcomes.c.id == c.outcome_id).order_by(c.id)
        rows = await self._rows(joined)
        about = {row.id: _sources(row.draft) for row in rows}
        titles = await self._guides({one for ids in about.values() for one in ids})
        return [_lacking(row, about[row.id], titles) for row in rows]

    def _settled(self) -> AnyQuery:
        """Questions that a person answered at the desk."""
        cases, of = review_cases.c, resolutions.c
        sent = of.sent_at.is_not(None), of.undone_at.is_(None)
        joined = select(cases.question_id).join(resolutions, of.id == cases.resolution_id)
        return joined.where(cases.organization_id == self._organization, *sent)

    async def _guides(self, ids: Collection[str]) -> dict[str, str]:
        """The names of the guides among some sources."""
        c, found = sources.c, {}
        own = c.organization_id == self._organization, c.kind == SourceKind.GUIDE
        for some in parts(sorted(ids)):
            query = select(c.source_id, c.title).where(*own, c.source_id.in_(some))
            found.update({row.source_id: row.title for row in await self._rows(query)})
        return found

    def _query(self, kind: Rows[Any], rooms: RoomIds, *where: ColumnElement[bool]) -> AnyQuery:
        return select(*kind.columns).where(*self._where(kind.table, rooms, *where))

    def _where(
        self, table: Any, rooms: RoomIds, *where: ColumnElement[bool]
    ) -> list[ColumnElement[bool]]:
        own = [table.c.organization_id == self._organization, *where]
        return own if rooms is None else [*own, table.c.room_id.in_(sorted(rooms))]

    async def _rows(self, query: AnyQuery) -> list[AnyRow]:
        async with self._database.read() as connection:
            return list((await connection.execute(query)).all())


def _sources(draft: str | None) -> tuple[str, ...]:
    """What a draft rests on, the first one first."""
    if not draft:
        return ()
    found = from_json(Draft, draft)
    return (*found.source_ids, *(one.source_id for one in found.citations))


def _lacking(row: AnyRow, about: tuple[str, ...], titles: dict[str, str]) -> Lacking:
    question = QUESTIONS.value(row[: len(QUESTIONS.names)])
    guide = next((one for one in about if one in titles), "")
    return Lacking(question, guide, titles.get(guide, ""))
