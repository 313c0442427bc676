"""What is stored of one viewer, known by a pseudonym: to hand out, and to erase."""

import json
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.domain.live import Comment, ReplyState
from assistant.domain.live_commit import Entry
from assistant.errors import Conflict
from assistant.records.accounts_schema import audit_payloads
from assistant.records.database import AnyRow, Database
from assistant.records.live_reads import entry
from assistant.records.live_rows import COMMENTS, DECISIONS
from assistant.records.retention import UNDELIVERED
from assistant.records.schema import questions as outcomes
from assistant.records.schema_live import (
    alerts,
    comments,
    decisions,
    live_questions,
    live_sessions,
    replies,
    reply_addresses,
    review_cases,
)
from assistant.records.schema_review import review_drafts, review_resolutions

PART = 100
"""Comments that are erased in one transaction."""
SHORTEST = 4
"""Signs of a text by which it is looked for in details of the audit chain; shorter ones are in
many that have nothing to do with the viewer."""


@dataclass(frozen=True, slots=True)
class Person:
    """Everything of one viewer. `audit` are numbers of entries whose details hold their words."""

    viewer: str
    entries: Sequence[Entry]
    questions: Sequence[dict[str, Any]]
    replies: Sequence[dict[str, Any]]
    cases: Sequence[dict[str, Any]]
    alerts: Sequence[dict[str, Any]]
    addresses: int
    audit: Sequence[int]

    def as_json(self) -> dict[str, Any]:
        """All of it as JSON can hold it. Addresses are sealed and only counted."""
        return json.loads(json.dumps(asdict(self), ensure_ascii=False, default=str))  # type: ignore[no-any-return]

    @property
    def counts(self) -> dict[str, int]:
        """How much there is of each kind."""
        held = {"comments": self.entries, "questions": self.questions, "replies": self.replies}
        held |= {"cases": self.cases, "alerts": self.alerts, "audit": self.audit}
        return {name: len(rows) for name, rows in held.items()} | {"addresses": self.addresses}


