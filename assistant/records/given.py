"""What viewers were told, and by whom: read before an answer is taken back."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select

from assistant.domain.live import LiveQuestion, QuestionState, Room
from assistant.domain.review import SAID, Resolution
from assistant.records.database import AnyQuery, AnyRow, Database
from assistant.records.live_rows import QUESTIONS, RESOLUTIONS, ROOMS
from assistant.records.schema_live import (
    cues,
    live_questions,
    live_sessions,
    review_cases,
    rooms,
)
from assistant.records.schema_review import review_resolutions

_GIVEN = (QuestionState.ANSWERED.value, QuestionState.CLARIFIED.value)


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that viewers have.

    `alike` are other questions with the same words as an answer, in the same stream or in one that
    runs now. `resolutions` are what people decided about it, the newest first; `actor` said it.
    """

    question: LiveQuestion
    room: Room | None
    alike: tuple[LiveQuestion, ...]
    resolutions: tuple[Resolution, ...]
    actor: str

    @property
    def region(self) -> str | None:
        """Where it was given."""
        return self.question.region or (self.room.region if self.room else None)


class GivenAnswers:
    """The answers of one organisation, as given."""

    def __init__(self, database: Database, organization: str) -> None:
        self._database = database
        self._organization = organization

    async def of(self, question_id: str) -> Given | None:
        """What a question was answered; None for an unknown question."""
        c = live_questions.c
        found = await self._questions(c.id == question_id)
        if not found:
            return None
        question = found[0]
        running = select(live_sessions.c.id).where(
            live_sessions.c.organization_id == self._organization,
            live_sessions.c.closed_at.is_(None),
        )
        here = or_(c.session_id == question.session_id, c.session_id.in_(running))
        same = c.answer == question.answer, c.state.in_(_GIVEN), c.id != question.id
        return Given(
            question,
            await self._room(question.room_id),
            tuple(await self._questions(here, *same)),
            await self._resolutions(question_id),
            await self._actor(question_id),
        )

    async def _questions(self, *where: ColumnElement[bool]) -> list[LiveQuestion]:
        own = live_questions.c.organization_id == self._organization
        query = select(*QUESTIONS.columns).where(own, *where).order_by(live_questions.c.id)
        return [QUESTIONS.value(row) for row in await self._rows(query)]

    async def _room(self, room_id: str) -> Room | None:
        own = rooms.c.organization_id == self._organization, rooms.c.id == room_id
        found = await self._rows(select(*ROOMS.columns).where(*own))
        return ROOMS.value(found[0]) if found else None

    async def _resolutions(self, question_id: str) -> tuple[Resolution, ...]:
        made, case = review_resolutions.c, review_cases.c
        query = (
            select(*RESOLUTIONS.columns)
            .join(review_cases, case.resolution_id == made.id)
            .where(made.organization_id == self._organization, case.question_id == question_id)
            .where(made.kind.in_([kind.value for kind in SAID]), made.sent_at.is_not(None))
            .order_by(made.sent_at.desc(), made.id.desc())
        )
        return tuple(RESOLUTIONS.value(row) for row in await self._rows(query))

    async def _actor(self, question_id: str) -> str:
        """Who said it in the room; "" where nobody did."""
        c = cues.c
        own = c.organization_id == self._organization, c.question_id == question_id
        said = select(c.actor).where(*own, c.actor.is_not(None))
        rows = await self._rows(said.order_by(c.id.desc()).limit(1))
        return str(rows[0][0]) if rows else ""

    async def _rows(self, query: AnyQuery) -> Sequence[AnyRow]:
        async with self._database.read() as connection:
            return (await connection.execute(query)).all()
