"""Old content and logs are deleted, a few rows a transaction; what is still open stays.

Each kind of row has a query for what may go and a way to go. Going twice changes nothing, so that
any number of processes may do it and any of them may stop half-way.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from sqlalchemy import Column, ColumnElement, Connection, delete, exists, func, or_, select, update

from assistant.domain.live import CueState, QuestionState, ReplyState
from assistant.domain.review import CaseState, LearnedState
from assistant.records.accounts_schema import account_sessions, login_attempts
from assistant.records.database import Database
from assistant.records.drift_batches import drift_batches
from assistant.records.retention_limits import Limits
from assistant.records.schema import question_keys
from assistant.records.schema import questions as outcomes
from assistant.records.schema_duty import alert_tellings
from assistant.records.schema_live import (
    alerts,
    comments,
    cues,
    decisions,
    live_questions,
    replies,
    reply_addresses,
    review_cases,
)
from assistant.records.schema_review import (
    event_offsets,
    events,
    incidents,
    learned_answers,
    review_drafts,
    review_resolutions,
)
from assistant.records.stream_happenings import stream_happenings

BATCH = 100
"""Rows that go in one transaction: some ten milliseconds on SQLite."""
PAUSE = 0.01
"""Seconds between two of them, for those who write meanwhile."""
UNDELIVERED = (ReplyState.PENDING.value, ReplyState.SENDING.value)
NOT_SAID = (CueState.WAITING.value, CueState.SENT.value)
UNSETTLED = (CaseState.WAITING.value, CaseState.SENDING.value, CaseState.HANDED.value)
BLANK = {"text": "", "spoken": "", "citations": "[]", "basis": "[]", "note": "", "seen": "{}"}
BLANK |= {"similar": "[]", "negatives": "[]"}
"""What is left of an old resolution: who decided what, when, and how long it took."""
Condition = ColumnElement[bool]


class Go(Protocol):
    """Lets some rows go in a transaction."""

    def __call__(self, connection: Connection, keys: Sequence[Any]) -> None:
        """Let these go."""
        ...


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of row: which may go, and how."""

    name: str
    key: Column[Any]
    may_go: tuple[Condition, ...]
    go: Go


