"""What keeps the desk's time, over a `ReviewOffice`: reception, escalation, and who was told."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from assistant.access.accounts import Account, Role
from assistant.domain.live import LiveQuestion, LiveSession, QuestionState, ReviewCase
from assistant.domain.live_commit import Commit
from assistant.domain.review import DeskCase
from assistant.errors import Unavailable
from assistant.records.calendar import CalendarRecords
from assistant.records.escalations import EscalationRecords
from assistant.records.reception import ReceptionRecords
from assistant.review.calendar import OfficeCalendar
from assistant.review.deadlines import Deadlines, read_deadlines
from assistant.review.escalation import Escalating, Escalation, Notice
from assistant.review.likeness import OpenCases
from assistant.review.reception import Reception
from assistant.review.rights import Rights
from tests.support.review_office import (
    FAR,
    LI,
    NEAR,
    OFFICE,
    OPERATOR,
    OUTSOURCED,
    REGIONS,
    ROOM,
    SESSION,
    SUN,
    ReviewOffice,
    reviewer,
)

HEAD = reviewer(9, roles=frozenset({Role.ADMINISTRATOR}))
STAFF = (SUN, LI, OUTSOURCED, FAR, NEAR, OPERATOR, HEAD)


@dataclass(frozen=True)
class Found:
    question_id: str


class SameWords:
    """A `SameQuestion`: the same text is the same question."""

    def __init__(self) -> None:
        self.known: dict[str, str] = {}

    def find(self, text: str, region: str | None = None) -> Found | None:
        same = [one for one, words in self.known.items() if words == text]
        return Found(same[0]) if same else None

    def add(self, question_id: str, text: str, region: str | None = None) -> None:
        self.known[question_id] = text

    def forget(self, question_ids: Any) -> None:
        for one in question_ids:
            self.known.pop(one, None)


@dataclass
class Times:
    """One process's chores, of an office that opens at eight. `staff`, `deaf` can be changed."""

    office: ReviewOffice
    deadlines: Deadlines = field(default_factory=lambda: read_deadlines({"office_begin": "08:00"}))
    staff: Sequence[Account] = STAFF
    deaf: bool = False
    told: list[Notice] = field(default_factory=list)

    def __post_init__(self) -> None:
        office, records = self.office, ReceptionRecords(self.office.database, OFFICE)
        days = CalendarRecords(office.database, OFFICE, office.clock, office.audit)
        self.calendar = OfficeCalendar(days, self.deadlines.in_workdays)
        self.reception = Reception(
            records, self.calendar, self.deadlines, OpenCases(records, SameWords), office.clock
        )
        self.escalation = Escalation(
            Escalating(
                EscalationRecords(office.database, OFFICE, office.audit), self.calendar,
                self.deadlines, self._staff, Rights(REGIONS), self._tell, office.clock,
            )
        )  # fmt: skip

    async def _staff(self) -> Sequence[Account]:
        return self.staff

    async def _tell(self, notice: Notice) -> None:
        if self.deaf:
            raise Unavailable("没有送达")
        self.told.append(notice)

    async def open(self, number: int, text: str = "", **changes: Any) -> str:
        """The room opens a case of a question; its id."""
        made = self.office.clock()
        question = LiveQuestion(
            f"q{number:05d}", ROOM, changes.pop("session", SESSION), text or f"第{number}问", made,
            QuestionState.IN_REVIEW, region=changes.pop("region", None),
        )  # fmt: skip
        code = changes.pop("code", "no_source")
        case = ReviewCase(
            f"k{number:05d}", ROOM, question.session_id, question.id, code, "", made, **changes
        )
        await self.office.commit(Commit(questions=[question], cases=[case]))
        return case.id

    async def received(self, number: int, text: str = "", **changes: Any) -> DeskCase:
        """A case that was opened and received."""
        case_id = await self.open(number, text, **changes)
        await self.receive()
        return await self.office.case(case_id)

    async def receive(self) -> None:
        while await self.reception.receive():
            pass

    async def pass_by(self, **by: float) -> list[Notice]:
        """So much later, after all chores: what was told meanwhile."""
        before = len(self.told)
        self.office.clock.advance(**by)
        await self.reception.move()
        while await self.escalation.run():
            pass
        return self.told[before:]

    async def off_air(self) -> None:
        await self.office.live.close_session(SESSION, self.office.clock())

    async def on_air(self, session_id: str) -> None:
        await self.office.live.open_session(LiveSession(session_id, ROOM, self.office.clock()))


MINUTE = timedelta(minutes=1)
