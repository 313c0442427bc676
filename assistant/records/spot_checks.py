"""Answers that the machine gave by itself, and the cases that let a person look at some of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from assistant.domain.live import OutcomeKind, QuestionState, ReviewCase
from assistant.domain.verdict import Action
from assistant.records import live_writes
from assistant.records.database import Database
from assistant.records.live_rows import CASES
from assistant.records.schema_live import decisions, review_cases
from assistant.records.schema_live import live_questions as questions

GIVEN = (OutcomeKind.SPOKEN, OutcomeKind.REPLIED)


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that no person had settled."""

    question_id: str
    room_id: str
    session_id: str
    answered_at: datetime


class SpotCheckRecords:
    """The automatic answers of one organisation."""

    def __init__(self, database: Database, organization: str) -> None:
        self._database = database
        self._organization = organization

    async def given(self, after: str, code: str) -> list[Given]:
        """Automatic answers to questions with an id above one that have no case of a code yet."""
        q = questions.c
        checked = self._case(review_cases.c.code == code)
        query = select(q.id, q.room_id, q.session_id, q.answered_at).where(
            *automatic(self._organization), q.id > after, ~checked
        )
        async with self._database.read() as connection:
            return [Given(*row) for row in await connection.execute(query.order_by(q.id))]

    async def open(self, cases: Sequence[ReviewCase]) -> int:
        """Store cases that are not there yet, which await nothing of their rooms; how many."""
        statement = live_writes.new_only(self._database.dialect, review_cases)
        made = 0
        async with self._database.write() as connection:
            for case in cases:
                row = CASES.values(self._organization, case)
                made += (await connection.execute(statement, row)).rowcount
        return made

    def _case(self, which: ColumnElement[bool]) -> ColumnElement[bool]:
        own = review_cases.c.organization_id == self._organization
        same = review_cases.c.question_id == questions.c.id
        return select(review_cases.c.id).where(own, same, which).exists()


def automatic(organization: str) -> tuple[ColumnElement[bool], ...]:
    """Which questions the machine answered: decided so, given, and settled by no person."""
    q, d, c = questions.c, decisions.c, review_cases.c
    given = select(d.comment_id).where(
        d.organization_id == organization,
        d.question_id == q.id,
        d.action == Action.ANSWER,
        d.kind.in_(GIVEN),
    )
    settled = select(c.id).where(
        c.organization_id == organization, c.question_id == q.id, c.resolution_id.is_not(None)
    )
    by_machine = ~settled.where(c.code != "spot_check").exists()
    answered = q.state == QuestionState.ANSWERED, q.action == Action.ANSWER
    stored = q.outcome_id.is_not(None), q.answered_at.is_not(None)
    return q.organization_id == organization, *answered, *stored, given.exists(), by_machine
