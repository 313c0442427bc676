"""What is counted of the desk's work: resolutions with the outcomes they judged, incidents."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from assistant.domain.answer import Draft, Route
from assistant.domain.review import CaseState, ResolutionKind
from assistant.records.codec import from_json
from assistant.records.database import AnyQuery, AnyRow, Database
from assistant.records.reception import parts
from assistant.records.schema import questions as outcomes
from assistant.records.schema_live import live_questions, review_cases, rooms
from assistant.records.schema_review import incidents
from assistant.records.schema_review import review_resolutions as resolutions
from assistant.records.spot_checks import automatic

Strings = tuple[str, ...]
ByRegion = Mapping[str | None, int]
"""Counts by region code; None where none is known."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A resolution that is final, with the outcome that its reviewer had before them.

    `code` and `region` are those of the case that led the group; `unchanged`: the draft went out
    as it stood.
    """

    kind: ResolutionKind
    code: str
    actor: str
    actor_name: str
    sent_at: datetime
    took_ms: float
    had_draft: bool
    unchanged: bool
    outcome_id: str | None
    route: Route | None
    confidence: float | None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class TakenBack:
    """An answer that was withdrawn; `was_right` where the desk found so afterwards."""

    outcome_id: str | None
    made_at: datetime
    was_right: bool
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """From a moment up to another, which does not belong to it any more."""

    since: datetime
    until: datetime

    def holds(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        """Whether a column's time lies in it."""
        return (column >= self.since) & (column < self.until)


class StatisticsRecords:
    """The numbers of one organisation."""

    def __init__(self, database: Database, organization: str) -> None:
        self._database = database
        self._organization = organization

    async def judged(self, period: Period) -> list[Judged]:
        """All that was settled for good, oldest first."""
        c = resolutions.c
        own = c.organization_id == self._organization, period.holds(c.sent_at)
        rows = await self._rows(select(resolutions).where(*own).order_by(c.sent_at, c.id))
        leads = [from_json(Strings, row.case_ids)[0] for row in rows]
        led = {row.id: row for row in await self._in(self._cases(), review_cases.c.id, leads)}
        found = [(row, led.get(lead)) for row, lead in zip(rows, leads, strict=True)]
        known = await self._outcomes([one for one in map(_outcome_id, found) if one])
        return [
            _judged(row, case, known.get(_outcome_id((row, case)) or "")) for row, case in found
        ]

    async def taken_back(self, period: Period) -> list[TakenBack]:
        """The incidents of a time, oldest first."""
        c = incidents.c
        right = resolutions.c.kind == ResolutionKind.CONFIRM
        query = (
            select(c.outcome_id, c.made_at, func.coalesce(right, False), review_cases.c.region)
            .outerjoin(review_cases, review_cases.c.id == c.case_id)
            .outerjoin(resolutions, resolutions.c.id == review_cases.c.resolution_id)
            .where(c.organization_id == self._organization, period.holds(c.made_at))
        )
        rows = await self._rows(query.order_by(c.made_at, c.id))
        return [TakenBack(outcome, at, bool(right), place) for outcome, at, right, place in rows]

    async def given(self, period: Period) -> ByRegion:
        """How many questions the machine answered by itself; one without a region is its room's."""
        c = live_questions.c
        same = (rooms.c.organization_id == c.organization_id) & (rooms.c.id == c.room_id)
        place = func.coalesce(c.region, rooms.c.region)
        query = select(place, func.count()).select_from(live_questions.outerjoin(rooms, same))
        return await self._counts(
            query.where(*automatic(self._organization), period.holds(c.answered_at)), place
        )

    async def waiting(self, code: str) -> ByRegion:
        """How many cases of a code wait."""
        c = review_cases.c
        own = c.organization_id == self._organization, c.state == CaseState.WAITING
        query = select(c.region, func.count()).where(*own, c.code == code)
        return await self._counts(query, c.region)

    async def drafts(self, outcome_ids: Collection[str]) -> Mapping[str, tuple[float, Draft]]:
        """Confidence and draft of some outcomes."""
        rows = await self._in(
            select(outcomes.c.id, outcomes.c.confidence, outcomes.c.draft).where(self._own()),
            outcomes.c.id,
            sorted(set(outcome_ids)),
        )
        return {row.id: (row.confidence, from_json(Draft, row.draft)) for row in rows}

    async def _outcomes(self, ids: Sequence[str]) -> Mapping[str, AnyRow]:
        query = select(outcomes.c.id, outcomes.c.route, outcomes.c.confidence).where(self._own())
        return {row.id: row for row in await self._in(query, outcomes.c.id, sorted(set(ids)))}

    def _own(self) -> ColumnElement[bool]:
        return outcomes.c.organization_id == self._organization

    def _cases(self) -> AnyQuery:
        c = review_cases.c
        query = select(c.id, c.code, c.region, live_questions.c.outcome_id)
        joined = query.outerjoin(live_questions, live_questions.c.id == c.question_id)
        return joined.where(c.organization_id == self._organization)

    async def _in(
        self, query: AnyQuery, column: ColumnElement[Any], ids: Sequence[str]
    ) -> list[AnyRow]:
        found: list[AnyRow] = []
        async with self._database.read() as connection:
            for part in parts(ids):
                found += (await connection.execute(query.where(column.in_(part)))).all()
        return found

    async def _rows(self, query: AnyQuery) -> Sequence[AnyRow]:
        async with self._database.read() as connection:
            return (await connection.execute(query)).all()

    async def _counts(self, query: AnyQuery, place: ColumnElement[Any]) -> ByRegion:
        return {row[0]: int(row[1]) for row in await self._rows(query.group_by(place))}


def _seen(row: AnyRow) -> dict[str, Any]:
    seen = json.loads(row.seen)
    return seen if isinstance(seen, dict) else {}


def _outcome_id(found: tuple[AnyRow, AnyRow | None]) -> str | None:
    """The outcome that was looked at; of a resolution that tells none, the question's."""
    row, case = found
    outcome: str | None = _seen(row).get("outcome") or (case.outcome_id if case else None)
    return outcome


def _judged(row: AnyRow, case: AnyRow | None, outcome: AnyRow | None) -> Judged:
    seen, kind = _seen(row), ResolutionKind(row.kind)
    route = Route(outcome.route) if outcome else None
    draft = seen.get("draft")
    asked = kind is ResolutionKind.ASK_BACK and route is Route.CLARIFY and row.text == draft
    return Judged(
        kind=kind,
        code=case.code if case else "",
        actor=row.actor,
        actor_name=row.actor_name,
        sent_at=row.sent_at,
        took_ms=row.took_ms,
        had_draft=bool(draft) if draft is not None else route not in (None, Route.NONE),
        unchanged=kind is ResolutionKind.APPROVE or asked,
        outcome_id=outcome.id if outcome else None,
        route=route,
        confidence=outcome.confidence if outcome else None,
        region=case.region if case else None,
    )
