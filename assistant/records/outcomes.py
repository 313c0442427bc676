"""Every question asked and what came of it, with the evidence the verdict rests on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, Insert, insert, select
from sqlalchemy.exc import IntegrityError

from assistant.domain.answer import Citation, Draft
from assistant.domain.clock import Clock, NewId
from assistant.domain.outcome import Outcome
from assistant.domain.question import Question
from assistant.domain.verdict import Action, Verdict
from assistant.errors import Conflict
from assistant.records.codec import from_json, to_json
from assistant.records.database import AnyQuery, AnyRow, Database
from assistant.records.schema import question_keys, questions

Strings = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordedOutcome:
    """An outcome as stored."""

    id: str
    at: datetime
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class OutcomePage:
    """Outcomes, newest first; `cursor` continues after the last one, None at the end."""

    rows: tuple[RecordedOutcome, ...]
    cursor: str | None


class OutcomeRepository:
    """The questions asked at one organisation."""

    def __init__(self, database: Database, organization: str, clock: Clock, new_id: NewId) -> None:
        self._database = database
        self._organization = organization
        self._clock = clock
        self._new_id = new_id

    async def record(self, outcome: Outcome, key: str | None = None) -> str:
        """Store an outcome; gives its id. The question's text is masked by now.

        `key` is the client's idempotency key. Raises Conflict where it has an outcome already.
        """
        values = {
            "id": self._new_id(),
            "organization_id": self._organization,
            "at": self._clock(),
            **_values(outcome),
        }
        try:
            await self._database.in_one(partial(self._insert, values=values, key=key))
        except IntegrityError as error:
            raise Conflict("这个键已有记录") from error
        return str(values["id"])

    def _insert(self, connection: Connection, values: dict[str, Any], key: str | None) -> None:
        connection.execute(insert(questions), values)
        if key is not None:
            connection.execute(self._key(key, str(values["id"])))

    def _key(self, key: str, question_id: str) -> Insert:
        return insert(question_keys).values(
            organization_id=self._organization, key=key, question_id=question_id
        )

    async def by_key(self, key: str) -> RecordedOutcome | None:
        """The outcome that was recorded under an idempotency key."""
        query = self._mine().join(question_keys, question_keys.c.question_id == questions.c.id)
        mine = question_keys.c.organization_id == self._organization
        rows = await self._rows(query.where(mine, question_keys.c.key == key))
        return recorded(rows[0]) if rows else None

    async def get(self, outcome_id: str) -> RecordedOutcome | None:
        """One outcome."""
        rows = await self._rows(self._mine().where(questions.c.id == outcome_id))
        return recorded(rows[0]) if rows else None

    async def recent(self, limit: int = 50, cursor: str | None = None) -> OutcomePage:
        """Outcomes, newest first (ids are ULIDs, so their order is that of time)."""
        query = self._mine().order_by(questions.c.id.desc()).limit(limit + 1)
        if cursor is not None:
            query = query.where(questions.c.id < cursor)
        rows = await self._rows(query)
        more = len(rows) > limit
        return OutcomePage(
            tuple(recorded(row) for row in rows[:limit]), rows[limit - 1].id if more else None
        )

    async def _rows(self, query: AnyQuery) -> Sequence[AnyRow]:
        async with self._database.read() as connection:
            return (await connection.execute(query)).all()

    def _mine(self) -> AnyQuery:
        return select(questions).where(questions.c.organization_id == self._organization)


def _values(outcome: Outcome) -> dict[str, Any]:
    question, verdict = outcome.question, outcome.verdict
    return {
        "text": question.text,
        "region": question.region,
        "as_of": question.as_of,
        "history": to_json(question.history, Strings),
        "tags": to_json(tuple(sorted(question.tags)), Strings),
        "action": verdict.action,
        "confidence": verdict.confidence,
        "reasons": to_json(verdict.reasons, Strings),
        "route": outcome.draft.route,
        "draft": to_json(outcome.draft),
        "answer": outcome.text,
        "spoken": outcome.spoken,
        "citations": to_json(outcome.draft.citations, tuple[Citation, ...]),
        "ranked_ids": to_json(outcome.ranked_ids, Strings),
        "latency_ms": outcome.latency_ms,
    }


def recorded(row: AnyRow) -> RecordedOutcome:
    """The outcome of a row of `questions`."""
    return RecordedOutcome(row.id, row.at, _outcome(row))


def _outcome(row: AnyRow) -> Outcome:
    question = Question(
        text=row.text,
        as_of=row.as_of,
        region=row.region,
        history=from_json(Strings, row.history),
        tags=frozenset(from_json(Strings, row.tags)),
    )
    return Outcome(
        question=question,
        draft=from_json(Draft, row.draft),
        verdict=Verdict(Action(row.action), row.confidence, from_json(Strings, row.reasons)),
        text=row.answer,
        spoken=row.spoken,
        ranked_ids=from_json(Strings, row.ranked_ids),
        latency_ms=row.latency_ms,
    )
