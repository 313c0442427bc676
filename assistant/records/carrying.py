"""What the desk has settled and no room has said yet; what was withdrawn and no room has stopped.

Read by every process a few times a second, written only where no room could do it.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select, update

from assistant.domain.live import Comment, LiveQuestion, QuestionState, RoomState
from assistant.domain.review import WITHDRAWN, CaseState, DeskCase, Resolution, ResolutionKind
from assistant.records.database import AnyQuery, AnyRow, Database
from assistant.records.live_rows import COMMENTS, QUESTIONS, RESOLUTIONS
from assistant.records.review_groups import CASES
from assistant.records.schema_live import (
    comments,
    decisions,
    live_questions,
    reply_addresses,
    review_cases,
    rooms,
)
from assistant.records.schema_review import review_resolutions

FINAL = (CaseState.RESOLVED.value, CaseState.HANDED.value)
OPEN = (CaseState.WAITING.value, CaseState.SENDING.value)
ON_AIR = (RoomState.OPEN, RoomState.PAUSED, RoomState.TAKEN_OVER, RoomState.CLOSING)
MOST = 200
ASKERS = 2000
"""Comments of one question that are looked at."""


@dataclass(frozen=True, slots=True)
class Due:
    """The cases of one resolution in one room."""

    resolution: Resolution
    room_id: str
    cases: tuple[DeskCase, ...]


@dataclass(frozen=True, slots=True)
class Stranded:
    """A case that no room will say, and the word for why."""

    case_id: str
    how: str


class CarryRecords:
    """What is on its way between the desk and the rooms of one organisation."""

    def __init__(self, database: Database, organization: str) -> None:
        self._database = database
        self._organization = organization

    async def due(self, room_ids: Collection[str]) -> list[Due]:
        """What is final and not said in some rooms, oldest first."""
        return await self._due(review_cases.c.room_id.in_(room_ids)) if room_ids else []

    async def confirmed(self) -> list[Due]:
        """Withdrawn answers that were right after all, in whichever room."""
        confirms = review_resolutions.c.kind == ResolutionKind.CONFIRM
        return await self._due(confirms, review_cases.c.code == WITHDRAWN)

    async def stranded(self, silent: Collection[str], before: datetime) -> list[Stranded]:
        """What no room will ever say: cases with a `silent` code, without a question or a room.

        Of rooms off air also what was asked `before` a moment: nobody can be reached any more.
        """
        case, room = review_cases.c, rooms.c
        gone, off_air = room.id.is_(None), room.state.not_in(ON_AIR)
        nothing = or_(case.code.in_(silent), live_questions.c.id.is_(None))
        of_room = (room.organization_id == case.organization_id) & (room.id == case.room_id)
        query = (
            select(case.id, gone, nothing)
            .join(review_resolutions, review_resolutions.c.id == case.resolution_id)
            .outerjoin(rooms, of_room)
            .outerjoin(live_questions, live_questions.c.id == case.question_id)
            .where(*self._unsaid())
            .where(or_(gone, nothing, off_air & (case.made_at < before)))
            .order_by(case.id)
            .limit(MOST)
        )
        rows = await self._rows(query)
        return [Stranded(id_, _how(bool(lost), bool(none))) for id_, lost, none in rows]

    async def _due(self, *where: ColumnElement[bool]) -> list[Due]:
        of_case, made = review_cases.c, review_resolutions.c
        query = (
            select(*CASES.columns, *RESOLUTIONS.columns)
            .join(review_resolutions, made.id == of_case.resolution_id)
            .where(*self._unsaid(), *where)
            .order_by(made.sent_at, made.id, of_case.id)
            .limit(MOST)
        )
        found: defaultdict[tuple[str, str], list[DeskCase]] = defaultdict(list)
        resolutions: dict[str, Resolution] = {}
        width = len(CASES.names)
        for row in await self._rows(query):
            case, resolution = CASES.value(row[:width]), RESOLUTIONS.value(row[width:])
            resolutions[resolution.id] = resolution
            found[resolution.id, case.room_id].append(case)
        return [Due(resolutions[id_], room, tuple(each)) for (id_, room), each in found.items()]

    def _unsaid(self) -> tuple[ColumnElement[bool], ...]:
        case = review_cases.c
        own = case.organization_id == self._organization
        final = case.state.in_(FINAL), review_resolutions.c.sent_at.is_not(None)
        return own, *final, case.settled_at.is_(None)

    async def to_stop(self) -> list[DeskCase]:
        """Cases of withdrawn answers whose questions still count as answered."""
        of_case, asked = review_cases.c, live_questions.c
        query = (
            select(*CASES.columns)
            .join(live_questions, asked.id == of_case.question_id)
            .where(of_case.organization_id == self._organization)
            .where(of_case.settled_at.is_(None), of_case.code == WITHDRAWN)
            .where(of_case.state.in_(OPEN), asked.state != QuestionState.IN_REVIEW)
            .order_by(of_case.id)
            .limit(MOST)
        )
        return [CASES.value(row) for row in await self._rows(query)]

    async def questions(self, ids: Collection[str]) -> Mapping[str, LiveQuestion]:
        """Questions by id; unknown ones are absent."""
        own = live_questions.c.organization_id == self._organization
        query = select(*QUESTIONS.columns).where(own, live_questions.c.id.in_(ids))
        return {row[0]: QUESTIONS.value(row) for row in await self._rows(query)}

    async def askers(self, question_id: str) -> list[tuple[Comment, bool]]:
        """The comments that asked a question, oldest first; whether their address is there."""
        has = exists().where(
            reply_addresses.c.organization_id == self._organization,
            reply_addresses.c.comment_id == comments.c.id,
        )
        query = (
            select(*COMMENTS.columns, has)
            .join_from(decisions, comments, decisions.c.comment_id == comments.c.id)
            .where(decisions.c.organization_id == self._organization)
            .where(decisions.c.question_id == question_id)
            .order_by(comments.c.id)
            .limit(ASKERS)
        )
        rows = await self._rows(query)
        return [(COMMENTS.value(row[:-1]), bool(row[-1])) for row in rows]

    async def give_up(self, case_ids: Collection[str], how: str, at: datetime) -> None:
        """Settle what is not said, with the word for why."""
        own = review_cases.c.organization_id == self._organization
        open_ = review_cases.c.settled_at.is_(None)
        which = own & open_ & review_cases.c.id.in_(case_ids)
        async with self._database.write() as connection:
            settled = update(review_cases).where(which)
            await connection.execute(settled.values(settled_at=at, settled_how=how))

    async def wait_again(self, question_ids: Collection[str]) -> None:
        """Questions of a session that is over wait for the correction of their answer."""
        own: ColumnElement[bool] = live_questions.c.organization_id == self._organization
        which = own & live_questions.c.id.in_(question_ids)
        async with self._database.write() as connection:
            waiting = update(live_questions).where(which)
            await connection.execute(waiting.values(state=QuestionState.IN_REVIEW))

    async def _rows(self, query: AnyQuery) -> Sequence[AnyRow]:
        async with self._database.read() as connection:
            return (await connection.execute(query)).all()


def _how(lost: bool, nothing: bool) -> str:
    if nothing:
        return "done"
    return "room_gone" if lost else "too_old"
