"""What a session was, to be looked at again: comments in order, and the story of each question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from sqlalchemy import func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from assistant.domain.answer import Citation
from assistant.domain.live import Cue, LiveQuestion, LiveSession, Reply
from assistant.domain.live_commit import Entry
from assistant.domain.review import DeskCase, Resolution
from assistant.records.database import AnyQuery, Database
from assistant.records.live_reads import entries_of, entry
from assistant.records.live_rows import (
    COMMENTS,
    CUES,
    DECISIONS,
    QUESTIONS,
    REPLIES,
    SESSIONS,
    Rows,
)
from assistant.records.outcomes import RecordedOutcome, recorded
from assistant.records.review_groups import CASES
from assistant.records.review_resolutions import RESOLUTIONS
from assistant.records.schema import passages, source_versions
from assistant.records.schema import questions as outcomes
from assistant.records.schema_live import IN_LEDGER, comments, decisions

T = TypeVar("T")


@dataclass(slots=True)
class Story:
    """A question with all that came of it, each oldest first.

    `cited` is the evidence of the verdict as it was stored then; `versions` are those of its
    sources at that moment (None where the source is not known here).
    """

    question: LiveQuestion
    outcome: RecordedOutcome | None = None
    cues: list[Cue] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    cases: list[DeskCase] = field(default_factory=list)
    resolutions: list[Resolution] = field(default_factory=list)
    versions: list[int | None] = field(default_factory=list)

    @property
    def cited(self) -> tuple[Citation, ...]:
        """What the verdict rested on."""
        return self.outcome.outcome.draft.citations if self.outcome else self.question.citations

    @property
    def ids(self) -> set[str]:
        """Everything of it that the audit chain may name."""
        parts = (self.cues, self.replies, self.cases, self.resolutions)
        rows = {row.id for part in parts for row in part}
        return {self.question.id, *([self.outcome.id] if self.outcome else []), *rows}


class ReplayReads:
    """The sessions of one organisation. Texts are masked."""

    def __init__(self, database: Database, organization: str) -> None:
        self._database = database
        self._organization = organization

    async def session(self, session_id: str) -> LiveSession | None:
        """A 场次, or None."""
        async with self._database.read() as connection:
            found = await self._of(connection, SESSIONS, "id", [session_id])
        return found[0] if found else None

    async def question(self, question_id: str) -> LiveQuestion | None:
        """A question, or None."""
        async with self._database.read() as connection:
            found = await self._of(connection, QUESTIONS, "id", [question_id])
        return found[0] if found else None

    async def cue(self, cue_id: str) -> Cue | None:
        """A cue, or None."""
        async with self._database.read() as connection:
            found = await self._of(connection, CUES, "id", [cue_id])
        return found[0] if found else None

    async def entries(
        self, session_id: str, after: str = "", limit: int = 200, *, noise: bool = True
    ) -> list[Entry]:
        """Comments after one, oldest first; without `noise` those of the ledger alone."""
        query = entries_of(self._organization, session_id).where(comments.c.id > after)
        if not noise:
            query = query.where(literal_column(IN_LEDGER))
        return await self._entries(query, limit)

    async def asked(self, question_id: str, limit: int = 200) -> list[Entry]:
        """The comments that asked a question, oldest first."""
        query = select(*COMMENTS.columns, *DECISIONS.columns)
        joined = query.join_from(comments, decisions, decisions.c.comment_id == comments.c.id)
        own = decisions.c.organization_id == self._organization
        return await self._entries(joined.where(own, decisions.c.question_id == question_id), limit)

    async def stories(self, question_ids: Sequence[str]) -> Mapping[str, Story]:
        """The stories of some questions, by id, all as of one moment."""
        ids = sorted(set(question_ids))
        async with self._database.read_one_state() as connection:
            told = {one.id: Story(one) for one in await self._of(connection, QUESTIONS, "id", ids)}
            for cue in await self._of(connection, CUES, "question_id", ids):
                if one := told.get(cue.question_id or ""):
                    one.cues.append(cue)
            await self._settled(connection, told)
            await self._replied(connection, told)
            await self._judged(connection, told)
            for story in told.values():
                story.versions = await self._versions(connection, story)
        return told

    async def _settled(self, connection: AsyncConnection, told: Mapping[str, Story]) -> None:
        found = await self._of(connection, CASES, "question_id", list(told))
        settled = sorted({case.resolution_id for case in found if case.resolution_id})
        by_id = {one.id: one for one in await self._of(connection, RESOLUTIONS, "id", settled)}
        for case in found:
            story = told[case.question_id]
            story.cases.append(case)
            resolution = by_id.get(case.resolution_id or "")
            if resolution and resolution not in story.resolutions:
                story.resolutions.append(resolution)

    async def _replied(self, connection: AsyncConnection, told: Mapping[str, Story]) -> None:
        table = REPLIES.table
        same = decisions.c.comment_id == table.c.comment_id
        query = select(decisions.c.question_id, *REPLIES.columns).join_from(table, decisions, same)
        own = decisions.c.organization_id == self._organization
        asked = decisions.c.question_id.in_(list(told))
        for row in await connection.execute(query.where(own, asked).order_by(table.c.id)):
            told[row[0]].replies.append(REPLIES.value(row[1:]))

    async def _judged(self, connection: AsyncConnection, told: Mapping[str, Story]) -> None:
        ids = sorted({one.question.outcome_id for one in told.values() if one.question.outcome_id})
        own = outcomes.c.organization_id == self._organization
        query = select(outcomes).where(own, outcomes.c.id.in_(ids))
        found = {row.id: recorded(row) for row in await connection.execute(query)}
        for story in told.values():
            story.outcome = found.get(story.question.outcome_id or "")

    async def _versions(self, connection: AsyncConnection, story: Story) -> list[int | None]:
        """By the passage that was cited; by the time where the citation names none."""
        at = story.outcome.at if story.outcome else story.question.first_at
        return [await self._version(connection, one, at) for one in story.cited]

    async def _version(
        self, connection: AsyncConnection, cited: Citation, at: datetime
    ) -> int | None:
        if cited.passage_key:
            own = passages.c.organization_id == self._organization
            query = select(passages.c.version).where(own, passages.c.key == cited.passage_key)
            version: int | None = await connection.scalar(query)
            return version
        table = source_versions.c
        own = table.organization_id == self._organization
        then = select(func.max(table.version)).where(
            own, table.source_id == cited.source_id, table.created_at <= at
        )
        newest: int | None = await connection.scalar(then)
        return newest

    async def _entries(self, query: AnyQuery, limit: int) -> list[Entry]:
        async with self._database.read() as connection:
            found = await connection.execute(query.order_by(comments.c.id).limit(limit))
            return [entry(row) for row in found]

    async def _of(
        self, connection: AsyncConnection, kind: Rows[T], column: str, values: Sequence[str]
    ) -> list[T]:
        table = kind.table.c
        own = table.organization_id == self._organization, table[column].in_(values)
        query = select(*kind.columns).where(*own).order_by(table.id)
        return [kind.value(row) for row in await connection.execute(query)]
