"""What the console, the pages and the 复盘 read of rooms and their sessions."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import ColumnElement, case, func, select

from assistant.domain.answer import Citation
from assistant.domain.live import Alert, LiveQuestion, LiveSession, OutcomeKind, Reply, ReviewCase
from assistant.domain.live_commit import Entry
from assistant.records.codec import from_json
from assistant.records.database import AnyQuery, AnyRow, Database
from assistant.records.live_rows import (
    ALERTS,
    CASES,
    COMMENTS,
    DECISIONS,
    QUESTIONS,
    REPLIES,
    SESSIONS,
    Rows,
)
from assistant.records.schema_live import comments, cues, decisions, live_questions

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Comments with their decisions, newest first; `cursor` continues after the last one."""

    rows: tuple[Entry, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class Count:
    """How many comments ended so; `questions` of them were questions."""

    kind: OutcomeKind
    code: str
    comments: int
    questions: int


@dataclass(frozen=True, slots=True)
class Wait:
    """How long a question waited: until its answer was begun to be said, or else was sent."""

    question_id: str
    seconds: float
    was_spoken: bool


class LiveReads:
    """The live rooms of one organisation, to look at. Texts are masked, harmful ones included."""

    def __init__(self, database: Database, organization: str) -> None:
        self._database = database
        self._organization = organization

    async def session(self, session_id: str) -> LiveSession | None:
        """A 场次, or None."""
        found = await self._all(SESSIONS, SESSIONS.table.c.id == session_id)
        return found[0] if found else None

    async def sessions(self, room_id: str, limit: int = 50) -> list[LiveSession]:
        """The latest 场次 of a room, newest first."""
        query = self._own(SESSIONS, SESSIONS.table.c.room_id == room_id)
        newest = query.order_by(SESSIONS.table.c.id.desc()).limit(limit)
        return [SESSIONS.value(row) for row in await self._rows(newest)]

    async def latest_sessions(
        self, room_ids: Collection[str], limit: int = 100
    ) -> list[LiveSession]:
        """The latest 场次 of some rooms, newest first."""
        query = self._own(SESSIONS, SESSIONS.table.c.room_id.in_(sorted(room_ids)))
        latest = query.order_by(SESSIONS.table.c.opened_at.desc(), SESSIONS.table.c.id.desc())
        return [SESSIONS.value(row) for row in await self._rows(latest.limit(limit))]

    async def newest(
        self, session_id: str, limit: int = 50, cursor: str | None = None
    ) -> EntryPage:
        """A page of the stream of comments, newest first."""
        query = entries_of(self._organization, session_id)
        if cursor is not None:
            query = query.where(comments.c.id < cursor)
        rows = await self._rows(query.order_by(comments.c.id.desc()).limit(limit + 1))
        page = tuple(entry(row) for row in rows[:limit])
        return EntryPage(page, page[-1].comment.id if len(rows) > limit else None)

    async def question(self, question_id: str) -> LiveQuestion | None:
        """One question of a room, or None."""
        found = await self._all(QUESTIONS, live_questions.c.id == question_id)
        return found[0] if found else None

    async def of_question(self, question_id: str, limit: int = 200) -> list[Entry]:
        """The comments that asked a question, oldest first."""
        query = select(*COMMENTS.columns, *DECISIONS.columns)
        joined = query.join_from(comments, decisions, decisions.c.comment_id == comments.c.id)
        own = (
            decisions.c.organization_id == self._organization,
            decisions.c.question_id == question_id,
        )
        rows = await self._rows(joined.where(*own).order_by(comments.c.id).limit(limit))
        return [entry(row) for row in rows]

    async def comment_of(self, room_id: str, platform: str, event_id: str) -> Entry | None:
        """The comment of a platform's event, with its decision; None for an unknown one."""
        query = select(*COMMENTS.columns, *DECISIONS.columns)
        joined = query.outerjoin_from(comments, decisions, decisions.c.comment_id == comments.c.id)
        own = (
            comments.c.organization_id == self._organization,
            comments.c.room_id == room_id,
            comments.c.platform == platform,
            comments.c.event_id == event_id,
        )
        rows = await self._rows(joined.where(*own))
        return entry(rows[0]) if rows else None

    async def replies_to(
        self, room_id: str, platform: str, event_ids: Sequence[str]
    ) -> list[tuple[str, Reply]]:
        """The replies to some events of a platform, oldest first, each with its event's id."""
        joined = select(comments.c.event_id, *REPLIES.columns).join_from(
            comments, REPLIES.table, REPLIES.table.c.comment_id == comments.c.id
        )
        own = (
            comments.c.organization_id == self._organization,
            comments.c.room_id == room_id,
            comments.c.platform == platform,
            comments.c.event_id.in_(event_ids),
        )
        rows = await self._rows(joined.where(*own).order_by(REPLIES.table.c.id))
        return [(row[0], REPLIES.value(row[1:])) for row in rows]

    async def questions(self, session_id: str, limit: int = 1000) -> list[LiveQuestion]:
        """The questions of a 场次, those that most viewers asked first."""
        table = live_questions.c
        query = self._own(QUESTIONS, table.session_id == session_id)
        rows = await self._rows(query.order_by(table.asked_by.desc(), table.id).limit(limit))
        return [QUESTIONS.value(row) for row in rows]

    async def replies(self, session_id: str) -> list[Reply]:
        """All replies of a 场次, in any state."""
        return await self._all(REPLIES, REPLIES.table.c.session_id == session_id)

    async def open_cases(self, room_id: str | None = None) -> list[ReviewCase]:
        """What waits for a person, of one room or of all."""
        table = CASES.table.c
        return await self._all(CASES, table.settled_at.is_(None), *_in_room(CASES, room_id))

    async def open_alerts(self, room_id: str | None = None) -> list[Alert]:
        """What nobody has acknowledged, of one room or of all."""
        table = ALERTS.table.c
        return await self._all(ALERTS, table.acknowledged_at.is_(None), *_in_room(ALERTS, room_id))

    async def counts(self, session_id: str) -> list[Count]:
        """How the comments of a 场次 ended, by kind and code."""
        table = decisions.c
        questions = func.sum(case((table.is_question, 1), else_=0))
        query = select(table.kind, table.code, func.count(), questions)
        own = table.organization_id == self._organization, table.session_id == session_id
        order = table.kind, table.code
        rows = await self._rows(query.where(*own).group_by(*order).order_by(*order))
        return [Count(OutcomeKind(kind), code, n, asked) for kind, code, n, asked in rows]

    async def most_cited(self, room_id: str, last: int) -> dict[str, int]:
        """How many viewers of a room's last answered questions were answered from each source."""
        table = live_questions.c
        query = select(table.citations, table.asked_by).where(
            table.organization_id == self._organization,
            table.room_id == room_id,
            table.citations != "[]",
        )
        found: Counter[str] = Counter()
        for text, asked_by in await self._rows(query.order_by(table.id.desc()).limit(last)):
            cited = from_json(tuple[Citation, ...], text)
            found.update(dict.fromkeys({one.source_id for one in cited}, asked_by))
        return dict(found)

    async def received(self, session_id: str) -> int:
        """How many comments a 场次 has, decided or not."""
        own = comments.c.organization_id == self._organization, comments.c.session_id == session_id
        rows = await self._rows(select(func.count()).select_from(comments).where(*own))
        count: int = rows[0][0]
        return count

    async def waits(self, session_id: str) -> list[Wait]:
        """How long each question waited that was answered."""
        said = func.min(cues.c.started_at)
        table = live_questions.c
        query = (
            select(table.id, table.first_at, table.answered_at, said)
            .outerjoin(cues, (cues.c.question_id == table.id) & (cues.c.session_id == session_id))
            .where(table.organization_id == self._organization, table.session_id == session_id)
            .group_by(table.id, table.first_at, table.answered_at)
            .order_by(table.id)
        )
        rows = await self._rows(query)
        return [wait for row in rows if (wait := _wait(row)) is not None]

    async def _all(self, kind: Rows[T], *where: ColumnElement[bool]) -> list[T]:
        rows = await self._rows(self._own(kind, *where).order_by(kind.table.c.id))
        return [kind.value(row) for row in rows]

    def _own(self, kind: Rows[T], *where: ColumnElement[bool]) -> AnyQuery:
        own = kind.table.c.organization_id == self._organization
        return select(*kind.columns).where(own, *where)

    async def _rows(self, query: AnyQuery) -> Sequence[AnyRow]:
        async with self._database.read() as connection:
            return (await connection.execute(query)).all()


def entries_of(organization: str, session_id: str) -> AnyQuery:
    """Comments of a session, each with its decision or nulls."""
    query = select(*COMMENTS.columns, *DECISIONS.columns)
    joined = query.outerjoin_from(comments, decisions, decisions.c.comment_id == comments.c.id)
    return joined.where(
        comments.c.organization_id == organization, comments.c.session_id == session_id
    )


def entry(row: AnyRow) -> Entry:
    """A row of `entries_of`."""
    own = len(COMMENTS.names)
    decision = DECISIONS.value(row[own:]) if row[own] is not None else None
    return Entry(COMMENTS.value(row[:own]), decision)


def _in_room(kind: Rows[T], room_id: str | None) -> tuple[ColumnElement[bool], ...]:
    return () if room_id is None else (kind.table.c.room_id == room_id,)


def _wait(row: AnyRow) -> Wait | None:
    question_id, first_at, answered_at, said_at = row
    end = said_at or answered_at
    if end is None:
        return None
    return Wait(question_id, (end - first_at).total_seconds(), said_at is not None)
