"""Rows of the ledger's query as values, with what stands in other tables for a whole page at once.

Joined to each row, cases and cues would multiply it; asked for by question, they are a few
statements a page.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.domain.answer import Citation, Route
from assistant.domain.ledger import LedgerCase, LedgerRow
from assistant.domain.live import OutcomeKind, QuestionState, Urgency
from assistant.domain.review import CaseState, ResolutionKind
from assistant.domain.source import SourceKind
from assistant.domain.verdict import Action
from assistant.records.codec import from_json
from assistant.records.database import AnyRow
from assistant.records.ledger_query import GIVEN, action
from assistant.records.schema import questions as outcomes
from assistant.records.schema import sources
from assistant.records.schema_live import (
    comments,
    cues,
    decisions,
    live_questions,
    live_sessions,
    review_cases,
    rooms,
)
from assistant.records.schema_review import review_resolutions as resolutions

COLUMNS = (
    comments.c.id,
    comments.c.room_id,
    comments.c.session_id,
    comments.c.platform,
    comments.c.received_at,
    comments.c.viewer,
    comments.c.viewer_name,
    comments.c.text,
    decisions.c.kind,
    decisions.c.code,
    decisions.c.reason,
    decisions.c.is_question,
    decisions.c.decided_at,
    decisions.c.question_id,
    action.label("action"),
    live_questions.c.text.label("question"),
    live_questions.c.state,
    live_questions.c.region,
    live_questions.c.urgency,
    live_questions.c.answer,
    live_questions.c.citations,
    outcomes.c.route,
)
Cited = tuple[Citation, ...]


async def completed(
    connection: AsyncConnection, organization: str, rows: Sequence[AnyRow]
) -> list[LedgerRow]:
    """The rows with their room, case, words said and repeats."""
    around = _Around(connection, organization)
    await around.load(rows)
    return [around.row(row) for row in rows]


class _Around:
    """What the tables beside hold of some rows."""

    def __init__(self, connection: AsyncConnection, organization: str) -> None:
        self._connection = connection
        self._organization = organization
        self._sessions: dict[str, AnyRow] = {}
        self._cases: dict[str, LedgerCase] = {}
        self._said: dict[str, list[AnyRow]] = {}
        self._repeats: dict[str, int] = {}
        self._cited: dict[str, Cited] = {}
        self._items: dict[str, str] = {}

    async def load(self, rows: Sequence[AnyRow]) -> None:
        asked = sorted({row.question_id for row in rows if row.question_id})
        await self._load_sessions(sorted({row.session_id for row in rows}))
        await self._load_cases(asked)
        await self._load_said(asked)
        await self._load_repeats(asked)
        self._cited = {
            text: from_json(Cited, text) for text in {row.citations for row in rows} if text
        }
        await self._load_items()

    def row(self, row: AnyRow) -> LedgerRow:
        """All of it at once: a value of thirty fields is dear to copy."""
        session, case = self._sessions[row.session_id], self._cases.get(row.question_id)
        answer, citations = self._answer(row, case)
        said_at, approver, approved_at = self._speech(row)
        if case is not None and case.sent_at is not None:
            approver, approved_at = case.actor_name, case.decided_at
        return LedgerRow(
            id=row.id,
            room_id=row.room_id,
            room_name=session.name,
            session_id=row.session_id,
            opened_at=session.opened_at,
            platform=row.platform,
            received_at=row.received_at,
            viewer=row.viewer,
            viewer_name=row.viewer_name,
            text=row.text,
            outcome=OutcomeKind(row.kind),
            code=row.code,
            reason=row.reason,
            is_question=row.is_question,
            decided_at=row.decided_at,
            question_id=row.question_id,
            question=row.question or "",
            state=QuestionState(row.state) if row.state else None,
            action=Action(row.action) if row.action else None,
            region=row.region or session.region,
            urgency=Urgency(row.urgency or Urgency.NORMAL),
            route=Route(row.route) if row.route else None,
            answer=answer,
            citations=citations,
            item=self._item(citations),
            repeats=self._repeats.get(row.question_id, 1),
            said_at=said_at,
            approver=approver,
            approved_at=approved_at,
            case=case,
        )

    def _answer(self, row: AnyRow, case: LedgerCase | None) -> tuple[str, Cited]:
        """What the desk settled counts before what the room says, which may still be off air."""
        if case is not None and case.sent_at is not None and case.text:
            return case.text, case.citations
        return (row.answer, self._cited[row.citations]) if row.state in GIVEN else ("", ())

    def _speech(self, row: AnyRow) -> tuple[datetime | None, str, datetime | None]:
        """When it was said for this comment too, by whose leave, and when that was given."""
        said = self._said.get(row.question_id or "", ())
        heard = [one.started_at for one in said if one.started_at]
        said_at = min((at for at in heard if at >= row.received_at), default=None)
        leave = next((one for one in reversed(said) if one.actor), None)
        return (said_at, leave.actor, leave.made_at) if leave else (said_at, "", None)

    def _item(self, citations: Cited) -> str:
        found = (self._items.get(one.source_id) for one in citations)
        return next(filter(None, found), "")

    async def _load_sessions(self, ids: Sequence[str]) -> None:
        table = live_sessions.c
        same = (rooms.c.organization_id == table.organization_id) & (rooms.c.id == table.room_id)
        columns = table.id, table.opened_at, rooms.c.name, rooms.c.region
        query = select(*columns).select_from(live_sessions.join(rooms, same))
        own = table.organization_id == self._organization
        for row in await self._connection.execute(query.where(own, table.id.in_(ids))):
            self._sessions[row.id] = row

    async def _load_cases(self, asked: Sequence[str]) -> None:
        """The newest of each question, with what older ones still hold."""
        table, settled = review_cases.c, resolutions.c
        # An undone resolution is none.
        same = (settled.id == table.resolution_id) & settled.undone_at.is_(None)
        query = select(
            table.question_id,
            table.id,
            table.code,
            table.state,
            table.made_at,
            table.due_at,
            table.unit,
            table.unit_due_at,
            table.unit_note,
            settled.kind,
            settled.text,
            settled.citations,
            settled.actor_name,
            settled.note,
            settled.made_at.label("decided_at"),
            settled.sent_at,
        ).select_from(review_cases.outerjoin(resolutions, same))
        own = table.organization_id == self._organization, table.question_id.in_(asked)
        for row in await self._connection.execute(query.where(*own).order_by(table.id)):
            self._cases[row.question_id] = _after(self._cases.get(row.question_id), _case(row))

    async def _load_said(self, asked: Sequence[str]) -> None:
        table = cues.c
        own = table.organization_id == self._organization, table.question_id.in_(asked)
        columns = table.question_id, table.started_at, table.made_at, table.actor
        for row in await self._connection.execute(select(*columns).where(*own).order_by(table.id)):
            self._said.setdefault(row.question_id, []).append(row)

    async def _load_repeats(self, asked: Sequence[str]) -> None:
        table = decisions.c
        own = table.organization_id == self._organization, table.question_id.in_(asked)
        query = select(table.question_id, func.count()).where(*own).group_by(table.question_id)
        self._repeats = {row[0]: row[1] for row in await self._connection.execute(query)}

    async def _load_items(self) -> None:
        """Codes of the items whose guides are cited."""
        settled = (case.citations for case in self._cases.values())
        ids = {one.source_id for cited in (*self._cited.values(), *settled) for one in cited}
        table = sources.c
        own = table.organization_id == self._organization, table.source_id.in_(sorted(ids))
        query = select(table.source_id, table.base_code).where(*own, table.kind == SourceKind.GUIDE)
        for row in await self._connection.execute(query):
            self._items[row.source_id] = row.base_code or row.source_id


def _case(row: AnyRow) -> LedgerCase:
    sent: datetime | None = row.sent_at
    return LedgerCase(
        id=row.id,
        code=row.code,
        state=CaseState(row.state),
        made_at=row.made_at,
        due_at=row.due_at,
        unit=row.unit,
        unit_due_at=row.unit_due_at,
        unit_note=row.unit_note,
        kind=ResolutionKind(row.kind) if row.kind else None,
        text=row.text or "",
        citations=from_json(Cited, row.citations) if row.citations else (),
        actor_name=row.actor_name or "",
        note=row.note or "",
        decided_at=row.decided_at,
        sent_at=sent,
    )


def _after(older: LedgerCase | None, case: LedgerCase) -> LedgerCase:
    """A case that followed another one of the same question."""
    due = {CaseState.WAITING: case.due_at, CaseState.HANDED: case.unit_due_at}.get(case.state)
    until = [at for at in (due, older.open_until if older else None) if at]
    case = replace(case, open_until=min(until, default=None))
    if older is None or not older.unit or case.unit:
        return case
    return replace(case, unit=older.unit, unit_due_at=older.unit_due_at, unit_note=older.unit_note)