class RetentionRecords:
    """The old rows of one organisation."""

    def __init__(self, database: Database, organization: str) -> None:
        self._database = database
        self._organization = organization

    async def count(self, limits: Limits) -> dict[str, int]:
        """How many rows of each kind would go now (others may follow them)."""
        found = {}
        async with self._database.read() as connection:
            for kind in self._kinds(limits):
                query = select(func.count()).select_from(kind.key.table).where(*kind.may_go)
                found[kind.name] = (await connection.execute(query)).scalar_one()
        return found

    async def purge(self, limits: Limits) -> dict[str, int]:
        """Delete them; how many went of each kind."""
        return {kind.name: await self._purge(kind) for kind in self._kinds(limits)}

    async def _purge(self, kind: Kind) -> int:
        gone, after = 0, None
        while keys := await self._next(kind, after):
            await self._database.in_one(partial(kind.go, keys=keys))
            gone, after = gone + len(keys), keys[-1]
            await asyncio.sleep(PAUSE)
        return gone

    async def _next(self, kind: Kind, after: Any) -> list[Any]:
        query = select(kind.key).where(*kind.may_go).order_by(kind.key).limit(BATCH)
        if after is not None:
            query = query.where(kind.key > after)
        async with self._database.read() as connection:
            return [row[0] for row in await connection.execute(query)]

    def _kinds(self, limits: Limits) -> tuple[Kind, ...]:
        """In the order in which they go: a question after all who asked it."""
        return (*self._content(limits), *self._logs(limits))

    def _content(self, limits: Limits) -> tuple[Kind, ...]:
        before, case, asked = limits.content_before, review_cases.c, live_questions.c
        old_comment = comments.c.received_at < before, self._is_decided(), ~self._is_awaited()
        said = cues.c.made_at < before, cues.c.state.not_in(NOT_SAID)
        settled = case.state.not_in(UNSETTLED), case.settled_at.is_not(None)
        done = asked.first_at < before, asked.state != QuestionState.OPEN, ~self._is_asked()
        unused = outcomes.c.at < before, ~self._is_used()
        decided = review_resolutions.c.made_at < before, *self._resolution_may_go()
        return (
            self._kind(comments.c.id, old_comment, _go_comments),
            self._kind(cues.c.id, (*said, ~self._is_open(cues.c.question_id))),
            self._kind(
                case.id,
                (case.made_at < before, *settled, ~self._is_open(case.question_id)),
                _go_cases,
            ),
            self._kind(asked.id, (*done, ~self._is_open(asked.id))),
            self._kind(outcomes.c.id, unused, _go_outcomes),
            self._kind(drift_batches.c.id, (drift_batches.c.at < before,)),
            self._kind(review_resolutions.c.id, decided, _blank_resolutions),
        )

    def _logs(self, limits: Limits) -> tuple[Kind, ...]:
        before = limits.logs_before
        own = event_offsets.c.organization_id == self._organization
        handled = select(func.min(event_offsets.c.seq)).where(own).scalar_subquery()
        seen = alerts.c.acknowledged_at.is_not(None)
        ended, tried = account_sessions.c, login_attempts.c
        return (
            self._kind(alerts.c.id, (alerts.c.raised_at < before, seen), _go_alerts),
            self._kind(stream_happenings.c.id, (stream_happenings.c.at < before,)),
            self._kind(events.c.seq, (events.c.at < before, events.c.seq <= handled)),
            self._kind(ended.token_digest, (ended.expires_at < before,)),
            self._kind(tried.key, (tried.last_at < before,)),
        )

    def _kind(self, key: Column[Any], may_go: tuple[Condition, ...], go: Go | None = None) -> Kind:
        own = key.table.c.organization_id == self._organization

        def delete_rows(connection: Connection, keys: Sequence[Any]) -> None:
            connection.execute(delete(key.table).where(own, key.in_(keys)))

        return Kind(key.table.name, key, (self._in_order(key), *may_go), go or delete_rows)

    def _in_order(self, key: Column[Any]) -> Condition:
        """The organisation's, in a form that no index but that of the keys serves.

        An index by organisation would have all rows sorted for each batch: 3.5 s instead of 16 ms
        at 180,000 comments.
        """
        owner = key.table.c.organization_id
        by_owner = next(iter(key.table.primary_key)) is owner
        return (owner if by_owner else owner.concat("")) == self._organization

    def _is_decided(self) -> Condition:
        return exists().where(decisions.c.comment_id == comments.c.id)

    def _is_awaited(self) -> Condition:
        """Whether somebody still waits for something about a comment."""
        of_comment = decisions.c.comment_id == comments.c.id
        open_question = self._is_open(decisions.c.question_id)
        reply = replies.c.organization_id == comments.c.organization_id
        under_way = replies.c.comment_id == comments.c.id, replies.c.state.in_(UNDELIVERED)
        return or_(exists().where(of_comment, open_question), exists().where(reply, *under_way))

    def _is_open(self, question_id: ColumnElement[Any]) -> Condition:
        """Whether a question still waits: for its answer, a person, a department, a correction."""
        own = self._organization
        not_done = or_(review_cases.c.state.in_(UNSETTLED), review_cases.c.settled_at.is_(None))
        asked, case, wrong = live_questions.alias(), review_cases.c, incidents.c
        return or_(
            exists().where(asked.c.id == question_id, asked.c.state == QuestionState.OPEN),
            exists().where(case.organization_id == own, case.question_id == question_id, not_done),
            exists().where(
                wrong.organization_id == own,
                wrong.question_id == question_id,
                wrong.corrected_at.is_(None),
            ),
        )

    def _is_asked(self) -> Condition:
        own = decisions.c.organization_id == live_questions.c.organization_id
        return exists().where(own, decisions.c.question_id == live_questions.c.id)

    def _is_used(self) -> Condition:
        """Whether a question of a room, or an incident, still rests on an outcome."""
        table = live_questions.c
        own = table.organization_id == outcomes.c.organization_id
        asked = exists().where(own, table.outcome_id == outcomes.c.id)
        wrong = incidents.c.outcome_id == outcomes.c.id, incidents.c.corrected_at.is_(None)
        return or_(asked, exists().where(*wrong))

    def _resolution_may_go(self) -> tuple[Condition, ...]:
        """Final or undone, its cases are gone, and nobody must still agree to what it taught."""
        table = review_resolutions.c
        done = or_(table.sent_at.is_not(None), table.undone_at.is_not(None))
        own = self._organization
        held = select(review_cases.c.resolution_id).where(
            review_cases.c.organization_id == own, review_cases.c.resolution_id.is_not(None)
        )
        pending = select(learned_answers.c.resolution_id).where(
            learned_answers.c.organization_id == own,
            learned_answers.c.state == LearnedState.PENDING,
        )
        has_words = or_(*(table[name] != blank for name, blank in BLANK.items()))
        return done, table.id.not_in(held), table.id.not_in(pending), has_words


def _go_comments(connection: Connection, keys: Sequence[Any]) -> None:
    for column in (
        reply_addresses.c.comment_id,
        replies.c.comment_id,
        decisions.c.comment_id,
        comments.c.id,
    ):
        connection.execute(delete(column.table).where(column.in_(keys)))


def _go_cases(connection: Connection, keys: Sequence[Any]) -> None:
    connection.execute(delete(review_drafts).where(review_drafts.c.case_id.in_(keys)))
    connection.execute(delete(review_cases).where(review_cases.c.id.in_(keys)))


def _go_outcomes(connection: Connection, keys: Sequence[Any]) -> None:
    connection.execute(delete(question_keys).where(question_keys.c.question_id.in_(keys)))
    connection.execute(delete(outcomes).where(outcomes.c.id.in_(keys)))


def _blank_resolutions(connection: Connection, keys: Sequence[Any]) -> None:
    one = update(review_resolutions).where(review_resolutions.c.id.in_(keys))
    connection.execute(one.values(**BLANK))


def _go_alerts(connection: Connection, keys: Sequence[Any]) -> None:
    """Alerts, with who was told of them."""
    connection.execute(delete(alert_tellings).where(alert_tellings.c.alert_id.in_(keys)))
    connection.execute(delete(alerts).where(alerts.c.id.in_(keys)))
