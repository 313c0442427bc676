"""The ledger's filter as SQL, alike on both databases.

Everything hangs on the decisions; a table that neither filter nor columns name is not joined
(SQLite would look up each of its rows to count them).
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    FromClause,
    Select,
    and_,
    case,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.sql import visitors

from assistant.domain.ledger import LedgerFilter
from assistant.domain.live import OutcomeKind, QuestionState
from assistant.domain.review import CaseState
from assistant.records.database import AnyQuery
from assistant.records.schema import questions as outcomes
from assistant.records.schema_live import (
    IN_LEDGER,
    comments,
    decisions,
    live_questions,
    live_sessions,
    review_cases,
    rooms,
)
from assistant.records.schema_review import review_resolutions as resolutions

GIVEN = (QuestionState.ANSWERED.value, QuestionState.CLARIFIED.value)
"""Where a question's answer is one that viewers got; else it is a draft."""
Condition = ColumnElement[bool]
_QUOTED = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_"})

_repeated = func.coalesce(live_questions.c.action, decisions.c.action)
action: ColumnElement[Any] = case(
    (decisions.c.kind == OutcomeKind.MERGED, _repeated), else_=decisions.c.action
)
"""The verdict of a row; a repeat has that of the question it repeats."""


class LedgerQuery:
    """The rows that a filter lets through, for one organisation at one moment."""

    def __init__(self, organization: str, dialect: str, which: LedgerFilter, now: datetime) -> None:
        self._organization = organization
        self._dialect = dialect
        self._which = which
        self._now = now

    def select(self, *columns: ColumnElement[Any]) -> AnyQuery:
        """These columns of the rows."""
        own = decisions.c.organization_id == self._organization
        in_ledger: Condition = literal_column(_of_decisions(IN_LEDGER))
        conditions = list(self._conditions())
        made = select(*columns).select_from(_joined([*columns, *conditions]))
        return made.where(own, in_ledger, *conditions)

    def handed(self) -> Condition:
        """Whose question a department has, or had."""
        return decisions.c.question_id.in_(self._cases(review_cases.c.unit != ""))

    def overdue(self) -> Condition:
        """Whose question is past a deadline while somebody must still act."""
        table = review_cases.c
        waits = and_(table.state == CaseState.WAITING, table.due_at < self._now)
        handed = and_(table.state == CaseState.HANDED, table.unit_due_at < self._now)
        return decisions.c.question_id.in_(self._cases(or_(waits, handed)))

    def waiting(self) -> Condition:
        """Whose question waits for a person now, or could still be taken back."""
        waits = review_cases.c.state.in_((CaseState.WAITING.value, CaseState.SENDING.value))
        return decisions.c.question_id.in_(self._cases(waits))

    def _conditions(self) -> Iterator[Condition]:
        which = self._which
        for column, wanted in self._equal():
            if wanted is not None:
                yield column == wanted
        yield from self._rooms()
        yield from self._times()
        if which.regions is not None:
            yield self._in_regions(which.regions)
        if which.handed is not None:
            yield _is(self.handed(), wanted=which.handed)
        if which.overdue is not None:
            yield _is(self.overdue(), wanted=which.overdue)
        for word in which.words:
            yield self._holds(word)

    def _equal(self) -> Iterator[tuple[ColumnElement[Any], str | None]]:
        which = self._which
        yield decisions.c.session_id, which.session_id
        yield decisions.c.kind, which.outcome
        yield action, which.action
        yield outcomes.c.route, which.route
        yield live_questions.c.state, which.state
        yield comments.c.platform, which.platform

    def _rooms(self) -> Iterator[Condition]:
        room, which = live_sessions.c.room_id, self._which
        if which.rooms is not None:
            yield decisions.c.session_id.in_(self._sessions(room.in_(which.rooms)))
        if which.room_id is not None:
            yield decisions.c.session_id.in_(self._sessions(room == which.room_id))

    def _times(self) -> Iterator[Condition]:
        """Sessions that cannot hold such a comment are left out before comments are looked up."""
        since, until, table = self._which.since, self._which.until, live_sessions.c
        if since is not None:
            still = or_(table.closed_at.is_(None), table.closed_at >= since)
            yield decisions.c.session_id.in_(self._sessions(still))
            yield comments.c.received_at >= since
        if until is not None:
            yield decisions.c.session_id.in_(self._sessions(table.opened_at < until))
            yield comments.c.received_at < until

    def _sessions(self, *where: Condition) -> Select[tuple[str]]:
        own = live_sessions.c.organization_id == self._organization
        return select(live_sessions.c.id).where(own, *where)

    def _cases(self, *where: Condition) -> Select[tuple[str]]:
        own = review_cases.c.organization_id == self._organization
        return select(review_cases.c.question_id).where(own, *where)

    def _in_regions(self, codes: tuple[str, ...]) -> Condition:
        """The question's region, else its room's."""
        there = select(rooms.c.id).where(
            rooms.c.organization_id == self._organization, rooms.c.region.in_(codes)
        )
        of_room = decisions.c.session_id.in_(self._sessions(live_sessions.c.room_id.in_(there)))
        region = live_questions.c.region
        return or_(region.in_(codes), and_(region.is_(None), of_room))

    def _holds(self, word: str) -> Condition:
        pattern, question = f"%{word.translate(_QUOTED)}%", live_questions.c
        given = question.state.in_(GIVEN)
        return or_(
            self._like(comments.c.text, pattern),
            self._like(question.text, pattern),
            and_(given, self._like(question.answer, pattern)),
            and_(given, self._cites(question.citations, pattern)),
            decisions.c.question_id.in_(self._settled(pattern)),
        )

    def _settled(self, pattern: str) -> Select[tuple[str]]:
        """Questions whose answer by a person holds the words, or rests on such a 文号."""
        table = resolutions.c
        words = or_(self._like(table.text, pattern), self._cites(table.citations, pattern))
        sent = table.sent_at.is_not(None), table.undone_at.is_(None)
        joined = self._cases().join(resolutions, table.id == review_cases.c.resolution_id)
        return joined.where(*sent, words)

    def _cites(self, citations: ColumnElement[str], pattern: str) -> Condition:
        """Whether a citation's 文号 holds the words; the JSON as a whole is asked first."""
        if self._dialect == "sqlite":
            each = func.json_each(citations).table_valued("value")
            number: ColumnElement[str] = func.json_extract(each.c.value, "$.document_number")
        else:
            each = func.json_array_elements(cast(citations, JSON)).table_valued("value")
            number = each.c.value.op("->>")("document_number")
        cited = exists().select_from(each).where(self._like(number, pattern))
        return and_(self._like(citations, pattern), cited)

    def _like(self, column: ColumnElement[str], pattern: str) -> Condition:
        """Latin letters of either case: SQLite's LIKE is so by itself."""
        if self._dialect == "sqlite":
            return column.like(pattern, escape="\\")
        return column.ilike(pattern, escape="\\")


def _joined(expressions: Sequence[ColumnElement[Any]]) -> FromClause:
    """The decisions with the tables that are needed. A comment stands beside each."""
    parts = (part for one in expressions for part in visitors.iterate(one))
    named = {part.table for part in parts if isinstance(part, Column)}
    joined: FromClause = decisions
    if comments in named:
        joined = joined.join(comments, comments.c.id == decisions.c.comment_id)
    if named & {live_questions, outcomes}:
        same = live_questions.c.id == decisions.c.question_id
        joined = joined.outerjoin(live_questions, same)
    if outcomes in named:
        joined = joined.outerjoin(outcomes, outcomes.c.id == live_questions.c.outcome_id)
    return joined


def _of_decisions(condition: str) -> str:
    return condition.replace("is_question", "decisions.is_question").replace(
        "kind", "decisions.kind"
    )


def _is(condition: Condition, *, wanted: bool) -> Condition:
    """A row without a question is not so."""
    return condition if wanted else or_(decisions.c.question_id.is_(None), ~condition)