class PersonRecords:
    """The viewers of one organisation."""

    def __init__(self, database: Database, organization: str) -> None:
        self._database = database
        self._organization = organization

    async def find(self, viewer: str) -> Person:
        """What is stored of a viewer."""
        async with self._database.read_one_state() as connection:
            entries = await self._entries(connection, viewer)
            ids = [one.comment.id for one in entries]
            asked = sorted({one.decision.question_id or "" for one in entries if one.decision})
            found = {
                "questions": await self._rows(connection, live_questions, "id", asked),
                "replies": await self._rows(connection, replies, "comment_id", ids),
                "cases": await self._rows(connection, review_cases, "question_id", asked),
                "alerts": await self._rows(connection, alerts, "comment_id", ids),
            }
            sealed = await self._rows(connection, reply_addresses, "comment_id", ids)
            told = await self._told(connection, _marks(viewer, entries))
        return Person(viewer, entries, **found, addresses=len(sealed), audit=told)

    async def refuse_on_air(self, person: Person) -> None:
        """Raises Conflict where a room still has the viewer's words in mind."""
        sessions = sorted({one.comment.session_id for one in person.entries})
        open_ones = select(live_sessions.c.id).where(
            live_sessions.c.id.in_(sessions), live_sessions.c.closed_at.is_(None)
        )
        async with self._database.read() as connection:
            if (await connection.execute(open_ones)).first():
                raise Conflict("这位网友的评论属于还没结束的直播", hint="请在直播结束后删除")

    async def erase(self, person: Person) -> None:
        """Blank the viewer's words and names; what was decided, and the counts, stay.

        From then on nobody can tell that the rows are of one viewer of that name.
        """
        other = "x" + secrets.token_hex(12)
        entries = person.entries
        for start in range(0, len(entries), PART):
            part = [one.comment for one in entries[start : start + PART]]

            def work(connection: Connection, part: list[Comment] = part) -> None:
                self._blank(connection, part, person.viewer, other)

            await self._database.in_one(work)

    def _blank(self, connection: Connection, part: list[Comment], viewer: str, other: str) -> None:
        ids = [one.id for one in part]
        for question_id in self._asked(connection, ids):
            self._blank_question(connection, question_id, viewer)
        for one in part:
            values = {"text": "", "viewer_name": "", "hidden": "[]", "viewer": other}
            row = update(comments).where(comments.c.id == one.id)
            connection.execute(row.values(**values, event_id=f"erased:{one.id}"))
        mine = replies.c.comment_id.in_(ids)
        unsent = update(replies).where(mine, replies.c.state.in_(UNDELIVERED))
        connection.execute(unsent.values(state=ReplyState.FAILED))
        connection.execute(update(replies).where(mine).values(text="", viewer=other))
        connection.execute(delete(reply_addresses).where(reply_addresses.c.comment_id.in_(ids)))
        connection.execute(update(alerts).where(alerts.c.comment_id.in_(ids)).values(text=""))

    def _asked(self, connection: Connection, ids: Sequence[str]) -> list[str]:
        query = select(decisions.c.question_id).where(decisions.c.comment_id.in_(ids))
        return sorted({row[0] for row in connection.execute(query) if row[0]})

    def _blank_question(self, connection: Connection, question_id: str, viewer: str) -> None:
        """A question is told in the words of its first asker: then another's take their place."""
        same = decisions.c.comment_id == comments.c.id
        query = select(comments.c.viewer, comments.c.text).join_from(comments, decisions, same)
        own = decisions.c.organization_id == self._organization
        asked = query.where(own, decisions.c.question_id == question_id).order_by(comments.c.id)
        rows = connection.execute(asked).all()
        others = [row.text for row in rows if row.viewer != viewer and row.text]
        if rows[0].viewer == viewer or not others:
            self._reword(connection, question_id, next(iter(others), ""))
        if not others:
            self._blank_cases(connection, question_id)

    def _reword(self, connection: Connection, question_id: str, text: str) -> None:
        mine = live_questions.c.id == question_id
        connection.execute(update(live_questions).where(mine).values(text=text))
        outcome = select(live_questions.c.outcome_id).where(mine).scalar_subquery()
        rest = update(outcomes).where(outcomes.c.id == outcome)
        connection.execute(rest.values(text=text, history="[]"))

    def _blank_cases(self, connection: Connection, question_id: str) -> None:
        """Notes of the desk about a question that the viewer alone asked."""
        mine = review_cases.c.question_id == question_id
        connection.execute(update(review_cases).where(mine).values(unit_note=""))
        cases = select(review_cases.c.id).where(mine)
        connection.execute(delete(review_drafts).where(review_drafts.c.case_id.in_(cases)))
        settled = select(review_cases.c.resolution_id).where(mine)
        table = review_resolutions
        this = table.c.id.in_(settled)
        connection.execute(update(table).where(this).values(note="", seen="{}"))
        personal = update(table).where(this, table.c.personal)
        if connection.execute(personal.values(text="", spoken="")).rowcount:
            one = update(live_questions).where(live_questions.c.id == question_id)
            connection.execute(one.values(answer="", spoken=""))

    async def _entries(self, connection: AsyncConnection, viewer: str) -> list[Entry]:
        same = decisions.c.comment_id == comments.c.id
        query = select(*COMMENTS.columns, *DECISIONS.columns)
        own = comments.c.organization_id == self._organization, comments.c.viewer == viewer
        mine = query.outerjoin_from(comments, decisions, same).where(*own)
        return [entry(row) for row in await connection.execute(mine.order_by(comments.c.id))]

    async def _rows(
        self, connection: AsyncConnection, table: Any, column: str, values: Sequence[str]
    ) -> list[dict[str, Any]]:
        found: list[AnyRow] = []
        for start in range(0, len(values), PART):
            part = values[start : start + PART]
            own = table.c.organization_id == self._organization, table.c[column].in_(part)
            found += (await connection.execute(select(table).where(*own))).all()
        return [row._asdict() for row in found]

    async def _told(self, connection: AsyncConnection, marks: Iterable[str]) -> list[int]:
        """Entries of the audit chain whose details hold one of these."""
        held = re.compile("|".join(re.escape(mark) for mark in marks))
        query = select(audit_payloads.c.number, audit_payloads.c.body)
        own = audit_payloads.c.organization_id == self._organization
        rows = await connection.stream(query.where(own).order_by(audit_payloads.c.number))
        return [row.number async for row in rows if held.search(row.body)]


def _marks(viewer: str, entries: Sequence[Entry]) -> set[str]:
    """By what a viewer is known in a text that is JSON."""
    said = {one.comment.text.strip() for one in entries}
    ids = {one.comment.id for one in entries}
    return {
        viewer,
        *ids,
        *(json.dumps(t, ensure_ascii=False)[1:-1] for t in said if len(t) >= SHORTEST),
    }
